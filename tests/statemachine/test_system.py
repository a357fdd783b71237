"""A system that contradicts itself is refused when it is made, with every problem named."""

import inspect
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import Annotated, Any

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

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Length, Range
from pumpproof.statemachine.kernel.system import InvalidSystem, System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row


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


def changed(record: Any, name: str, value: object) -> None:
    replace(record, **{name: value})


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


@dataclass(frozen=True)
class Ranged:
    mode: Mode
    level: Annotated[int, Range(0, 9)]


@dataclass(frozen=True)
class RangedLimits:
    levels: Annotated[tuple[Annotated[int, Range(2, 5)], ...], Length(2)]


def test_a_range_of_what_is_no_payload_is_refused_where_it_stands() -> None:
    line = inspect.getsourcelines(Ranged)[1]
    [problem] = problems(state=Ranged)
    assert problem == (
        f"{__file__}:{line + 3}: the range 0..9 of Ranged.level is neither assumed nor proved; "
        "claim it with @invariant, and keep Range for the fields of events"
    )
    [problem] = problems(limits=RangedLimits)
    assert problem == (
        f"{__file__}:{line + 8}: the range 2..5 of RangedLimits.levels is neither assumed nor proved; "
        "write a Condition, and keep Range for the fields of events"
    )
    [problem] = problems(observers=(replace(WINDOW, record=Ranged),))
    assert problem.endswith("claim it with @invariant, and keep Range for the fields of events")


@pytest.mark.parametrize("base", [System, Row, Command, Refused, Ignored, Observer, Property, Condition])
def test_a_class_that_derives_from_a_declaration_is_refused(base: type) -> None:
    message = f"^Other derives from {base.__name__}; write {base.__name__} itself$"
    with pytest.raises(TypeError, match=message):
        type("Other", (base,), {})


class Silent:
    """A class beside which no base hears of its subclasses."""

    def __init_subclass__(cls) -> None:
        pass


def test_what_derives_behind_the_back_of_a_declaration_is_refused() -> None:
    class Late(Silent, Property):
        pass

    late = Late(**{field.name: getattr(reservoir_not_negative, field.name) for field in fields(Property)})
    assert problems(properties=(late,)) == [
        f"`properties` holds '{late.id}', of type Late; expected Property"
    ]


@pytest.mark.parametrize("name", ["events", "table", "conditions", "observers", "properties", "requirements"])
def test_what_can_be_read_only_once_is_refused(name: str) -> None:
    with pytest.raises(TypeError) as refused:
        changed(SYSTEM, name, (one for one in getattr(SYSTEM, name)))
    assert str(refused.value) == (
        f"system {SYSTEM.name}: `{name}` is of type generator; expected a tuple, as in ({name[0]}, ...)"
    )


@pytest.mark.parametrize("name", ["modes", "requirements"])
def test_a_list_in_a_row_is_refused(name: str) -> None:
    with pytest.raises(TypeError) as refused:
        changed(TABLE[0], name, list(getattr(TABLE[0], name)))
    assert str(refused.value) == (
        f"{TABLE[0].id}: `{name}` is of type list; expected a tuple, as in ({name[0]}, ...)"
    )


def test_a_requirement_formalised_without_a_tuple_is_refused_in_the_words_of_the_declaration() -> None:
    with pytest.raises(TypeError) as refused:
        changed(reservoir_not_negative, "links", "REQ-RES-001")
    assert str(refused.value) == (
        f"{reservoir_not_negative.id}: `formalizes` is of type str; expected a tuple, as in (f, ...)"
    )


@pytest.mark.parametrize("identifier", ["INV-RES-001\n", "INV-RES-00\u0661", "INV-R\u0415S-001"])
def test_an_id_that_only_looks_like_one_is_refused(identifier: str) -> None:
    with pytest.raises(ValueError, match="is not of the form <TYPE>-<AREA>-<NNN>"):
        replace(reservoir_not_negative, id=identifier)


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
