"""Formulas against the running machine, and runs that have to be replayed."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pumpproof.spec.kernel.properties import invariant
from pumpproof.statemachine.kernel.machine import EventRefused, InvalidLimits, Machine
from pumpproof.verify.logic.terms import FALSE, Term, add, integer
from pumpproof.verify.logic.values import RecordValue
from pumpproof.verify.proof.symbolic import Arrow
from pumpproof.verify.search.agreement import compare_with_runs
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.replay import ReplayMismatch, replay
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import ARROW, RAISED, VIOLATION, WITNESS, Found
from pumpproof.verify.selfcheck.systems import pump, wrong
from pumpproof.verify.selfcheck.tripwires.proofs import symbolic

LIMITS = pump.Limits(max_bolus_pulses=3, reservoir_pulses=4, cap_pulses=2)
_ASKED = Stretch(pump.Ask(2), 1)
_SECOND = Stretch(pump.Tick(), 1)


def _accepted(action: Callable[[], object]) -> bool:
    try:
        action()
    except ReplayMismatch:
        return False
    return True


class _Altered:
    """The symbolic system with one arrow in the place of another."""

    def __init__(self, arrow: Arrow) -> None:
        self.system, self.before, self.limits = symbolic().system, symbolic().before, symbolic().limits
        self.arrows = (arrow,)


def _more(value: RecordValue, field: str) -> RecordValue:
    term = value.fields[field]
    assert isinstance(term, Term)
    return RecordValue(value.type, value.fields | {field: add(term, integer(1))})


def formulas_of_steps() -> Iterator[str]:
    """A formula that differs from the running machine is a fault of the tool."""
    arrow = next(one for one in symbolic().arrows if one.name == "MDL-BOLUS-003")
    run = {arrow.name: Run.of(LIMITS, (pump.Ask(2), pump.Tick()))}
    altered = (
        ("a guard", replace(arrow, guard=FALSE)),
        ("a state", replace(arrow, after=_more(arrow.after, "reservoir_pulses"))),
        ("an output", replace(arrow, outputs=_more(arrow.outputs, "drive_pulses"))),
    )
    for name, one in altered:
        unlike: Any = _Altered(one)
        if _accepted(lambda unlike=unlike: compare_with_runs(unlike, run)):  # type: ignore[misc]
            yield f"{name} that is not the machine's"
    same: Any = _Altered(arrow)
    if not _accepted(lambda: compare_with_runs(same, run)):
        yield "nothing: it finds a difference where there is none"


def findings_of_searches() -> Iterator[str]:
    """What a search found counts only if the running machine shows it."""
    claimed = (
        Found(VIOLATION, "INV-BOLUS-101", (_ASKED, _SECOND)),
        Found(WITNESS, "INV-BOLUS-002", (_SECOND,)),
        Found(ARROW, "MDL-BOLUS-004", (_ASKED, _SECOND)),
        Found(RAISED, "Tick in mode DELIVERING: NoRow", (_ASKED, _SECOND)),
    )
    for one in claimed:
        if _accepted(lambda one=one: confirm(pump.SYSTEM, LIMITS, (one,))):  # type: ignore[misc]
            yield f"{one.kind} {one.name} that does not show"
    shown = confirm(pump.SYSTEM, LIMITS, (Found(ARROW, "MDL-BOLUS-003", (_ASKED, _SECOND)),))
    if [len(one.run) for one in shown] != [2]:
        yield "nothing: it does not confirm what shows"


@invariant("INV-DOSE-902", says="No window is three seconds old.", formalizes=("REQ-DOSE-001",))
def never_old(window: pump.Window) -> bool:
    """Two at most."""
    return window.age_s < 3


def the_monitor() -> Iterator[str]:
    """The monitor of the running machine says at which step a property breaks."""
    run = Run.of(LIMITS, (pump.Ask(3), pump.Tick(), pump.Tick(), pump.Tick(), pump.Tick()))
    judged = replace(wrong.CLAIMS, properties=(*pump.SYSTEM.properties, wrong.never_three))
    broken = [(one.property_id, one.step_number) for one in replay(judged, run).violations]
    if broken[:1] != [("INV-WRONG-014", 5)] or any(name != "INV-WRONG-014" for name, _ in broken):
        yield f"a third pulse: {broken[:2]}"
    windows = replace(judged, properties=(*pump.SYSTEM.properties, never_old))
    late = replay(windows, run, openings=(("window", 3),)).violations
    if [(one.property_id, one.step_number) for one in late][:1] != [("INV-DOSE-902", 4)]:
        yield "what breaks in an older opening of an observer"


def the_machine() -> Iterator[str]:
    """The running machine takes nothing that the proofs do not speak of."""
    machine = Machine(pump.SYSTEM, LIMITS)
    before = machine.state
    try:
        machine.step(pump.Ask(501))
        yield "a payload out of its range"
    except EventRefused:
        if machine.state != before:
            yield "a change by an event that it refused"
    try:
        Machine(pump.SYSTEM, replace(LIMITS, cap_pulses=0))
        yield "limits that are not valid"
    except InvalidLimits:
        pass


RUNS = (formulas_of_steps, findings_of_searches, the_monitor, the_machine)
