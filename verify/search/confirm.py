"""Confirm in the running machine what a search found. A finding that does not replay is a fault of the tool."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pumpproof.statemachine.kernel.machine import Machine, StepError
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import ArrowKey, Replay, ReplayMismatch, arrow_key, arrow_names, replay
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings, Script, is_beginning, openings_of, run_of, steps
from pumpproof.verify.search.shorten import ARROW, RAISED, VIOLATION, WITNESS, Found, raised_name
from pumpproof.verify.search.stepper import CAN_RAISE

_LONG = 1_000


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
    whole = _whole_runs(one.script for one in findings if one.kind != RAISED)
    judged: dict[Script, list[str]] = {script: [] for script in whole.values()}
    for one in findings:
        if one.kind in (WITNESS, VIOLATION):
            judged[whole[one.script]].append(one.name)
    replays: dict[Script, Replay] = {}
    confirmed: list[Confirmed] = []
    for one in findings:
        run, openings = run_of(one.script, limits), openings_of(one.script, names)
        if one.kind == RAISED:
            confirmed.append(_confirmed_raise(machine, one, run))
            continue
        script = whole[one.script]
        if script not in replays:
            everything, opened = run_of(script, limits), openings_of(script, names)
            only = judged[script]
            replays[script] = replay(system, everything, openings=opened, only=only, machine=machine)
        if not _shows(one, replays[script], len(run), arrows):
            raise ReplayMismatch(
                f"{one.kind} {one.name}: a search found it after {len(run)} events, "
                "but the running machine does not show it there"
            )
        broken = one.kind == WITNESS and any(
            violation.property_id == one.name and violation.step_number <= len(run)
            for violation in replays[script].violations
        )
        confirmed.append(Confirmed(one.kind, one.name, run, openings, broken=broken))
    return tuple(confirmed)


def _whole_runs(scripts: Iterable[Script]) -> dict[Script, Script]:
    """For each script the one whose replay shows it: for a long one a longer one that begins so, or the script itself.

    A short one has a replay of its own, because each property costs time in every step that it is judged in.
    """
    whole: dict[Script, Script] = {}
    long: list[Script] = []
    for script in sorted(dict.fromkeys(scripts), key=steps, reverse=True):
        whole[script] = script
        if steps(script) >= _LONG:
            whole[script] = next((other for other in long if is_beginning(script, other)), script)
            long.append(whole[script])
    return whole


def _shows(found: Found, result: Replay, count: int, arrows: dict[ArrowKey, str]) -> bool:
    """Say whether the first ``count`` steps of a replay show a goal, and the last of them an arrow or a violation."""
    if found.kind == ARROW:
        return 0 < count <= len(result.steps) and arrows[arrow_key(result.steps[count - 1])] == found.name
    if found.kind == WITNESS:
        return found.name in result.first_reached and result.first_reached[found.name] <= count
    return any(
        violation.property_id == found.name and violation.step_number == count
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
