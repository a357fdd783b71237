"""What stands beside a verdict: engines, cores, the strength of a proof, mutants, device profiles."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pumpproof.spec.kernel.parameters import PULSE, Condition, Parameter, Quantity
from pumpproof.spec.kernel.parameters import Role as DecidedBy
from pumpproof.spec.kernel.profiles import ConditionVerdict, Entry, Known, Profile, Unknown, check_profile
from pumpproof.spec.kernel.units import Rounding
from pumpproof.verify.engines.engine import Certificate, Proved
from pumpproof.verify.engines.portfolio import Attempt, strengthenings
from pumpproof.verify.logic.smt import Solver
from pumpproof.verify.logic.terms import TRUE, choose, equal, integer, less, variable
from pumpproof.verify.mutation.proofs import Change, Proofs
from pumpproof.verify.proof.cores import CoreSearch, SubjectCores
from pumpproof.verify.proof.needs import needs
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.parts import Parts
from pumpproof.verify.proof.verdicts import SecondOpinion
from pumpproof.verify.run import strength_of
from pumpproof.verify.selfcheck.systems import pump
from pumpproof.verify.selfcheck.tripwires.proofs import hard_question, symbolic


def engines() -> Iterator[str]:
    """What strengthens a property counts only if that property is proved."""
    name = pump.under_the_cap.id
    attempts = {name: Attempt((Proved("known", Certificate((TRUE,), ())),))}
    if strengthenings(attempts, ()):
        yield "what strengthens a property that is not proved"
    if list(strengthenings(attempts, (name,))) != [name]:
        yield "nothing: it forgets what strengthens a property"


def cores() -> Iterator[str]:
    """What a proof needs is known of its own goal only, and only where a core was found."""
    made = Obligations(symbolic())
    parts, search = Parts(made), CoreSearch(Parts(made))
    (asked, *_) = (
        parts.of(one) for one in made.of_property(pump.bolus_is_covered) if one.arrow and not one.unchanged
    )
    if search._key(asked) == search._key(replace(asked, goal=TRUE)):
        yield "the core of another goal"
    subjects = (*(one.id for one in pump.SYSTEM.properties), TABLE, CODE)
    found = {one: SubjectCores(one, 1, frozenset(), True, ()) for one in subjects}
    if needs(made, found).unneeded is None:
        yield "nothing: it does not say what no proof needs"
    if needs(made, found | {CODE: SubjectCores(CODE, 1, frozenset(), True, ("known",))}).unneeded is not None:
        yield "an element as unneeded although a core was not found"


def strengths() -> Iterator[str]:
    """The second solver stands behind a property only if it stands behind all that the property rests on."""
    name, lemmas = "INV-BOLUS-001", ("INV-BOLUS-101", "INV-BOLUS-102")
    everything = (name, *lemmas, TABLE, CODE)
    opinions = {one: SecondOpinion("known 1.0", 1, 0) for one in everything}
    if "known" not in strength_of(name, lemmas, opinions, "known 1.0"):
        yield "nothing: it does not name the second solver"
    for missing in everything:
        rest = {one: opinion for one, opinion in opinions.items() if one != missing}
        if "known" in strength_of(name, lemmas, rest, "known 1.0"):
            yield f"a proof without the second solver behind {missing}"


def equivalent_mutants() -> Iterator[str]:
    """A mutant is equivalent only if the solver decides that it is."""
    (arrow,) = (one for one in symbolic().arrows if one.name == "MDL-BOLUS-005")
    same = replace(arrow, guard=choose(hard_question(), arrow.guard, equal(arrow.guard, TRUE)))
    other = replace(arrow, guard=less(variable("x", "Int"), integer(0)))
    for solver, changed, expected in (
        (Solver(1), replace(arrow, guard=hard_question()), None),
        (Solver(5_000_000), same, True),
        (Solver(5_000_000), other, False),
    ):
        mutant: Any = SimpleNamespace(
            changes=(Change(arrow, changed),), initial_changed=False, base=SimpleNamespace(knowing=solver)
        )
        mutant._never = lambda term, mutant=mutant: Proofs._never(mutant, term)
        said = Proofs.is_equivalent(mutant)
        if said is not expected:
            yield f"a mutant as {said}, not {expected}"


def _is_slow(limits: Any) -> bool:
    return bool(limits.stroke_pulses * 60 <= limits.stroke_s)


_SPEED = Parameter(
    "speed", "Known.", "speed_mu_per_min", ("stroke_pulses", "stroke_s"), Quantity.SPEED, DecidedBy.DEVICE,
    Rounding.EXACT,
)  # fmt: skip


def profiles() -> Iterator[str]:
    """A condition that touches what nobody published is undecided."""
    entries = (Entry(PULSE, Unknown("known")), Entry(_SPEED, Known(1, "known")))
    profile = Profile("known", "Known", "tubed", Path("known.toml"), entries, SimpleNamespace)
    (said,) = check_profile(profile, (Condition("ASM-BOLUS-009", "Known.", _is_slow),))
    if said.verdict is not ConditionVerdict.UNKNOWN:
        yield f"a speed in pulses whose size is not published: {said.verdict.value}"


BESIDE = (engines, cores, strengths, equivalent_mutants, profiles)
