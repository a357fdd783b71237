"""One attempt: put a mutant into effect and find out what becomes of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pumpproof.spec.kernel.binding import BindingError
from pumpproof.spec.kernel.properties import Kind, Role
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.types import UnsupportedType
from pumpproof.verify.mutation.apply import Stillborn, applied
from pumpproof.verify.mutation.baseline import Baseline
from pumpproof.verify.mutation.fates import Fate, Outcome
from pumpproof.verify.mutation.hunt import Hunt
from pumpproof.verify.mutation.mutants import Mutant
from pumpproof.verify.mutation.proofs import Broken, Proofs
from pumpproof.verify.proof.obligations import CODE, TABLE
from pumpproof.verify.proof.symbolic import WrittenMode, WrittenRefusal

REFUSED = (Stillborn, OutsideSubset, UnsupportedType, BindingError, WrittenMode, WrittenRefusal)


def attempt(base: Baseline, mutant: Mutant) -> Outcome:
    """What becomes of a mutant. The strongest thing that is found counts; see ``Fate``.

    Known runs come first, because on them most mutants show; then the proof that it is the same machine; then the
    obligations that it touches, and a longer search only where one of them is lost.
    """
    phases = _Phases()
    writes: tuple[str, ...] = ()
    try:
        with applied(base.system, mutant) as (system, reader):
            with phases.measure("read"):
                proofs = Proofs(base, system, reader)
            writes = proofs.writes(mutant.rows)
            outcome = _judged(base, proofs, phases)
    except REFUSED as error:
        outcome = Outcome(Fate.STILLBORN, reason=f"{type(error).__name__}: {error}")
    return replace(outcome, writes=writes, seconds=phases.seconds)


def _judged(base: Baseline, proofs: Proofs, phases: "_Phases") -> Outcome:
    if proofs.nothing_changed:
        return Outcome(Fate.EQUIVALENT, reason="the formulas are the same")
    safety = [known.id for known in base.properties if known.role is Role.SAFETY]
    with phases.measure("known runs"):
        kill = Hunt(base, proofs, safety).on_known_runs()
    if kill is not None:
        return Outcome(Fate.KILLED, (kill.property_id,), events=len(kill.run))
    with phases.measure("equivalence"):
        same = proofs.is_equivalent()
    if same:
        return Outcome(
            Fate.EQUIVALENT, reason="every step from a state that satisfies the invariants is the same"
        )
    with phases.measure("prove"):
        broken = proofs.broken_properties()
        checks = proofs.broken_checks()
    roles = {known.id: known.role for known in base.properties}
    lost = {role: tuple(i for i in roles if i in broken.subjects and roles[i] is role) for role in Role}
    shaken = frozenset((*lost[Role.SAFETY], *lost[Role.LEMMA]))
    kept = [one.id for one in base.properties if one.kind is Kind.INVARIANT]
    kept = [
        identifier for identifier in kept if identifier not in {one.id for one in base.resting_on(shaken)}
    ]
    with phases.measure("search"):
        endangered = [known.id for known in base.resting_on(shaken) if known.role is Role.SAFETY]
        hunt = Hunt(base, proofs, sorted(endangered, key=lambda name: name not in lost[Role.SAFETY]))
        kill = None if not endangered else hunt.shortly() if checks.subjects else hunt.at_length(kept)
    if kill is not None:
        return Outcome(Fate.KILLED, (kill.property_id,), lost=lost[Role.SAFETY], events=len(kill.run))
    for fate, check in ((Fate.TABLE, TABLE), (Fate.CODE, CODE)):
        if check in checks.subjects:
            return Outcome(fate, (check,), lost=lost[Role.SAFETY])
    if lost[Role.ACCEPTANCE]:
        with phases.measure("search"):
            hunt = Hunt(base, proofs, lost[Role.ACCEPTANCE])
            kill = hunt.on_known_runs() or hunt.at_length(kept)
        if kill is not None:
            return Outcome(Fate.ACCEPTANCE, (kill.property_id,), lost=lost[Role.SAFETY], events=len(kill.run))
    if lost[Role.SAFETY]:
        return Outcome(Fate.PROOF_LOST, lost[Role.SAFETY], lost=lost[Role.SAFETY])
    for fate, by in ((Fate.ACCEPTANCE, lost[Role.ACCEPTANCE]), (Fate.LEMMA, lost[Role.LEMMA])):
        if by:
            return Outcome(fate, by, "no run found")
    return _unnoticed(proofs, broken, checks, same)


def _unnoticed(proofs: Proofs, broken: Broken, checks: Broken, same: bool | None) -> Outcome:
    """Nothing that was proved is lost: a row may be dead, or something be open, or the mutant survives."""
    if broken.undecided or checks.undecided:
        open_ = tuple(sorted(broken.undecided | checks.undecided))
        return Outcome(Fate.UNDECIDED, open_, "the solver's budget ran out")
    dead = proofs.dead_rows()
    if dead:
        return Outcome(Fate.DEAD, dead)
    return Outcome(Fate.SURVIVED, reason="" if same is False else "whether it is equivalent is open")


class _Phases:
    """Wall-clock seconds by phase; shown, never decided upon."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, phase: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[phase] = self.seconds.get(phase, 0.0) + time.perf_counter() - started
