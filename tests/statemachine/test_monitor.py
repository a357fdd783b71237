"""The monitor judges every property on the steps of the running machine, for every opening of observers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bolus_pump import (
    BOLUS,
    LIMITS,
    MARK,
    STOP,
    SYSTEM,
    TOTAL,
    WINDOW,
    BolusRequested,
    Cancelled,
    DriveFailed,
    Limits,
    Mark,
    Mode,
    Outputs,
    Pump,
    Tick,
    Total,
    Window,
)
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.spec.kernel.binding import describe
from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, invariant, lemma, step_property
from pumpproof.statemachine.kernel.machine import Machine, Taken
from pumpproof.statemachine.kernel.monitor import EVERY_STEP, NEVER, Monitor, MonitorError, Opening, Violation

EVENTS = st.one_of(
    st.builds(BolusRequested, st.integers(0, 12)),
    st.just(Tick()),
    st.just(Tick()),
    st.builds(Tick, st.booleans()),
    st.just(Cancelled()),
    st.just(DriveFailed()),
)
TRACES = st.lists(EVENTS, max_size=25)


def run(events: list[Any]) -> tuple[Pump, tuple[Taken, ...]]:
    """The initial state and the steps of one run."""
    machine = Machine(SYSTEM, LIMITS)
    initial = machine.state
    return initial, tuple(machine.step(event) for event in events)


def watch(
    properties: tuple[Property, ...],
    events: list[Any],
    *,
    observers: tuple[Observer, ...] = SYSTEM.observers,
    opening: Opening = EVERY_STEP,
) -> tuple[Monitor, list[Violation]]:
    """A monitor of these properties after a run, and all that it found."""
    system = replace(SYSTEM, properties=properties, observers=observers)
    monitor = Monitor(system, LIMITS, opening)
    initial, steps = run(events)
    found = [*monitor.start(initial)]
    for taken in steps:
        found += monitor.observe(taken)
    return monitor, found


@invariant("INV-X1-001", says="No window holds three pulses.", formalizes=(BOLUS,))
def window_below_three(window: Window) -> bool:
    return window.delivered_pulses < 3


def window_is_old(window: Window, before: Pump) -> bool:
    return window.age_s >= 2


@step_property("INV-X1-002", says="An old window sees no pulse.", formalizes=(BOLUS,), when=window_is_old)
def old_window_is_quiet(window: Window, event: Tick, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


@invariant("INV-X1-003", says="Window and mark agree.", formalizes=(BOLUS,))
def window_and_mark_agree(mark: Mark, pump: Pump, window: Window) -> bool:
    return mark.reservoir_pulses - pump.reservoir_pulses <= window.delivered_pulses


@step_property("INV-X1-004", says="Mark and window never part.", formalizes=(BOLUS,))
def no_pulse_late_in_a_bolus(mark: Mark, window: Window, total: Total, after: Pump, outputs: Outputs) -> bool:
    return (
        outputs.drive_pulses == 0 or mark.reservoir_pulses - after.reservoir_pulses < total.delivered_pulses
    )


JUDGED = (window_below_three, old_window_is_quiet, window_and_mark_agree, no_pulse_late_in_a_bolus)

Found = set[tuple[str, int, tuple[tuple[str, Any], ...]]]


def by_brute_force(initial: Pump, steps: tuple[Taken, ...]) -> Found:
    """The same judgements by plain counting over every pair of openings, without any observer's functions."""
    states = [initial, *(taken.after for taken in steps)]

    def total(number: int) -> Total:
        return Total(sum(taken.outputs.drive_pulses for taken in steps[:number]))

    def window(opened: int, number: int) -> Window:
        ticks = [taken for taken in steps[opened:number] if isinstance(taken.event, Tick)][:4]
        return Window(len(ticks), sum(taken.outputs.drive_pulses for taken in ticks))

    found: Found = set()
    for number, state in enumerate(states):
        # The observers open before each step, so the last state of the run sees no opening of its own.
        openings = range(min(number + 1, len(steps)))
        windows = [window(opened, number) for opened in openings]
        marks = [Mark(states[opened].reservoir_pulses) for opened in openings]
        for one in windows:
            if one.delivered_pulses >= 3:
                found.add(("INV-X1-001", number, (("window", one),)))
            for other in marks:
                if other.reservoir_pulses - state.reservoir_pulses > one.delivered_pulses:
                    found.add(("INV-X1-003", number, (("window", one), ("mark", other))))
        if number == len(steps):
            continue
        taken = steps[number]
        for one in windows:
            pulse = taken.outputs.drive_pulses == 1
            if pulse and one.age_s >= 2:
                found.add(("INV-X1-002", number + 1, (("window", one),)))
            for other in marks:
                gone = other.reservoir_pulses - taken.after.reservoir_pulses
                if pulse and gone >= total(number).delivered_pulses:
                    ghosts = (("total", total(number)), ("window", one), ("mark", other))
                    found.add(("INV-X1-004", number + 1, ghosts))
    return found


@given(TRACES)
def test_every_opening_is_judged_as_by_brute_force(events: list[Any]) -> None:
    _, found = watch(JUDGED, events)
    seen = [(one.property_id, one.step_number, one.ghosts) for one in found]
    assert len(seen) == len(set(seen))
    assert set(seen) == by_brute_force(*run(events))


@pytest.mark.parametrize("judged", JUDGED, ids=lambda known: known.id)
def test_each_of_these_properties_is_violated_in_some_run(judged: Property) -> None:
    _, found = watch((judged,), [BolusRequested(9), *[Tick()] * 9])
    assert {one.property_id for one in found} == {judged.id}


@given(TRACES)
def test_the_properties_of_the_pump_hold(events: list[Any]) -> None:
    assert watch(SYSTEM.properties, events)[1] == []


@given(TRACES)
def test_equal_records_are_kept_once(events: list[Any]) -> None:
    monitor, _ = watch(JUDGED, events)
    live = monitor.live("window")
    assert len(live) == len(set(live))


@given(TRACES, st.integers(0, 24))
def test_one_explicit_opening_is_the_observer_opened_there(events: list[Any], opened: int) -> None:
    initial, steps = run(events)
    monitor = Monitor(replace(SYSTEM, properties=JUDGED), LIMITS, NEVER)
    monitor.start(initial)
    for number, taken in enumerate(steps):
        if number == opened:
            monitor.open("window")
        monitor.observe(taken)
    ticks = [taken for taken in steps[opened:] if isinstance(taken.event, Tick)][:4]
    expected = Window(len(ticks), sum(taken.outputs.drive_pulses for taken in ticks))
    assert monitor.live("window") == ((expected,) if opened < len(steps) else ())
    assert monitor.live("mark") == ()


def test_the_policy_sees_observer_step_and_state_and_decides() -> None:
    asked: list[tuple[str, int, Mode]] = []

    def every_second_step(observer: Observer, step_number: int, state: Pump) -> bool:
        asked.append((observer.name, step_number, state.mode))
        return observer is WINDOW and step_number == 1

    monitor, _ = watch((), [BolusRequested(2), Tick(), Tick()], opening=every_second_step)
    assert asked == [
        ("window", 0, Mode.IDLE),
        ("mark", 0, Mode.IDLE),
        ("window", 1, Mode.DELIVERING),
        ("mark", 1, Mode.DELIVERING),
        ("window", 2, Mode.DELIVERING),
        ("mark", 2, Mode.DELIVERING),
    ]
    assert monitor.live("window") == (Window(2, 2),)
    assert monitor.live("mark") == ()


def test_a_violation_says_what_happened() -> None:
    _, found = watch((window_below_three,), [BolusRequested(3), Tick(), Tick(), Tick()], opening=only_at(1))
    last = run([BolusRequested(3), Tick(), Tick(), Tick()])[1][-1]
    assert found == [
        Violation(
            "INV-X1-001", "No window holds three pulses.", 4, (("window", Window(3, 3)),), last, last.after
        )
    ]


def only_at(step_number: int) -> Opening:
    return lambda _observer, now, _state: now == step_number


@invariant("INV-X1-005", says="The pump is never idle.", formalizes=(STOP,))
def never_idle(pump: Pump) -> bool:
    return pump.mode is not Mode.IDLE


def test_invariants_are_judged_in_the_initial_state() -> None:
    _, found = watch((never_idle,), [BolusRequested(1)])
    assert [(one.property_id, one.step_number, one.taken) for one in found] == [("INV-X1-005", 0, None)]


@invariant("INV-X1-006", says="A mark is above twenty.", formalizes=(STOP,))
def mark_is_high(mark: Mark) -> bool:
    return mark.reservoir_pulses > 20


def test_invariants_are_judged_right_after_an_opening_and_say_so_once() -> None:
    events = [BolusRequested(6), *[Tick()] * 5, Cancelled()]
    monitor, found = watch((mark_is_high,), events, opening=only_at(6))
    assert [(one.step_number, one.state.reservoir_pulses) for one in found] == [(6, 20), (7, 20)]
    assert monitor.open("mark") == ()


def test_an_observer_that_may_open_anywhere_is_closed_at_first() -> None:
    monitor = Monitor(SYSTEM, LIMITS, NEVER)
    monitor.start(Machine(SYSTEM, LIMITS).state)
    assert (monitor.live("total"), monitor.live("window")) == ((Total(0),), ())


@step_property("INV-X1-007", says="The count before a step is small.", formalizes=(BOLUS,))
def few_before(total: Total, before: Pump) -> bool:
    return total.delivered_pulses < 2


def test_a_step_property_sees_records_as_they_were_before_the_step() -> None:
    _, found = watch((few_before,), [BolusRequested(3), Tick(), Tick(), Tick()])
    assert [(one.step_number, one.ghosts) for one in found] == [(4, (("total", Total(2)),))]


def test_when_keeps_a_claim_silent_and_is_the_witness() -> None:
    monitor, found = watch((old_window_is_quiet,), [BolusRequested(2), Tick(), Tick()])
    assert (found, monitor.reached) == ([], set())
    monitor, found = watch(
        (old_window_is_quiet,), [BolusRequested(2), Tick(True), Tick(True), Cancelled(), Tick()]
    )
    assert (found, monitor.reached) == ([], {"INV-X1-002"})


def false_when(pump: Pump) -> bool:
    return False


def test_what_was_reached_depends_on_events_and_openings() -> None:
    for_ticks = old_window_is_quiet
    silent = replace(never_idle, id="INV-X1-008", when=false_when)
    judged = (never_idle, silent, window_below_three, few_before, replace(for_ticks, when=None))
    monitor, _ = watch(judged, [], opening=NEVER)
    assert monitor.reached == {"INV-X1-005"}
    monitor, _ = watch(judged, [Cancelled()], opening=NEVER)
    assert monitor.reached == {"INV-X1-005", "INV-X1-007"}
    monitor, _ = watch(judged, [Cancelled()])
    assert monitor.reached == {"INV-X1-005", "INV-X1-007", "INV-X1-001"}
    monitor, _ = watch(judged, [Tick()])
    assert monitor.reached == {"INV-X1-005", "INV-X1-007", "INV-X1-001", "INV-X1-002"}


def test_an_event_without_a_step_function_leaves_the_record_as_it_is() -> None:
    monitor, _ = watch((), [Tick(), Cancelled(), BolusRequested(1)], opening=only_at(0))
    assert monitor.live("window") == (Window(1, 0),)


def count_ticks(total: Total, tick: Tick) -> Total:
    return Total(total.delivered_pulses + 1000)


def test_a_step_function_for_the_event_goes_before_otherwise() -> None:
    counting = replace(TOTAL, steps=((Tick, count_ticks),))
    monitor, _ = watch((), [BolusRequested(2), Tick(), Tick()], observers=(counting,))
    assert monitor.live("total") == (Total(2000),)


@given(TRACES, TRACES)
def test_a_restored_monitor_goes_on_as_if_nothing_had_happened(first: list[Any], second: list[Any]) -> None:
    machine, monitor = Machine(SYSTEM, LIMITS), Monitor(replace(SYSTEM, properties=JUDGED), LIMITS)
    monitor.start(machine.state)
    for event in first:
        monitor.observe(machine.step(event))
    state, snapshot = machine.state, monitor.snapshot()

    def go_on() -> list[Violation]:
        return [one for event in second for one in monitor.observe(machine.step(event))]

    once = go_on()
    machine.state = state
    monitor.restore(snapshot)
    assert go_on() == once


def test_a_step_from_elsewhere_is_refused() -> None:
    monitor = Monitor(SYSTEM, LIMITS)
    initial, (first, second) = run([BolusRequested(1), Tick()])
    monitor.start(initial)
    with pytest.raises(MonitorError) as refused:
        monitor.observe(second)
    assert str(refused.value) == (
        f"the step MDL-BOLUS-004 begins in {first.after!r}, but the run is in {initial!r}; "
        "use `start` for a new run, or `restore` to go back"
    )


@pytest.mark.parametrize(
    "use",
    [
        lambda monitor: monitor.observe(run([Tick()])[1][0]),
        lambda monitor: monitor.open("window"),
        lambda monitor: monitor.snapshot(),
        lambda monitor: monitor.live("window"),
    ],
    ids=["observe", "open", "snapshot", "live"],
)
def test_a_monitor_that_was_not_started_says_so(use: Callable[[Monitor], object]) -> None:
    with pytest.raises(
        MonitorError, match="the monitor was not started; call `start` with the initial state first"
    ):
        use(Monitor(SYSTEM, LIMITS))


def test_only_an_observer_that_may_open_anywhere_can_be_opened() -> None:
    monitor = Monitor(SYSTEM, LIMITS)
    monitor.start(Machine(SYSTEM, LIMITS).state)
    with pytest.raises(MonitorError) as refused:
        monitor.open("total")
    assert str(refused.value) == "'total' is not an observer that may open anywhere; there are: window, mark"


@lemma("INV-X1-009", says="Raises when the reservoir is below twenty-five.")
def raises_later(pump: Pump) -> bool:
    return 1 // (pump.reservoir_pulses - 24) > 0


def test_a_claim_that_raises_is_named_and_leaves_the_run_as_it_was() -> None:
    machine = Machine(SYSTEM, LIMITS)
    monitor = Monitor(replace(SYSTEM, properties=(raises_later,)), LIMITS)
    monitor.start(machine.state)
    monitor.observe(machine.step(BolusRequested(1)))
    before = monitor.snapshot()
    taken = machine.step(Tick())
    with pytest.raises(ZeroDivisionError) as raised:
        monitor.observe(taken)
    assert raised.value.__notes__ == ["while INV-X1-009 was judged, 2 steps into the run"]
    assert monitor.snapshot() == before


@invariant("INV-X1-010", says="Says the number of pulses.", formalizes=(STOP,))
def says_a_number(pump: Pump) -> bool:
    return pump.reservoir_pulses  # type: ignore[return-value]


def begin_with_the_pump(pump: Pump, limits: Limits) -> Pump:
    return pump


def test_a_function_that_returns_a_wrong_type_is_named() -> None:
    with pytest.raises(MonitorError) as refused:
        watch((says_a_number,), [])
    assert str(refused.value) == (
        f"INV-X1-010: {describe(says_a_number.claim)} returned 25; expected True or False"
    )
    with pytest.raises(MonitorError) as refused:
        watch((), [], observers=(replace(TOTAL, begin=begin_with_the_pump),))
    assert str(refused.value) == (
        f"observer total: {describe(begin_with_the_pump)} returned {Pump(Mode.IDLE, 0, 25)!r}; expected Total"
    )


def test_the_mark_is_an_observer_of_every_opening() -> None:
    monitor, _ = watch((), [BolusRequested(2), Tick(), Tick(), Cancelled()], observers=(MARK,))
    assert monitor.live("mark") == (Mark(25), Mark(24), Mark(23))
