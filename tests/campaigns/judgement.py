"""What became of a mutant, and the report of a campaign: pure functions of what its trials found."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from pumpproof.spec.kernel.properties import Role
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.logic.values import RecordValue, known
from pumpproof.verify.proof.obligations import CODE, TABLE
from pumpproof.verify.proof.symbolic import Arrow, Outcome, SymbolicSystem
from tests.campaigns.mutations import Mutant
from tests.campaigns.trial import Finding


class Fate(Enum):
    """What became of a mutant; of several that fit, the first counts."""

    KILLED = "killed: a run breaks a requirement's property"
    REJECTED = "rejected: cannot be built or read"
    ACCEPTANCE = "killed by an acceptance property only"
    TABLE = "killed by a check of the table or code"
    VACUOUS = "killed as vacuous"
    LEMMA = "killed by a lemma only"
    UNDECIDED = "undecided: unproved, but no run was found"
    UNREACHED = "proved, but a row or situation was not reached"
    SURVIVED = "survived: everything proved"
    FAULT = "fault of the tool"

    @property
    def is_gap(self) -> bool:
        """Nothing noticed the mutant for certain."""
        return self in (Fate.UNDECIDED, Fate.UNREACHED, Fate.SURVIVED, Fate.FAULT)


@dataclass(frozen=True)
class Result:
    """What became of a mutant, and by which properties, checks or rows."""

    mutant: Mutant
    fate: Fate
    by: tuple[str, ...]
    reason: str
    seconds: float


def judge(
    mutant: Mutant, system: System, baseline: Finding, finding: Finding, seconds: float = 0.0
) -> Result:
    """Decide what became of a mutant. What was not proved of the unchanged system kills nothing."""
    fate, by, reason = _fate(system, baseline, finding)
    return Result(mutant, fate, tuple(by), reason, seconds)


def _fate(system: System, baseline: Finding, finding: Finding) -> tuple[Fate, list[str], str]:
    if finding.fault:
        return Fate.FAULT, [], finding.fault.strip().splitlines()[-1]
    if finding.rejected:
        return Fate.REJECTED, [], finding.rejected
    proved = set(baseline.proved)
    roles = {claim.id: claim.role for claim in system.properties}
    broken = {role: [i for i in finding.refuted if i in proved and roles[i] is role] for role in Role}
    opened = [name for name in finding.open if name in proved]
    silent = [name for name in baseline.proved if name not in finding.proved]
    unreached = [name for name in finding.unreached if name not in baseline.unreached]
    candidates = (
        (Fate.KILLED, broken[Role.SAFETY]),
        (Fate.ACCEPTANCE, broken[Role.ACCEPTANCE]),
        (Fate.TABLE, [name for name in opened if name in (TABLE, CODE)]),
        (Fate.VACUOUS, [name for name in finding.vacuous if name in proved]),
        (Fate.LEMMA, broken[Role.LEMMA]),
        (Fate.UNDECIDED, opened),
        (Fate.UNREACHED, unreached + silent),
    )
    for fate, by in candidates:
        if by:
            return fate, by, finding.reasons.get(by[0], "")
    return Fate.SURVIVED, [], ""


def sensitive_rows(system: System) -> dict[str, tuple[str, ...]]:
    """For each row what it writes of outputs, holds and alarms; rows that write none of them are left out.

    Holds and alarms are the state's fields whose names end so. A refusal does not count as an output.
    """
    symbolic = SymbolicSystem(system)
    watched = [
        item.name
        for item in fields(system.state)
        if item.name.endswith(("_hold", "_holds", "_alarm", "_alarms"))
    ]
    found: dict[str, tuple[str, ...]] = {}
    for arrow in symbolic.arrows:
        if arrow.outcome in (Outcome.TAKEN, Outcome.ACCEPTED):
            written = (*_outputs_of(arrow, symbolic), *_changed(arrow, symbolic, watched))
            if written:
                found[arrow.entry.id] = written
    return found


def _outputs_of(arrow: Arrow, symbolic: SymbolicSystem) -> Iterator[str]:
    empty = known(symbolic.outputs_type, symbolic.system.outputs())
    assert isinstance(empty, RecordValue)
    for name, value in arrow.outputs.fields.items():
        if name != "refusal" and value is not empty.fields[name]:
            yield name


def _changed(arrow: Arrow, symbolic: SymbolicSystem, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        if arrow.after.fields[name] is not symbolic.before.fields[name]:
            yield name


def marks(mutant: Mutant, sensitive: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the rows of a mutant write of outputs, holds and alarms."""
    return tuple(dict.fromkeys(name for row in mutant.rows for name in sensitive.get(row, ())))


def report(results: Sequence[Result], sensitive: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The table of counts and the list of every mutant that nothing noticed for certain, as lines of text."""
    plain = [result for result in results if not result.mutant.kind.extra]
    extra = [result for result in results if result.mutant.kind.extra]
    width = max(len(fate.value) for fate in Fate)
    yield f"{'':{width}}  mutants    extra"
    for fate in Fate:
        counts = [sum(result.fate is fate for result in group) for group in (plain, extra)]
        if any(counts):
            yield f"{fate.value:{width}}  {counts[0]:7}  {counts[1]:7}"
    yield f"{'all':{width}}  {len(plain):7}  {len(extra):7}"
    for fate in (fate for fate in Fate if fate.is_gap):
        of_fate = [result for result in results if result.fate is fate]
        if of_fate:
            yield ""
            yield f"{fate.value} ({len(of_fate)})"
        for result in of_fate:
            yield from _described(result, sensitive)


def _described(result: Result, sensitive: dict[str, tuple[str, ...]]) -> Iterator[str]:
    mutant = result.mutant
    mark = "!" if marks(mutant, sensitive) else " "
    extra = " (extra)" if mutant.kind.extra else ""
    yield f"{mark} {mutant.path.name}:{mutant.line} {mutant.owner}: {mutant.kind.value}{extra}"
    yield f"      {mutant.difference}"
    if result.by:
        yield f"      by {', '.join(result.by)}"
    if result.reason:
        yield f"      {result.reason}"


def as_data(results: Sequence[Result], sensitive: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The results as JSON values; times are left out, so that equal campaigns give equal files."""
    return [
        {
            "file": result.mutant.path.name,
            "line": result.mutant.line,
            "owner": result.mutant.owner,
            "kind": result.mutant.kind.value,
            "extra": result.mutant.kind.extra,
            "difference": result.mutant.difference,
            "rows": list(result.mutant.rows),
            "writes": list(marks(result.mutant, sensitive)),
            "fate": result.fate.name.lower(),
            "by": list(result.by),
            "reason": result.reason,
        }
        for result in results
    ]
