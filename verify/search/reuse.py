"""Runs that showed a goal before a change: which of them still show it."""

from collections.abc import Sequence

from pumpproof.verify.search.goals import Goals
from pumpproof.verify.search.script import steps
from pumpproof.verify.search.shorten import ARROW, WITNESS, Found, Shortener
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper

_STEPS = 200_000
"""So many steps are spent on suggestions that no longer show their goal."""


def still_shown(
    stepper: Stepper, specification: Specification, goals: Goals, suggestions: Sequence[Found]
) -> tuple[Found, ...]:
    """For each goal the first suggestion that shows it, cut at the step that does; nothing is confirmed yet."""
    wanted = {*((ARROW, name) for name in goals.arrows), *((WITNESS, name) for name in goals.witnesses)}
    shown: dict[tuple[str, str], Found] = {}
    if not suggestions:
        return ()
    try:
        shortener = Shortener(stepper, specification, 0)
    except CAN_RAISE:
        return ()  # A system that can not start has no runs.
    left = _STEPS
    for one in suggestions:
        goal = (one.kind, one.name)
        if goal not in wanted or goal in shown or (cost := steps(one.script)) > left:
            continue
        cut = shortener.up_to_goal(one.kind, one.name, one.script)
        if cut is None:
            left -= cost
        else:
            shown[goal] = Found(one.kind, one.name, cut)
    return tuple(shown.values())
