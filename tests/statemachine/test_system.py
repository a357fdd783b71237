"""A system that contradicts itself is refused when it is made, with every problem named."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import pytest
from bolus_pump import (
    BOLUS,
    STOP,
    SYSTEM,
    TABLE,
    WINDOW,
    BolusRequested,
    Cancelled,
    Mode,
    Pump,
    Reason,
    Tick,
    age_window,
    always,
    drop_bolus,
    reservoir_not_negative,
)

from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.system import InvalidSystem
from pumpproof.statemachine.kernel.table import SAME_MODE, Entry, Ignored, Refused, Row


class Strange(Enum):
    MODE = "strange"


@dataclass(frozen=True)
class Unheard:
    pass


@dataclass(frozen=True)
class NoMode:
    reservoir_pulses: int


@dataclass(frozen=True)
class LoudOutputs:
    drive_pulses: int = 1
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class UnfinishedOutputs:
    drive_pulses: int
    refusal: Reason = Reason.NONE


def problems(**changes: Any) -> list[str]:
    """Problems of the pump with some of its parts exchanged, without the name of the system."""
    with pytest.raises(InvalidSystem) as refused:
        replace(SYSTEM, **changes)
    return [line.removeprefix("system bolus pump: ") for line in str(refused.value).splitlines()]


def without(*ids: str) -> tuple[Entry, ...]:
    assert {*ids} <= {entry.id for entry in TABLE}
    return tuple(entry for entry in TABLE if entry.id not in ids)


def row(identifier: str, modes: tuple[Enum, ...], event: type, **changes: Any) -> Row:
    made = Row(identifier, modes, event, always, drop_bolus, SAME_MODE, "For the test.", (STOP,))
    return replace(made, **changes)


def test_the_pump_itself_is_accepted() -> None:
    assert replace(SYSTEM, name="again").table == TABLE


def test_every_line_names_the_system() -> None:
    with pytest.raises(InvalidSystem, match=r"^system other: id MDL-BOLUS-001 is used twice$"):
        replace(SYSTEM, name="other", table=(*TABLE, TABLE[0]))


def test_an_id_used_twice_is_refused_wherever_it_is_used() -> None:
    assert problems(properties=(*SYSTEM.properties, reservoir_not_negative)) == [
        "id INV-RES-001 is used twice"
    ]
    assert problems(requirements=(*SYSTEM.requirements, Requirement(STOP, "Again.", "here"))) == [
        "id REQ-SUSP-001 is used twice"
    ]
    assert problems(observers=(*SYSTEM.observers, WINDOW)) == ["id window is used twice"]


def test_two_events_of_one_name_are_refused() -> None:
    other_tick: type = dataclass(frozen=True)(type("Tick", (), {}))
    assert problems(events=(*SYSTEM.events, other_tick)) == ["two events are called Tick"]


def test_an_unknown_event_is_refused() -> None:
    assert problems(table=(*TABLE, row("MDL-X1-001", (Mode.IDLE,), Unheard))) == [
        "MDL-X1-001: unknown event Unheard"
    ]


def test_unknown_modes_are_refused() -> None:
    strange = row("MDL-X1-001", (Strange.MODE,), Tick, to=Strange.MODE)
    assert problems(table=(*TABLE, strange)) == [
        "MDL-X1-001: unknown mode Strange.MODE",
        "MDL-X1-001: unknown target mode Strange.MODE",
    ]


def test_a_pair_that_nothing_accounts_for_is_refused() -> None:
    assert problems(table=without("MDL-SUSP-005")) == [
        "(IDLE, Cancelled) is not accounted for: add a row, or declare it Refused or Ignored",
        "(IDLE, Tick) is not accounted for: add a row, or declare it Refused or Ignored",
    ]


@pytest.mark.parametrize(
    "second",
    [
        Ignored("MDL-X1-001", (Mode.IDLE,), (Tick,), "Said twice.", (STOP,)),
        Refused("MDL-X1-001", (Mode.IDLE,), (Tick,), Reason.FAULTY, "Said twice.", (STOP,)),
        row("MDL-X1-001", (Mode.IDLE,), Tick),
    ],
    ids=lambda entry: type(entry).__name__,
)
def test_a_pair_accounted_for_twice_is_refused(second: Entry) -> None:
    assert problems(table=(*TABLE, second)) == [
        "(IDLE, Tick) is accounted for more than once: MDL-SUSP-005, MDL-X1-001"
    ]


def test_a_command_shares_its_pair_with_nothing() -> None:
    assert problems(table=(*TABLE, row("MDL-X1-001", (Mode.IDLE,), BolusRequested))) == [
        "(IDLE, BolusRequested) is accounted for more than once: MDL-BOLUS-001, MDL-X1-001"
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"requirements": ()},
            "MDL-X1-001: names no requirement; a row must say which requirement it serves",
        ),
        (
            {"requirements": ("stop",)},
            "id 'stop' is not of the form <TYPE>-<AREA>-<NNN>, for example REQ-BOLUS-001",
        ),
        ({"id": "REQ-X1-001"}, "id 'REQ-X1-001' must start with MDL"),
        ({"modes": ()}, "MDL-X1-001: names no mode"),
        ({"modes": (Mode.IDLE, Mode.IDLE)}, "MDL-X1-001: names a mode twice"),
        ({"why": "no reason"}, "MDL-X1-001: `why` must be a sentence that ends in a full stop"),
    ],
)
def test_a_row_that_says_too_little_cannot_be_written(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (the whole message is compared)
        replace(row("MDL-X1-001", (Mode.IDLE,), Tick), **change)
    assert str(refused.value) == message


def test_a_requirement_that_nobody_wrote_is_refused() -> None:
    assert problems(requirements=(Requirement(STOP, "Cancelling ends a bolus.", "made up"),))[0] == (
        f"MDL-BOLUS-001: unknown requirement {BOLUS}"
    )


def test_a_lemma_that_is_used_must_be_declared() -> None:
    lame = replace(reservoir_not_negative, uses=("INV-RES-009",))
    assert problems(properties=(lame,)) == ["INV-RES-001: uses INV-RES-009, which is not declared"]


def test_none_is_not_a_reason_for_a_refusal() -> None:
    quiet = Refused("MDL-X1-001", (Mode.IDLE,), (Tick, Cancelled), Reason.NONE, "Why not.", (STOP,))
    assert problems(table=(*without("MDL-SUSP-005"), quiet)) == [
        "MDL-X1-001: Reason.NONE is not a reason for a refusal"
    ]


def test_an_observer_steps_once_per_known_event() -> None:
    assert problems(observers=(replace(WINDOW, steps=((Unheard, age_window),)),)) == [
        "observer window: unknown event Unheard"
    ]
    assert problems(observers=(replace(WINDOW, steps=((Tick, age_window), (Tick, age_window))),)) == [
        "observer window: Tick twice"
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"state": NoMode}, "NoMode must have a field `mode: Mode`"),
        ({"outputs": Pump}, "Pump must have a field `drive_pulses: int`"),
        ({"reason": Strange}, "Strange must have a member NONE, which means accepted"),
        (
            {"outputs": LoudOutputs},
            (
                "LoudOutputs: empty outputs must have drive_pulses 0 and refusal Reason.NONE, "
                "not LoudOutputs(drive_pulses=1, refusal=<Reason.NONE: 'accepted'>)"
            ),
        ),
        (
            {"outputs": UnfinishedOutputs},
            "UnfinishedOutputs: a step starts with empty outputs, so give a default to drive_pulses",
        ),
    ],
    ids=["state", "outputs", "reason", "loud outputs", "unfinished outputs"],
)
def test_records_of_the_wrong_shape_are_refused(changes: dict[str, Any], problem: str) -> None:
    assert problem in problems(**changes)


def test_an_unknown_property_has_no_answer() -> None:
    with pytest.raises(KeyError, match="INV-NONE-001"):
        SYSTEM.property_named("INV-NONE-001")
    assert SYSTEM.property_named("INV-RES-001") is reservoir_not_negative
