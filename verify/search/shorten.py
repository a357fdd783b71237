"""Make a found run shorter and plainer: drop parts, repeat less, and look whether the goal still shows."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from pumpproof.statemachine.kernel.payload import record_check
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.script import Opening, Part, Script, Stretch, steps
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper, broken, shown

ARROW, WITNESS, VIOLATION, RAISED = "arrow", "witness", "violation", "raised"


@dataclass(frozen=True)
class Found:
    """A goal and a script that ends with the step that shows it."""

    kind: str
    name: str
    script: Script


class Shortener:
    """Shortens scripts with a budget of steps; a script for which it does not suffice stays as it is."""

    def __init__(self, stepper: Stepper, specification: Specification, budget: int) -> None:
        self.stepper = stepper
        self.specification = specification
        self.budget = budget
        self.initial = stepper.system.initial(stepper.limits)
        self._names = arrow_names(stepper.system)

    def shorten(self, found: Found, most: int) -> Found:
        """A shorter script for the same goal, trying ``most`` steps, or as many as two runs have."""
        best = found.script
        left = min(max(most, 2 * steps(best)), self.budget)
        improved = True
        while improved:
            improved = False
            for candidate in _simpler(best):
                cost = steps(candidate)
                if cost > left:
                    return Found(found.kind, found.name, best)
                left -= cost
                self.budget -= cost
                cut = self.up_to_goal(found.kind, found.name, candidate)
                if cut is not None and (steps(cut), len(cut)) < (steps(best), len(best)):
                    best, improved = cut, True
                    break
        return Found(found.kind, found.name, best)

    def plainer(self, found: Found, most: int) -> Found:
        """A script that is no longer, with smaller numbers in its events where the goal still shows.

        It tries ``most`` steps.
        """
        best = found.script
        left = min(most, self.budget)
        improved = True
        while improved:
            improved = False
            for candidate in _smaller(best):
                cost = steps(candidate)
                if cost > left:
                    return Found(found.kind, found.name, best)
                left -= cost
                self.budget -= cost
                cut = self.up_to_goal(found.kind, found.name, candidate)
                if cut is not None and steps(cut) <= steps(best):
                    best, improved = joined(cut), True
                    break
        return Found(found.kind, found.name, best)

    def up_to_goal(self, kind: str, name: str, script: Script) -> Script | None:
        """The script up to the step that first shows the goal; None if none does."""
        watched = None if kind in (ARROW, RAISED) else self.specification.watched[name]
        needed = () if watched is None else watched.ghosts
        asks = broken if kind == VIOLATION else shown
        state = self.initial
        ghosts = self.specification.opened(state, needed)
        done: list[Part] = []
        if watched is not None and not watched.of_step():
            if asks(watched, self.specification.facts_of_state(state, ghosts)):
                return ()
        for part in script:
            if isinstance(part, Opening):
                if part.observer not in needed:
                    continue
                new = list(ghosts)
                new[part.observer] = self.specification.open(part.observer, state)
                ghosts = tuple(new)
                done.append(part)
                if watched is not None and not watched.of_step():
                    if asks(watched, self.specification.facts_of_state(state, ghosts)):
                        return tuple(done)
                continue
            for count in range(1, part.count + 1):
                try:
                    taken = self.stepper.step(state, part.event)
                    facts = self.specification.facts(taken, ghosts)
                    after = self.specification.advance(facts, type(part.event), ghosts, needed)
                    shows = False
                    if watched is not None:
                        if watched.of_step():
                            shows = watched.event in (None, type(part.event)) and asks(watched, facts)
                        else:
                            shows = asks(watched, self.specification.facts_of_state(taken.after, after))
                    elif kind == ARROW:
                        shows = self._names[arrow_key(taken)] == name
                except CAN_RAISE as error:
                    if kind == RAISED and raised_name(part.event, state, error) == name:
                        return (*done, Stretch(part.event, count))
                    return None
                if shows:
                    return (*done, Stretch(part.event, count))
                state, ghosts = taken.after, after
            done.append(part)
        return None


def raised_name(event: Any, state: Any, error: Exception) -> str:
    """What a step that the system does not define is known by."""
    return f"{type(event).__name__} in mode {state.mode.name}: {type(error).__name__}"


def _simpler(script: Script) -> Iterator[Script]:
    """Simpler scripts, the greatest savings first: halves, single parts, fewer repeats; neighbours that meet join."""
    size = len(script)
    if any(isinstance(part, Opening) for part in script):
        yield joined(tuple(part for part in script if not isinstance(part, Opening)))
    if size > 3:
        yield joined(script[size // 2 :])
        yield joined((*script[: size // 4], *script[size // 2 :]))
    for i in range(size - 1):
        yield joined((*script[:i], *script[i + 1 :]))
    for i, part in enumerate(script):
        if isinstance(part, Stretch):
            for count in sorted({1, part.count // 2, part.count - 1} - {0, part.count}):
                yield (*script[:i], Stretch(part.event, count), *script[i + 1 :])


def _smaller(script: Script) -> Iterator[Script]:
    """Scripts in which one number of one event is nearer to zero, and which the machine does not refuse for it."""
    for i, part in enumerate(script):
        if isinstance(part, Stretch):
            check = record_check(type(part.event))
            for item in fields(part.event):
                value = getattr(part.event, item.name)
                for less in _nearer_to_zero(value) if type(value) is int else ():
                    event = replace(part.event, **{item.name: less})
                    if check(event) is None:
                        yield (*script[:i], Stretch(event, part.count), *script[i + 1 :])


def _nearer_to_zero(value: int) -> list[int]:
    sign = 1 if value > 0 else -1
    return [sign * size for size in sorted({0, 1, abs(value) // 2, abs(value) - 1}) if size < abs(value)]


def joined(script: Script) -> Script:
    """Equal events in a row as one stretch."""
    parts: list[Part] = []
    for part in script:
        last = parts[-1] if parts else None
        if isinstance(part, Stretch) and isinstance(last, Stretch) and last.event == part.event:
            parts[-1] = Stretch(part.event, last.count + part.count)
        else:
            parts.append(part)
    return tuple(parts)
