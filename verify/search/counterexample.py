"""From a failed obligation to a run of the machine that breaks the property, if one can be found."""

from collections.abc import Iterator
from typing import Any

from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Situation
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.bounded import search_bounded, violation_of
from pumpproof.verify.search.confirm import Confirmed, confirm
from pumpproof.verify.search.exercises import broken_in_exercise
from pumpproof.verify.search.guided import Exploration, Goals, explore
from pumpproof.verify.search.limits import NoValidLimits, some_valid_limits
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import VIOLATION, Found, Shortener
from pumpproof.verify.search.stepper import Specification, Stepper

BOUNDED = "bounded search"
GUIDED = "guided search"
KNOWN_RUN = "a run that was already known"
EXERCISE = "an exercise of the system"

STEPS = 20_000
"""Budget of guided search for one property and one valuation of the limits, in steps of the table."""

_DEPTH = 8
_STEPS_TO_SHORTEN = 60_000


def find_counterexample(
    symbolic: SymbolicSystem,
    known: Property,
    situation: Situation | None,
    exploration: Exploration,
    *,
    steps: int = STEPS,
) -> Counterexample | None:
    """A replayed run that breaks the property, or None: then nothing is known, least of all that there is none.

    A bounded search comes first, because what it finds is known to be shortest; then the runs of ``exploration``;
    then, with the limits of ``situation``, with those of the exploration, and with small ones, the exercises of the
    system and a guided search.

    Raises:
        ReplayMismatch: the running machine does not do what a formula or a search says.
    """
    found = search_bounded(symbolic, violation_of(known), depth=_DEPTH)
    if found is not None:
        return Counterexample(found.run, found.shortest, BOUNDED, found.openings)
    if known.id in exploration.violations:
        return _guided(known, exploration)
    runs = tuple(dict.fromkeys(exploration.reached.values()))
    among_known = _broken_by(symbolic.system, known, runs)
    if among_known is not None:
        return Counterexample(
            among_known.run, shortest=False, found_by=KNOWN_RUN, openings=among_known.openings
        )
    for limits in _limits_to_try(symbolic, situation, runs):
        exercised = _broken_in_exercise(symbolic.system, known, limits)
        if exercised is not None:
            return Counterexample(
                exercised.run, shortest=False, found_by=EXERCISE, openings=exercised.openings
            )
        searched = explore(symbolic, limits, Goals(violations=(known.id,)), steps=steps)
        if known.id in searched.violations:
            return _guided(known, searched)
    return None


def _broken_in_exercise(system: System, known: Property, limits: Any) -> Confirmed | None:
    """A run of an exercise that breaks the property, shortened."""
    found = broken_in_exercise(system, known, limits)
    if found is None:
        return None
    shortener = Shortener(Stepper(system, limits), Specification(system, limits), _STEPS_TO_SHORTEN)
    return confirm(system, limits, [shortener.shorten(found, _STEPS_TO_SHORTEN)])[0]


def _guided(known: Property, exploration: Exploration) -> Counterexample:
    run, openings = exploration.violations[known.id], exploration.openings_of_violations.get(known.id, ())
    return Counterexample(run, shortest=False, found_by=GUIDED, openings=openings)


def _broken_by(system: System, known: Property, runs: tuple[Run, ...]) -> Confirmed | None:
    """The first of these runs that breaks the property, up to the step that does, and shortened."""
    for limits in dict.fromkeys(run.limits for run in runs):
        shortener = Shortener(Stepper(system, limits), Specification(system, limits), STEPS)
        for run in runs:
            if run.limits != limits:
                continue
            script = tuple(Stretch(event, count) for event, count in run.parts)
            cut = shortener.up_to_goal(VIOLATION, known.id, script)
            if cut is not None:
                shorter = shortener.shorten(Found(VIOLATION, known.id, cut), STEPS)
                return confirm(system, limits, [shorter])[0]
    return None


def _limits_to_try(
    symbolic: SymbolicSystem, situation: Situation | None, runs: tuple[Run, ...]
) -> Iterator[Any]:
    """Valid limits, each once: those of the situation, those of known runs, small ones."""
    tried: list[Any] = []
    if situation is not None and all(one.holds(situation.limits) for one in symbolic.system.conditions):
        tried.append(situation.limits)
        yield situation.limits
    for limits in dict.fromkeys(run.limits for run in runs):
        if limits not in tried:
            tried.append(limits)
            yield limits
    try:
        small = some_valid_limits(symbolic)
    except NoValidLimits:
        return  # Then nothing can be run at all; the proofs say that their hypotheses contradict each other.
    if small not in tried:
        yield small
