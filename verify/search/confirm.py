"""Shorten what a search found and confirm it in the running machine; what is not confirmed is dropped."""

from dataclasses import dataclass
from typing import Any

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import ReplayMismatch, arrow_key, arrow_names, replay
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings, Script, openings_of, run_of
from pumpproof.verify.search.stepper import Specification


@dataclass(frozen=True)
class Found:
    """A goal and a script that ends with the step that shows it."""

    kind: str
    name: str
    script: Script


@dataclass(frozen=True)
class Confirmed:
    """A goal and a run of the running machine that ends with the step that shows it."""

    kind: str
    name: str
    run: Run
    openings: Openings


def confirm_all(
    system: System, limits: Any, found: list[Found], specification: Specification
) -> tuple[Confirmed, ...]:
    names = tuple(observer.name for observer in system.observers)
    arrows = arrow_names(system)
    confirmed: list[Confirmed] = []
    for one in found:
        run, openings = run_of(one.script, limits), openings_of(one.script, names)
        if one.kind == "raised":
            continue
        only = () if one.kind == "arrow" else (one.name,)
        result = replay(system, run, openings=openings, only=only)
        match one.kind:
            case "arrow":
                good = bool(result.steps) and arrows[arrow_key(result.steps[-1])] == one.name
            case "witness":
                good = one.name in result.first_reached
            case _:
                good = bool(result.violations)
        if not good:
            raise ReplayMismatch(f"{one}")
        confirmed.append(Confirmed(one.kind, one.name, run, openings))
    return tuple(confirmed)
