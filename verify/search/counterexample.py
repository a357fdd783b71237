"""From a failed obligation to a run of the machine that breaks the property, if one can be found."""

from typing import Any

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Situation
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.guided import Exploration, Goals, explore

GUIDED = "guided search"


def find_counterexample(
    symbolic: SymbolicSystem, known: Property, situation: Situation | None, exploration: Exploration
) -> Counterexample | None:
    """A replayed run that breaks the property, or None: then nothing is known, least of all that there is none."""
    if known.id in exploration.violations:
        return _found(known, exploration)
    for limits in _limits_to_try(symbolic, situation):
        found = explore(symbolic, limits, Goals(violations=(known.id,)))
        if known.id in found.violations:
            return _found(known, found)
    return None


def _found(known: Property, exploration: Exploration) -> Counterexample:
    run, openings = exploration.violations[known.id], exploration.openings.get(known.id, ())
    return Counterexample(run, shortest=False, found_by=GUIDED, openings=openings)


def _limits_to_try(symbolic: SymbolicSystem, situation: Situation | None) -> tuple[Any, ...]:
    if situation is None:
        return ()
    valid = all(condition.holds(situation.limits) for condition in symbolic.system.conditions)
    return (situation.limits,) if valid else ()
