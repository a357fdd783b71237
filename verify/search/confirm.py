"""Confirm in the running machine what a search found. A finding that does not replay is a fault of the tool."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pumpproof.statemachine.kernel.machine import Machine, StepError
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import ArrowKey, Replay, ReplayMismatch, arrow_key, arrow_names, replay
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings, Script, openings_of, run_of
from pumpproof.verify.search.shorten import ARROW, RAISED, VIOLATION, WITNESS, Found, raised_name
from pumpproof.verify.search.stepper import CAN_RAISE


@dataclass(frozen=True)
class Confirmed:
    """A goal and a run of the running machine that ends with the step that shows it.

    Of a step that the system does not define, ``event`` is the event that no longer fits the run. ``broken`` says
    that the property of a witness was judged on the way to it, and does not hold.
    """

    kind: str
    name: str
    run: Run
    openings: Openings
    event: Any = None
    broken: bool = False


def confirm(system: System, limits: Any, found: Iterable[Found]) -> tuple[Confirmed, ...]:
    """Replay each finding.

    Raises:
        ReplayMismatch: the running machine or its monitor does not show it.
    """
    findings = tuple(found)
    names = tuple(observer.name for observer in system.observers)
    arrows = arrow_names(system)
    machine = Machine(system, limits)
    judged: dict[Script, list[str]] = {}
    for one in findings:
        judged.setdefault(one.script, []).extend([one.name] if one.kind in (WITNESS, VIOLATION) else [])
    replays: dict[Script, Replay] = {}
    confirmed: list[Confirmed] = []
    for one in findings:
        run, openings = run_of(one.script, limits), openings_of(one.script, names)
        if one.kind == RAISED:
            confirmed.append(_confirmed_raise(machine, one, run))
            continue
        if one.script not in replays:
            only = judged[one.script]
            replays[one.script] = replay(system, run, openings=openings, only=only, machine=machine)
        if not _shows(one, replays[one.script], arrows):
            raise ReplayMismatch(
                f"{one.kind} {one.name}: a search found it after {len(run)} events, "
                "but the running machine does not show it there"
            )
        broken = one.kind == WITNESS and any(
            violation.property_id == one.name for violation in replays[one.script].violations
        )
        confirmed.append(Confirmed(one.kind, one.name, run, openings, broken=broken))
    return tuple(confirmed)


def _shows(found: Found, result: Replay, arrows: dict[ArrowKey, str]) -> bool:
    if found.kind == ARROW:
        return bool(result.steps) and arrows[arrow_key(result.steps[-1])] == found.name
    if found.kind == WITNESS:
        return found.name in result.first_reached
    return any(
        violation.property_id == found.name and violation.step_number == len(result.steps)
        for violation in result.violations
    )


def _confirmed_raise(machine: Machine, found: Found, run: Run) -> Confirmed:
    *before, last = run.events()
    machine.state = machine.system.initial(machine.limits)
    for event in before:
        machine.step(event)
    state = machine.state
    try:
        machine.step(last)
    except (*CAN_RAISE, StepError) as error:
        if raised_name(last, state, error) == found.name:
            return Confirmed(found.kind, found.name, Run.of(run.limits, before), (), last)
        raise ReplayMismatch(
            f"{found.name}: the running machine raises {type(error).__name__} instead"
        ) from error
    raise ReplayMismatch(f"{found.name}: the running machine takes the step")
