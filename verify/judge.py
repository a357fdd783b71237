"""From findings to verdicts: pure functions, small enough to be read in one sitting.

``unknown`` is what remains when nothing better can be said; ``proved`` needs every one of its conditions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.proof.verdicts import Discharge, SecondOpinion, Verdict
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.run import Run


class ToolFault(RuntimeError):
    """Two parts of the toolkit contradict each other; no verdict of this run can be trusted."""


@dataclass(frozen=True)
class Findings:
    """All that is known about one property before it is judged.

    ``footing_is_proved`` says whether all obligations of the lemmas in its closure and of the checks of the system
    were discharged: only then does a run that breaks a discharged property contradict the proof. ``broken_by_witness``
    says that the running machine breaks the property in the very run that is its witness. ``otherwise`` is what may be
    said of a property that induction leaves open and that no other engine decides, if any was asked.
    """

    discharge: Discharge
    footing_is_proved: bool
    witness: Run | None
    counterexample: Counterexample | None
    true_of_any_system: bool
    situation_is_impossible: bool
    broken_by_witness: bool = False
    otherwise: "Judgement | None" = None


@dataclass(frozen=True)
class Judgement:
    """A verdict and, unless it is ``proved``, the reason in words."""

    verdict: Verdict
    reason: str = ""


PROVED = Judgement(Verdict.PROVED)


def with_second_opinion(discharge: Discharge, opinion: SecondOpinion) -> Discharge:
    """What remains discharged when a second solver was asked, too: what it can not decide is open again.

    Raises:
        ToolFault: the second solver refutes what the first one discharged.
    """
    if opinion.refuted:
        raise ToolFault(f"{opinion.solver} refutes what the first solver discharged: {opinion.refuted[0]}")
    return replace(discharge, failures=(*discharge.failures, *opinion.undecided))


def judge_property(known: Property, findings: Findings) -> Judgement:
    """The verdict on a property by itself, before asking what it rests on.

    Raises:
        ToolFault: a run breaks a property all of whose obligations, and all that they rest on, were discharged.
    """
    discharge = findings.discharge
    if findings.broken_by_witness and discharge.proved and findings.footing_is_proved:
        raise ToolFault(f"{known.id} was proved, yet the run that is its witness breaks it")
    if findings.counterexample is not None:
        if discharge.proved and findings.footing_is_proved:
            raise ToolFault(f"{known.id} was proved, yet a run of the machine breaks it")
        return Judgement(Verdict.REFUTED, f"a run of {_events(len(findings.counterexample.run))} breaks it")
    if discharge.failures:
        return findings.otherwise or _undecided(discharge)
    if not discharge.proved:
        missing = discharge.requested - discharge.tally.total
        return Judgement(
            Verdict.ERROR, f"{missing} of {discharge.requested} obligations are not accounted for"
        )
    if findings.true_of_any_system:
        return Judgement(Verdict.VACUOUS, "it is true of any system")
    if findings.situation_is_impossible:
        return Judgement(Verdict.VACUOUS, "its situation never occurs")
    if findings.witness is None:
        return Judgement(Verdict.UNKNOWN, "no run was found that reaches its situation")
    return PROVED


def judge_check(discharge: Discharge, raised: Sequence[str], *, code_is_proved: bool) -> Judgement:
    """The verdict on a check of the system; ``raised`` are steps that the running machine did not define.

    Formulas speak of the running code only where no function raises, so a run contradicts a proof only then.

    Raises:
        ToolFault: the running machine shows to fail what was proved.
    """
    if raised and discharge.proved and code_is_proved:
        raise ToolFault(
            f"the check {discharge.subject} was proved, yet the running machine shows: {raised[0]}"
        )
    if raised:
        return Judgement(Verdict.REFUTED, f"a run of the machine ends in {', '.join(raised)}")
    if discharge.failures:
        return _undecided(discharge)
    return PROVED if discharge.proved else Judgement(Verdict.ERROR, "not every obligation is accounted for")


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _undecided(discharge: Discharge) -> Judgement:
    first = discharge.failures[0]
    open_count = (
        f"{len(discharge.failures)} of {discharge.requested} obligations open, first: {first.obligation}"
    )
    if any(failure.situation is not None for failure in discharge.failures):
        return Judgement(
            Verdict.UNKNOWN,
            f"counterexample to induction, no run from the initial state found: a lemma may be missing; {open_count}",
        )
    if all("resource" in failure.reason or "canceled" in failure.reason for failure in discharge.failures):
        return Judgement(Verdict.TIMEOUT, f"the solver's budget ran out; {open_count}")
    return Judgement(Verdict.UNKNOWN, f"the solver does not know ({first.reason}); {open_count}")


def rests_on(known: Property, properties: Mapping[str, Property]) -> tuple[str, ...]:
    """Ids of all lemmas in the closure of what a property uses, sorted; without the property itself."""
    reached: set[str] = set()
    pending = list(known.uses)
    while pending:
        identifier = pending.pop()
        if identifier not in reached:
            reached.add(identifier)
            pending.extend(properties[identifier].uses)
    return tuple(sorted(reached - {known.id}))


def upheld(properties: Iterable[Property], discharges: Mapping[str, Discharge]) -> frozenset[str]:
    """Ids of the properties that are discharged together with every lemma in the closure of what they use."""
    known = {one.id: one for one in properties}
    return frozenset(
        one.id
        for one in known.values()
        if all(name in discharges and discharges[name].proved for name in (one.id, *rests_on(one, known)))
    )


def judge_closure(
    judgements: Mapping[str, Judgement],
    foundations: Mapping[str, tuple[str, ...]],
    checks: Mapping[str, Judgement],
) -> dict[str, Judgement]:
    """Take back each ``proved`` that rests on a lemma or on a check of the system that is not itself proved."""
    unsound = [f"{name}: {check.verdict.value}" for name, check in checks.items() if check != PROVED]
    final: dict[str, Judgement] = {}
    for identifier, judgement in judgements.items():
        weak = [
            f"{lemma}: {judgements[lemma].verdict.value}"
            for lemma in foundations[identifier]
            if judgements[lemma] != PROVED
        ]
        shaken = judgement == PROVED and bool(weak or unsound)
        reason = f"rests on {', '.join(weak + unsound)}"
        final[identifier] = Judgement(Verdict.UNKNOWN, reason) if shaken else judgement
    return final
