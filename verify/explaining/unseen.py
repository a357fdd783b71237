"""What is strange in a state that no run is known to reach: simple relations that hold in every state that was seen.

They are no lemmas, for nothing proves them; they are where to look for one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from itertools import combinations, permutations
from operator import eq, ge, le
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.results.values import plain_values, show
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper

MOST = 5
"""How many relations are named."""

MOST_STATES = 20_000
"""How many states are looked at, in the order of the runs."""


_FEWEST = 2
"""Of fewer states than these nothing is concluded."""


@dataclass(frozen=True)
class Unseen:
    """A relation that ``states`` different states of known runs satisfy, and what stands in this one instead."""

    relation: str
    here: str
    states: int


Situation = dict[str, Any]
"""Every scalar by the name it is shown with: fields of the state, of observers (``name.field``) and of the limits."""


def unseen(
    system: System, runs: Iterable[Run], limits: object, state: object, ghosts: Sequence[tuple[str, object]]
) -> tuple[Unseen, ...]:
    """The simplest relations that every seen state satisfies and this one does not; none if nothing was seen."""
    here = _scalars(state, limits, ghosts)
    seen = _seen(system, runs, here.keys())
    if not seen:
        return ()
    found: list[Unseen] = []
    told: set[str] = set()
    fixed = {f"limits.{name}" for name, _ in plain_values(limits)}
    for alike, where in _parts(here, seen):
        for names, relation, holds in _relations(here, alike, fixed):
            if told.isdisjoint(names) and not holds(here) and all(map(holds, alike)):
                shown = ", ".join(f"{name} = {show(here[name])}" for name in names)
                found.append(Unseen(f"{relation}{where}", shown, len(seen)))
                told.update(name for name in names if name not in fixed)
    return tuple(found[:MOST])


def _parts(here: Situation, seen: list[Situation]) -> Iterator[tuple[list[Situation], str]]:
    """The seen states that have something in common with this one: its mode, nothing, or the value of a flag."""
    mode = here["mode"]
    yield [one for one in seen if one["mode"] is mode], f" in mode {mode.name}"
    yield seen, ""
    for name, value in here.items():
        if type(value) is bool:
            yield [one for one in seen if one[name] == value], f" where {'' if value else 'not '}{name}"


Holds = Callable[[Situation], bool]
Relation = tuple[tuple[str, ...], str, Holds]
_COMPARED: tuple[tuple[str, Callable[[int, int], bool]], ...] = (("==", eq), ("<=", le), (">=", ge))


def _relations(here: Situation, seen: Sequence[Situation], fixed: Collection[str]) -> Iterator[Relation]:
    """Relations to try, the more telling first: constants, of two values, of three, and the range of one."""
    if len(seen) < _FEWEST:
        return
    for name in here:
        if name not in fixed and len({one[name] for one in seen}) == 1:
            yield (name,), f"{name} = {show(seen[0][name])}", _is(name, seen[0][name])
    numbers = [name for name, value in here.items() if type(value) is int]
    varying = [name for name in numbers if name not in fixed]
    for left, right in combinations(numbers, 2):
        if left in varying or right in varying:
            for sign, compare in _COMPARED:
                yield (left, right), f"{left} {sign} {right}", _sum_compares((left,), compare, right)
    flags = [name for name, value in here.items() if type(value) is bool]
    for left, right in permutations(flags, 2):
        yield (left, right), f"{right} if {left}", _implies(left, right)
    for left, right in combinations(varying, 2):
        for total in numbers:
            if total not in (left, right):
                for sign, compare in _COMPARED:
                    text = f"{left} + {right} {sign} {total}"
                    yield (left, right, total), text, _sum_compares((left, right), compare, total)
    for name in varying:
        low, high = min(one[name] for one in seen), max(one[name] for one in seen)
        yield (name,), f"{name} >= {low}", _compares(name, ge, low)
        yield (name,), f"{name} <= {high}", _compares(name, le, high)


def _sum_compares(parts: tuple[str, ...], compare: Callable[[int, int], bool], total: str) -> Holds:
    return lambda one: compare(sum(one[part] for part in parts), one[total])


def _compares(name: str, compare: Callable[[int, int], bool], bound: int) -> Holds:
    return lambda one: compare(one[name], bound)


def _implies(left: str, right: str) -> Holds:
    return lambda one: one[right] or not one[left]


def _is(name: str, value: object) -> Holds:
    return lambda one: bool(one[name] == value)


def _seen(system: System, runs: Iterable[Run], names: AbstractSet[str]) -> list[Situation]:
    """Every state of the runs once, with the records of all observers that open in the initial state."""
    found: dict[tuple[object, ...], Situation] = {}
    for run in dict.fromkeys(runs):
        for one in _states(system, run):
            if len(found) >= MOST_STATES:
                return list(found.values())
            if names <= one.keys():
                found.setdefault(tuple(one.values()), one)
    return list(found.values())


def _states(system: System, run: Run) -> Iterator[Situation]:
    stepper, specification = Stepper(system, run.limits), Specification(system, run.limits)
    needed = range(len(system.observers))
    state: Any = system.initial(run.limits)
    ghosts = specification.opened(state, needed)
    names = [observer.name for observer in system.observers]
    yield _scalars(state, run.limits, tuple(zip(names, ghosts, strict=True)))
    for event in run.events():
        try:
            taken = stepper.step(state, event)
            ghosts = specification.advance(specification.facts(taken, ghosts), type(event), ghosts, needed)
        except CAN_RAISE:
            return  # What a step that raises leads to was not seen.
        state = taken.after
        yield _scalars(state, run.limits, tuple(zip(names, ghosts, strict=True)))


def _scalars(state: object, limits: object, ghosts: Sequence[tuple[str, object]]) -> Situation:
    named = [("", state), *((f"{name}.", record) for name, record in ghosts), ("limits.", limits)]
    return {
        f"{prefix}{name}": value
        for prefix, record in named
        for name, value in plain_values(record)
        if isinstance(value, int | Enum)
    }
