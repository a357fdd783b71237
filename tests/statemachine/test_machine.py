"""What a step of the running machine means, and that ``transitions`` is what takes it."""

from dataclasses import replace
from typing import Any

import pytest
import transitions
from bolus_pump import (
    LIMITS,
    STOP,
    SYSTEM,
    TABLE,
    BolusRequested,
    Cancelled,
    DriveFailed,
    Limits,
    Mode,
    Outputs,
    Pump,
    Reason,
    Step,
    Tick,
    deliver,
    delivering,
    is_last,
    with_entry,
)
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.statemachine.kernel.machine import (
    InvalidState,
    Machine,
    MoreThanOneRow,
    NoRow,
    StepError,
    Taken,
)
from pumpproof.statemachine.kernel.table import SAME_MODE, Row

EVENTS = st.one_of(
    st.builds(BolusRequested, st.integers(0, 30)),
    st.builds(Tick, st.booleans()),
    st.just(Tick()),
    st.just(Cancelled()),
    st.just(DriveFailed()),
)


def transitions_machine(machine: Machine) -> transitions.Machine:
    return machine._transitions


def test_a_bolus_is_delivered_pulse_by_pulse() -> None:
    machine = Machine(SYSTEM, LIMITS)
    assert machine.state == Pump(Mode.IDLE, 0, 25)
    assert machine.step(BolusRequested(2)) == Taken(
        "MDL-BOLUS-001",
        True,
        Pump(Mode.IDLE, 0, 25),
        BolusRequested(2),
        Pump(Mode.DELIVERING, 2, 25),
        Outputs(),
    )
    assert machine.step(Tick()).outputs == Outputs(drive_pulses=1)
    last = machine.step(Tick())
    assert (last.entry_id, last.accepted, last.outputs) == ("MDL-BOLUS-004", None, Outputs(1, finished=True))
    assert machine.state == Pump(Mode.IDLE, 0, 23)


def test_a_refused_command_changes_nothing_and_gives_its_reason() -> None:
    machine = Machine(SYSTEM, LIMITS)
    before = machine.state
    taken = machine.step(BolusRequested(11))
    assert (taken.entry_id, taken.accepted, taken.outputs.refusal) == (
        "MDL-BOLUS-001",
        False,
        Reason.OUT_OF_LIMIT,
    )
    assert taken.after is before
    assert machine.state is before


def test_a_command_asks_for_its_refusal_once_a_step() -> None:
    asked: list[int] = []

    def refuse_and_note(pump: Pump, request: BolusRequested, limits: Limits) -> Reason:
        asked.append(request.pulses)
        return Reason.OUT_OF_LIMIT if request.pulses > 3 else Reason.NONE

    machine = Machine(with_entry("MDL-BOLUS-001", refuse=refuse_and_note), LIMITS)
    machine.step(BolusRequested(4))
    machine.step(BolusRequested(3))
    assert asked == [4, 3]


def test_a_declared_refusal_changes_nothing_and_gives_its_reason() -> None:
    machine = Machine(SYSTEM, LIMITS, delivering(5))
    taken = machine.step(BolusRequested(1))
    assert (taken.entry_id, taken.accepted) == ("MDL-BOLUS-002", False)
    assert taken.outputs == Outputs(refusal=Reason.BOLUS_RUNNING)
    assert machine.state == delivering(5)


def test_an_ignored_event_changes_nothing_and_says_nothing() -> None:
    machine = Machine(SYSTEM, LIMITS)
    taken = machine.step(Cancelled())
    assert (taken.entry_id, taken.accepted, taken.outputs) == ("MDL-SUSP-005", None, Outputs())
    assert taken.after is taken.before


def test_the_effect_sees_the_mode_before_the_step() -> None:
    seen: list[Mode] = []

    def note_mode(pump: Pump, event: Cancelled, limits: Limits) -> Step:
        seen.append(pump.mode)
        return Step(replace(pump, remaining_pulses=0))

    machine = Machine(with_entry("MDL-SUSP-001", effect=note_mode), LIMITS, delivering(5))
    assert machine.step(Cancelled()).after.mode is Mode.IDLE
    assert seen == [Mode.DELIVERING]


def test_two_enabled_rows_are_an_error_whatever_their_order() -> None:
    again = Row("MDL-X1-001", (Mode.DELIVERING,), Tick, is_last, deliver, SAME_MODE, "A twin.", (STOP,))
    place = 1 + [entry.id for entry in TABLE].index("MDL-BOLUS-004")
    for table, named in (
        ((*TABLE, again), "MDL-BOLUS-004, MDL-X1-001"),
        ((*TABLE[:place], again, *TABLE[place:]), "MDL-BOLUS-004, MDL-X1-001"),
        ((again, *TABLE), "MDL-X1-001, MDL-BOLUS-004"),
    ):
        machine = Machine(replace(SYSTEM, table=table), LIMITS, delivering(1))
        with pytest.raises(MoreThanOneRow) as refused:
            machine.step(Tick())
        assert str(refused.value) == (
            f"mode DELIVERING, event Tick(delivery_inhibited=False): more than one row is enabled: {named}"
        )
        assert machine.state == delivering(1)


def test_no_enabled_row_is_an_error() -> None:
    machine = Machine(SYSTEM, LIMITS, delivering(0))
    with pytest.raises(NoRow) as refused:
        machine.step(Tick())
    assert str(refused.value) == (
        "mode DELIVERING, event Tick(delivery_inhibited=False): no row is enabled among "
        "MDL-BOLUS-003, MDL-BOLUS-004, MDL-BOLUS-005"
    )
    assert machine.state == delivering(0)


def test_a_step_that_no_row_takes_is_not_mistaken_for_the_last_one() -> None:
    machine = Machine(SYSTEM, LIMITS, delivering(5))
    machine.step(Tick())
    machine.state = delivering(0)
    with pytest.raises(NoRow):
        machine.step(Tick())


def raise_in_guard(pump: Pump, event: Cancelled, limits: Limits) -> bool:
    raise ZeroDivisionError("guard")


def raise_in_effect(pump: Pump, event: Cancelled, limits: Limits) -> Step:
    raise ZeroDivisionError("effect")


def raise_in_refusal(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
    raise ZeroDivisionError("refusal")


@pytest.mark.parametrize(
    ("identifier", "changes", "state", "event"),
    [
        ("MDL-SUSP-001", {"guard": raise_in_guard}, delivering(3), Cancelled()),
        ("MDL-SUSP-001", {"effect": raise_in_effect}, delivering(3), Cancelled()),
        ("MDL-BOLUS-001", {"refuse": raise_in_refusal}, Pump(Mode.IDLE, 0, 20), BolusRequested(1)),
    ],
    ids=["guard", "effect", "refusal"],
)
def test_whatever_raises_leaves_state_and_mode_unchanged(
    identifier: str, changes: dict[str, Any], state: Pump, event: object
) -> None:
    machine = Machine(with_entry(identifier, **changes), LIMITS, state)
    with pytest.raises(ZeroDivisionError):
        machine.step(event)
    assert machine.state is state
    assert transitions_machine(machine).get_model_state(machine._model).value is state.mode
    assert machine.step(DriveFailed()).after.mode is Mode.FAULT


def test_an_error_after_the_mode_has_changed_takes_the_mode_back() -> None:
    def interrupt(_: transitions.EventData) -> None:
        raise KeyboardInterrupt

    machine = Machine(SYSTEM, LIMITS, delivering(3))
    transitions_machine(machine).after_state_change = [interrupt]
    with pytest.raises(KeyboardInterrupt):
        machine.step(Cancelled())
    assert machine.state == delivering(3)
    assert machine._model.state is Mode.DELIVERING


def test_a_mode_that_was_not_entered_is_noticed() -> None:
    machine = Machine(SYSTEM, LIMITS, delivering(3))

    def go_elsewhere(_: transitions.EventData) -> None:
        machine._model.state = Mode.FAULT

    transitions_machine(machine).after_state_change = [go_elsewhere]
    with pytest.raises(StepError) as refused:
        machine.step(Cancelled())
    assert str(refused.value) == "MDL-SUSP-001: mode Mode.IDLE was not entered, but Mode.FAULT"
    assert machine._model.state is Mode.DELIVERING


def test_a_snapshot_goes_back_to_its_state_and_mode() -> None:
    machine = Machine(SYSTEM, LIMITS)
    machine.step(BolusRequested(5))
    snapshot = machine.state
    once = [machine.step(event) for event in (Tick(), Cancelled(), Tick())]
    machine.state = snapshot
    assert [machine.step(event) for event in (Tick(), Cancelled(), Tick())] == once


@pytest.mark.parametrize("state", [Limits(1, 1), Pump("idle", 0, 0)])  # type: ignore[arg-type]
def test_only_a_state_of_the_system_can_be_assigned(state: Any) -> None:
    machine = Machine(SYSTEM, LIMITS)
    before = machine.state
    with pytest.raises(InvalidState):
        machine.state = state
    assert machine.state is before
    with pytest.raises(InvalidState):
        Machine(SYSTEM, LIMITS, state)


def test_transitions_has_no_way_into_a_mode_but_the_table() -> None:
    underlying = transitions_machine(Machine(SYSTEM, LIMITS))
    assert set(underlying.events) == {event.__name__ for event in SYSTEM.events}
    assert not [name for name in dir(underlying.models[0]) if name.startswith("to_")]


def test_the_table_is_what_transitions_holds() -> None:
    underlying = transitions_machine(Machine(SYSTEM, LIMITS))
    arrows = {
        (arrow.source, arrow.dest)
        for arrow in underlying.get_transitions(trigger="Tick")
        if arrow.dest is not None
    }
    assert arrows == {("DELIVERING", "IDLE")}


@given(st.lists(EVENTS, max_size=40))
def test_the_mode_of_the_record_is_the_state_of_transitions(events: list[object]) -> None:
    machine = Machine(SYSTEM, LIMITS)
    for event in events:
        taken = machine.step(event)
        assert transitions_machine(machine).get_model_state(machine._model).value is machine.state.mode
        assert taken.after is machine.state


def reference_step(pump: Pump, event: object) -> tuple[Pump, Outputs]:
    """The bolus pump once more, written as one function without a table."""
    match event, pump.mode:
        case BolusRequested(pulses=pulses), Mode.IDLE:
            if not 1 <= pulses <= LIMITS.max_bolus_pulses:
                return pump, Outputs(refusal=Reason.OUT_OF_LIMIT)
            if pulses > pump.reservoir_pulses:
                return pump, Outputs(refusal=Reason.RESERVOIR_TOO_LOW)
            return Pump(Mode.DELIVERING, pulses, pump.reservoir_pulses), Outputs()
        case BolusRequested(), Mode.DELIVERING:
            return pump, Outputs(refusal=Reason.BOLUS_RUNNING)
        case BolusRequested(), _:
            return pump, Outputs(refusal=Reason.FAULTY)
        case Tick(delivery_inhibited=False), Mode.DELIVERING:
            left = pump.remaining_pulses - 1
            mode = Mode.IDLE if left == 0 else Mode.DELIVERING
            return Pump(mode, left, pump.reservoir_pulses - 1), Outputs(1, finished=left == 0)
        case Cancelled(), Mode.DELIVERING:
            return Pump(Mode.IDLE, 0, pump.reservoir_pulses), Outputs()
        case DriveFailed(), Mode.IDLE | Mode.DELIVERING:
            return Pump(Mode.FAULT, 0, pump.reservoir_pulses), Outputs()
        case _:
            return pump, Outputs()


@given(st.lists(EVENTS, max_size=60))
def test_the_machine_runs_as_the_table_reads(events: list[object]) -> None:
    machine = Machine(SYSTEM, LIMITS)
    for event in events:
        expected = reference_step(machine.state, event)
        taken = machine.step(event)
        assert (taken.after, taken.outputs) == expected
