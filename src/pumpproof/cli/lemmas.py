"""``pumpproof verify --find-lemmas``: for each property that is not decided, lemmas as text that can be pasted."""

import sys

from pumpproof.verify.engines.engine import Budget
from pumpproof.verify.engines.lemmas import NoProposal, Proposal, find_lemmas
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification

_UNDECIDED = (Verdict.UNKNOWN, Verdict.TIMEOUT, Verdict.PROVED_BOUNDED)


def propose_lemmas(verification: Verification, budget: Budget) -> None:
    """Print what was found for each property that is neither proved nor broken; the text is valid Python.

    Raises:
        ToolFault: a printed lemma does not say what was found.
    """
    undecided = [one.property for one in verification.properties if one.verdict in _UNDECIDED]
    lines = (
        [] if undecided else ["", "# No lemma is looked for: every property is proved, refuted or vacuous."]
    )
    given: set[str] = set()
    for known in undecided:
        lines += ["", f"# {known.id}: {known.says}"]
        found = find_lemmas(verification.system, known.id, budget, taken=given)
        match found:
            case Proposal():
                given.update(found.lemmas)
                lines += _proposal(found)
            case NoProposal():
                lines += ["# No lemma was found.", *(f"#   {reason}" for reason in found.reasons)]
    sys.stdout.write("\n".join(lines) + "\n")


def _proposal(found: Proposal) -> list[str]:
    uses = ", ".join(f'"{one}"' for one in found.uses)
    comma = "," if len(found.uses) == 1 else ""
    added = f"# and add to the system's properties {', '.join(found.lemmas)}." if found.lemmas else "#"
    return [
        f"# Found by {found.found_by} and proved by induction. Give the property the argument",
        f"#     uses=({uses}{comma})",
        added,
        *(["# The ids and sentences are placeholders of yours to replace."] if found.lemmas else []),
        *(["", found.text.rstrip()] if found.text else []),
    ]
