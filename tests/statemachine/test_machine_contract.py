"""What the running machine does not accept: limits, states, events, and functions that break their contract."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from bolus_pump import (
    LIMITS,
    STOP,
    SYSTEM,
    TABLE,
    BolusRequested,
    Button,
    Cancelled,
    Limits,
    Mode,
    Pump,
    Reason,
    Step,
    Tick,
    delivering,
    with_entry,
)

from pumpproof.spec.kernel.binding import BindingError, describe
from pumpproof.statemachine.kernel.machine import (
    BadResult,
    EventRefused,
    InvalidLimits,
    Machine,
)
from pumpproof.statemachine.kernel.system import InvalidSystem
from pumpproof.statemachine.kernel.table import Ignored


def write_mode(pump: Pump, event: Cancelled, limits: Limits) -> Step:
    return Step(Pump(Mode.IDLE, 0, pump.reservoir_pulses))


def forget_outputs(pump: Pump, event: Cancelled, limits: Limits) -> Pump:
    return pump


@dataclass(frozen=True)
class Overfull:
    state: Pump
    outputs: int


def output_a_number(pump: Pump, event: Cancelled, limits: Limits) -> Overfull:
    return Overfull(pump, 5)


def almost_true(pump: Pump, event: Cancelled, limits: Limits) -> bool:
    return 1  # type: ignore[return-value]


def refuse_with_text(pump: Pump, event: BolusRequested, limits: Limits) -> Reason:
    return "no"  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("identifier", "changes", "state", "event", "message"),
    [
        (
            "MDL-SUSP-001",
            {"effect": write_mode},
            delivering(3),
            Cancelled(),
            (
                f"MDL-SUSP-001: effect {describe(write_mode)} set the mode to <Mode.IDLE: 'idle'>; "
                "the mode is written by the row's target alone"
            ),
        ),
        (
            "MDL-SUSP-001",
            {"effect": forget_outputs},
            delivering(3),
            Cancelled(),
            (
                f"MDL-SUSP-001: effect {describe(forget_outputs)} returned {delivering(3)!r}; "
                "expected a record with fields `state: Pump`, `outputs: Outputs`"
            ),
        ),
        (
            "MDL-SUSP-001",
            {"effect": output_a_number},
            delivering(3),
            Cancelled(),
            (
                f"MDL-SUSP-001: effect {describe(output_a_number)} returned {Overfull(delivering(3), 5)!r}; "
                "expected a record with fields `state: Pump`, `outputs: Outputs`"
            ),
        ),
        (
            "MDL-SUSP-001",
            {"guard": almost_true},
            delivering(3),
            Cancelled(),
            f"MDL-SUSP-001: guard {describe(almost_true)} returned 1; expected True or False",
        ),
        (
            "MDL-BOLUS-001",
            {"refuse": refuse_with_text},
            Pump(Mode.IDLE, 0, 20),
            BolusRequested(1),
            f"MDL-BOLUS-001: refusal {describe(refuse_with_text)} returned 'no'; expected a member of Reason",
        ),
    ],
    ids=["mode written", "no outputs", "wrong outputs", "guard not bool", "refusal not a reason"],
)
def test_a_function_that_returns_what_it_may_not_is_named(
    identifier: str, changes: dict[str, Any], state: Pump, event: object, message: str
) -> None:
    machine = Machine(with_entry(identifier, **changes), LIMITS, state)
    with pytest.raises(BadResult) as refused:
        machine.step(event)
    assert str(refused.value) == message
    assert __file__ in message
    assert machine.state is state


@dataclass(frozen=True)
class Unheard:
    pass


@dataclass(frozen=True)
class EagerTick(Tick):
    pass


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (BolusRequested(501), "BolusRequested.pulses is 501; allowed is 0..500"),
        (BolusRequested(-1), "BolusRequested.pulses is -1; allowed is 0..500"),
        (BolusRequested(True), "BolusRequested.pulses is True, of type bool; expected int in 0..500"),
        (
            BolusRequested(1, Mode.IDLE),  # type: ignore[arg-type]
            "BolusRequested.button is <Mode.IDLE: 'idle'>, of type Mode; expected Button",
        ),
        (Tick(1), "Tick.delivery_inhibited is 1, of type int; expected bool"),  # type: ignore[arg-type]
        (
            Unheard(),
            (
                "Unheard() is not an event of system bolus pump; "
                "its events are BolusRequested, Cancelled, Tick, DriveFailed"
            ),
        ),
        (
            EagerTick(),
            (
                "EagerTick(delivery_inhibited=False) is not an event of system bolus pump; "
                "its events are BolusRequested, Cancelled, Tick, DriveFailed"
            ),
        ),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_an_event_outside_the_contract_is_refused_before_the_table_sees_it(
    event: object, message: str
) -> None:
    machine = Machine(SYSTEM, LIMITS)
    before = machine.state
    with pytest.raises(EventRefused) as refused:
        machine.step(event)
    assert str(refused.value) == message
    assert machine.state is before


def test_the_ends_of_a_range_belong_to_it() -> None:
    machine = Machine(SYSTEM, LIMITS)
    assert machine.step(BolusRequested(500, Button.EXTENDED)).outputs.refusal is Reason.OUT_OF_LIMIT
    assert machine.step(BolusRequested(0)).outputs.refusal is Reason.OUT_OF_LIMIT


@pytest.mark.verifies("REQ-INTEG-010")
@pytest.mark.parametrize(
    ("limits", "message"),
    [
        (
            Limits(0, 25),
            "system bolus pump: limits violate ASM-DOSE-001: The largest bolus is at least one pulse.",
        ),
        (Limits(True, 25), "system bolus pump: Limits.max_bolus_pulses is True, of type bool; expected int"),
        (
            Tick(),
            "system bolus pump: Limits is Tick(delivery_inhibited=False), of type Tick; expected Limits",
        ),
    ],
    ids=["condition", "bool", "record"],
)
def test_limits_for_which_nothing_is_proved_do_not_run(limits: object, message: str) -> None:
    with pytest.raises(InvalidLimits) as refused:
        Machine(SYSTEM, limits)
    assert str(refused.value) == message


def guard_of_tick(pump: Pump, event: Tick, limits: Limits) -> bool:
    return True


def test_a_guard_for_another_event_does_not_run() -> None:
    with pytest.raises(BindingError) as refused:
        Machine(with_entry("MDL-SUSP-001", guard=guard_of_tick), LIMITS)
    assert str(refused.value) == (
        f"{describe(guard_of_tick)}: parameter `event` is annotated Tick; expected Cancelled, the event: "
        "the parameters of this row are (Pump, Cancelled, Limits)"
    )


@dataclass(frozen=True)
class Named:
    name: str


def test_an_event_that_cannot_be_checked_does_not_run() -> None:
    ignored = Ignored("MDL-X1-001", tuple(Mode), (Named,), "Never heard.", (STOP,))
    system = replace(SYSTEM, events=(*SYSTEM.events, Named), table=(*TABLE, ignored))
    with pytest.raises(InvalidSystem) as refused:
        Machine(system, LIMITS)
    assert str(refused.value) == (
        "system bolus pump: event Named.name: <class 'str'> cannot be checked; "
        "use int, bool, an enum, a dataclass or a tuple of fixed length"
    )
