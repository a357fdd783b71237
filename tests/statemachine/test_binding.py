"""Parameters are bound by type; whatever cannot be bound is named with its file and line."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from bolus_pump import (
    BOLUS,
    SYSTEM,
    WINDOW,
    BolusRequested,
    Cancelled,
    Limits,
    Outputs,
    Pump,
    Tick,
    Total,
    Window,
    bolus_within_limit,
    deliver,
)

from pumpproof.spec.kernel.binding import (
    Binding,
    BindingError,
    ObserverBinding,
    PropertyBinding,
    Slot,
    Vocabulary,
    bind,
    bind_observer,
    bind_property,
    bind_row,
    describe,
)
from pumpproof.spec.kernel.properties import step_property

WORDS = Vocabulary(Pump, Limits, Outputs, SYSTEM.events, (Total, Window))


def of_a_state(any_name: Pump, window: Window, the_limits: Limits) -> bool:
    return True


def of_a_step(outputs: Outputs, after: Pump, tick: Tick, before: Pump, total: Total, limits: Limits) -> bool:
    return True


def test_a_function_of_a_state_is_bound_in_the_order_of_its_signature() -> None:
    assert bind(of_a_state, WORDS, step=False) == (
        Binding("any_name", Slot.STATE, Pump),
        Binding("window", Slot.GHOST, Window),
        Binding("the_limits", Slot.LIMITS, Limits),
    )


def test_a_function_of_a_step_is_bound_in_the_order_of_its_signature() -> None:
    assert bind(of_a_step, WORDS, step=True) == (
        Binding("outputs", Slot.OUTPUTS, Outputs),
        Binding("after", Slot.AFTER, Pump),
        Binding("tick", Slot.EVENT, Tick),
        Binding("before", Slot.BEFORE, Pump),
        Binding("total", Slot.GHOST, Total),
        Binding("limits", Slot.LIMITS, Limits),
    )


def test_the_same_question_gets_the_same_answer_object() -> None:
    assert bind(of_a_step, WORDS, step=True) is bind(of_a_step, WORDS, step=True)
    assert bind(of_a_state, WORDS, step=False) != bind(before_only, WORDS, step=False)


def before_only(before: Pump) -> bool:
    return True


def test_the_same_function_may_speak_of_a_state_and_of_a_step() -> None:
    assert bind(before_only, WORDS, step=False)[0].slot is Slot.STATE
    assert bind(before_only, WORDS, step=True)[0].slot is Slot.BEFORE


def of_text(name: "str") -> bool:
    return True


def of_nothing(pump) -> bool:  # type: ignore[no-untyped-def]
    return True


def of_unknown(pump: "Undefined") -> bool:  # type: ignore[name-defined]  # noqa: F821
    return True


def of_two_events(tick: Tick, other: Cancelled) -> bool:
    return True


def of_two_states(one: Pump, other: Pump) -> bool:
    return True


def of_two_windows(one: Window, other: Window) -> bool:
    return True


def with_default(pump: Pump, limits: Limits = Limits(1, 1)) -> bool:  # noqa: B008
    return True


def with_star(*pumps: Pump) -> bool:
    return True


def with_keyword(*, pump: Pump) -> bool:
    return True


def of_either(event: Tick | Cancelled) -> bool:
    return True


STATE_TYPES = "Pump, Limits, Total, Window"
STEP_TYPES = "Pump, Limits, Outputs, BolusRequested, Cancelled, Tick, DriveFailed, Total, Window"


@pytest.mark.parametrize(
    ("function", "step", "problem"),
    [
        (of_text, False, f"parameter `name` is annotated str; expected one of {STATE_TYPES}"),
        (of_text, True, f"parameter `name` is annotated str; expected one of {STEP_TYPES}"),
        (
            of_either,
            True,
            (
                "parameter `event` is annotated bolus_pump.Tick | bolus_pump.Cancelled; "
                f"expected one of {STEP_TYPES}"
            ),
        ),
        (
            of_nothing,
            False,
            "parameter `pump` has no annotation; parameters are bound by type, so name its type",
        ),
        (
            of_unknown,
            False,
            (
                "an annotation cannot be resolved (name 'Undefined' is not defined); "
                "define or import the type at the top of the module"
            ),
        ),
        (
            of_a_state,
            True,
            "parameter `any_name` is a Pump; in a function of a step it must be called `before` or `after`",
        ),
        (
            of_a_step,
            False,
            "parameter `outputs` asks for outputs; a function of a state has none, only a step has",
        ),
        (
            of_two_events,
            False,
            "parameter `tick` asks for an event; a function of a state has none, only a step has",
        ),
        (
            of_two_events,
            True,
            (
                "parameters `tick` and `other` both stand for the event; expected at most one: "
                "write one function per event"
            ),
        ),
        (of_two_states, False, "parameters `one` and `other` both stand for the state; expected at most one"),
        (
            of_two_windows,
            True,
            "parameters `one` and `other` both stand for the record of an observer; expected at most one",
        ),
        (
            with_default,
            False,
            "parameter `limits` has a default; every parameter is bound by its type, so remove the default",
        ),
        (with_star, False, "parameter `pumps` is variadic positional; expected a plain parameter"),
        (with_keyword, False, "parameter `pump` is keyword-only; expected a plain parameter"),
    ],
)
def test_a_parameter_that_cannot_be_bound_is_named_with_file_and_line(
    function: Callable[..., bool], step: bool, problem: str
) -> None:
    with pytest.raises(BindingError) as refused:
        bind(function, WORDS, step)
    line = function.__code__.co_firstlineno
    assert str(refused.value) == f"{__file__}:{line}: {function.__name__}: {problem}"


def test_only_a_plain_function_can_be_bound() -> None:
    with pytest.raises(
        BindingError,
        match=r"^<built-in function len> is not a plain function; expected one defined with `def`$",
    ):
        bind(len, WORDS, step=False)


def test_one_type_for_two_things_is_refused() -> None:
    with pytest.raises(BindingError, match=r"^Window stands for two things"):
        Vocabulary(Pump, Limits, Outputs, SYSTEM.events, (Window, Window))


def of_cancelled(event: Cancelled, before: Pump) -> bool:
    return True


@step_property("INV-X1-001", says="For the test.", formalizes=(BOLUS,), when=of_cancelled)
def speaks_by_its_when(window: Window, total: Total) -> bool:
    return True


def test_a_property_speaks_of_the_event_of_its_claim_or_of_its_when() -> None:
    assert bind_property(speaks_by_its_when, WORDS) == PropertyBinding(
        claim=(Binding("window", Slot.GHOST, Window), Binding("total", Slot.GHOST, Total)),
        when=(Binding("event", Slot.EVENT, Cancelled), Binding("before", Slot.BEFORE, Pump)),
        event=Cancelled,
        ghosts=(Total, Window),
    )
    assert bind_property(bolus_within_limit, WORDS).event is BolusRequested


def test_claim_and_when_speak_of_one_event() -> None:
    split = replace(speaks_by_its_when, claim=of_a_step)
    with pytest.raises(BindingError) as refused:
        bind_property(split, WORDS)
    assert str(refused.value) == (
        "INV-X1-001: claim, `when` and `witness` speak of different events, Cancelled and Tick; all need the same one"
    )


def step_of_cancelled(window: Window, event: Cancelled) -> Window:
    return window


def step_with_total(window: Window, total: Total) -> Window:
    return window


def begin_with_event(pump: Pump, event: Tick) -> Window:
    return Window(0, 0)


def test_an_observer_is_bound_function_by_function() -> None:
    own = Binding("window", Slot.GHOST, Window)
    assert bind_observer(WINDOW, WORDS) == ObserverBinding(
        begin=(Binding("pump", Slot.STATE, Pump), Binding("limits", Slot.LIMITS, Limits)),
        steps=(
            ((Tick, (own, Binding("event", Slot.EVENT, Tick), Binding("outputs", Slot.OUTPUTS, Outputs)))),
        ),
        otherwise=None,
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"steps": ((Tick, step_of_cancelled),)},
            (
                f"{describe(step_of_cancelled)}: parameter `event` is annotated Cancelled; "
                "expected one of Pump, Limits, Outputs, Tick, Window"
            ),
        ),
        (
            {"otherwise": step_of_cancelled},
            (
                f"{describe(step_of_cancelled)}: parameter `event` is annotated Cancelled; "
                "expected one of Pump, Limits, Outputs, Window"
            ),
        ),
        (
            {"otherwise": step_with_total},
            (
                f"{describe(step_with_total)}: parameter `total` is annotated Total; "
                "expected one of Pump, Limits, Outputs, Window"
            ),
        ),
        (
            {"begin": begin_with_event},
            (
                f"{describe(begin_with_event)}: parameter `event` is annotated Tick; "
                "expected one of Pump, Limits"
            ),
        ),
    ],
    ids=["other event", "event in otherwise", "record of another", "event in begin"],
)
def test_an_observer_asks_for_its_own_record_and_event_only(changes: dict[str, object], problem: str) -> None:
    with pytest.raises(BindingError) as refused:
        bind_observer(replace(WINDOW, **changes), WORDS)  # type: ignore[arg-type]
    assert str(refused.value) == problem


@dataclass(frozen=True)
class Unheard:
    pass


def two_parameters(pump: Pump, event: Tick) -> bool:
    return True


def wrong_order(event: Tick, pump: Pump, limits: Limits) -> bool:
    return True


def test_a_function_of_a_row_takes_state_event_and_limits_in_this_order() -> None:
    assert [one.slot for one in bind_row(deliver, WORDS, Tick)] == [Slot.STATE, Slot.EVENT, Slot.LIMITS]
    with pytest.raises(BindingError) as refused:
        bind_row(two_parameters, WORDS, Tick)
    assert str(refused.value) == (
        f"{describe(two_parameters)}: has 2 parameters; "
        "the functions of a row have three, (Pump, Tick, Limits)"
    )
    with pytest.raises(BindingError) as refused:
        bind_row(wrong_order, WORDS, Tick)
    assert str(refused.value) == (
        f"{describe(wrong_order)}: parameter `event` is annotated Tick; expected Pump, the state: "
        "the parameters of this row are (Pump, Tick, Limits)"
    )
