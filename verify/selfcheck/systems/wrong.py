"""The pump that is proved, with claims and tables that are wrong in known ways."""

from dataclasses import replace

from pumpproof.spec.kernel.parameters import Condition
from pumpproof.spec.kernel.properties import invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Row
from pumpproof.verify.selfcheck.systems import pump as base
from pumpproof.verify.selfcheck.systems.pump import (
    GIVE,
    Ask,
    Ledger,
    Limits,
    Mode,
    Outputs,
    Pump,
    Reason,
    Step,
    Stop,
    Tick,
    Window,
    fits,
    is_last,
)


@invariant("INV-WRONG-001", says="False at the very beginning.", formalizes=GIVE)
def reservoir_is_never_full(pump: Pump, limits: Limits) -> bool:
    """At least one pulse is gone."""
    return pump.reservoir_pulses < limits.reservoir_pulses


@invariant("INV-WRONG-002", says="False only where a window opens after a pulse.", formalizes=GIVE)
def opens_after_a_pause(pump: Pump, window: Window) -> bool:
    """A new window finds no pulse behind it."""
    return window.age_s != 0 or pump.last_pulses[0] == 0


@step_property("INV-WRONG-003", says="False only at the limit itself.", formalizes=GIVE)
def below_the_limit(ask: Ask, outputs: Outputs, limits: Limits) -> bool:
    """Less than the largest bolus."""
    return outputs.refusal is not Reason.NONE or ask.pulses < limits.max_bolus_pulses


@step_property("INV-WRONG-004", says="False only where the table refuses.", formalizes=GIVE)
def never_running(ask: Ask, outputs: Outputs) -> bool:
    """No request is refused because a bolus runs."""
    return outputs.refusal is not Reason.RUNNING


@step_property("INV-WRONG-005", says="False only where a command refuses.", formalizes=GIVE)
def never_too_low(ask: Ask, outputs: Outputs) -> bool:
    """No request is refused because of the reservoir."""
    return outputs.refusal is not Reason.TOO_LOW


@step_property("INV-WRONG-006", says="False only where the table ignores.", formalizes=GIVE)
def stops_what_runs(before: Pump, stop: Stop) -> bool:
    """Nobody stops what does not run."""
    return before.mode is Mode.DELIVERING


@step_property("INV-WRONG-007", says="False only of the row that ends a bolus.", formalizes=GIVE)
def stays_delivering(before: Pump, after: Pump, tick: Tick) -> bool:
    """A second never changes the mode."""
    return before.mode is after.mode


@invariant("INV-WRONG-008", says="False only of what an observer counted.", formalizes=GIVE)
def window_counts_nothing(window: Window) -> bool:
    """No window sees a pulse."""
    return window.pulses == 0


@lemma("INV-WRONG-101", says="A lemma that is false.")
def never_delivering(pump: Pump) -> bool:
    """No bolus ever runs."""
    return pump.mode is Mode.READY


@lemma("INV-WRONG-102", says="A true lemma that rests on a false one.", uses=("INV-WRONG-101",))
def above_minus_one(pump: Pump) -> bool:
    """The reservoir never runs out."""
    return pump.reservoir_pulses > -2


@invariant(
    "INV-WRONG-009", says="Rests on what rests on a false lemma.", formalizes=GIVE, uses=("INV-WRONG-102",)
)
def above_minus_two(pump: Pump) -> bool:
    """The reservoir hardly ever runs out."""
    return pump.reservoir_pulses > -3


@invariant("INV-WRONG-010", says="True, but a lemma is missing.", formalizes=GIVE)
def not_far_below_empty(pump: Pump) -> bool:
    """The reservoir is not below empty by ten."""
    return pump.reservoir_pulses > -10


@invariant("INV-WRONG-011", says="True of any pump.", formalizes=GIVE)
def is_ordered(pump: Pump, limits: Limits) -> bool:
    """One of two numbers is at most the other."""
    low = pump.reservoir_pulses <= limits.cap_pulses
    return low or limits.cap_pulses < pump.reservoir_pulses


@step_property("INV-WRONG-012", says="Repeats what is assumed of an event.", formalizes=GIVE)
def asks_for_something(ask: Ask) -> bool:
    """At least one pulse."""
    return ask.pulses >= 1


def is_uncovered(before: Pump) -> bool:
    """A bolus that the reservoir does not hold."""
    return before.mode is Mode.DELIVERING and before.remaining_pulses > before.reservoir_pulses


@step_property(
    "INV-WRONG-013",
    says="Speaks of what never occurs.",
    formalizes=GIVE,
    uses=("INV-BOLUS-101",),
    when=is_uncovered,
)
def gives_nothing(outputs: Outputs) -> bool:
    """Then the drive stands still."""
    return outputs.drive_pulses == 0


@invariant("INV-WRONG-014", says="False, and only a run of several steps shows it.", formalizes=GIVE)
def never_three(ledger: Ledger) -> bool:
    """No bolus gives a third pulse."""
    return ledger.given_pulses < 3


def is_late(ledger: Ledger) -> bool:
    """At the third pulse."""
    return ledger.given_pulses == 3


def has_given(ledger: Ledger) -> bool:
    """After the first pulse."""
    return ledger.given_pulses > 0


@invariant(
    "INV-WRONG-015",
    says="False where its witness does not hold.",
    formalizes=GIVE,
    when=has_given,
    witness=is_late,
)
def gives_three_or_more(ledger: Ledger) -> bool:
    """Never one or two."""
    return ledger.given_pulses >= 3


CLAIMS = replace(
    base.SYSTEM,
    name="wrong claims",
    properties=(
        *base.SYSTEM.properties,
        reservoir_is_never_full,
        opens_after_a_pause,
        below_the_limit,
        never_running,
        never_too_low,
        stops_what_runs,
        stays_delivering,
        window_counts_nothing,
        never_delivering,
        above_minus_one,
        above_minus_two,
        not_far_below_empty,
        is_ordered,
        asks_for_something,
        gives_nothing,
        never_three,
        gives_three_or_more,
    ),
)


def _with(*entries: Entry) -> tuple[Entry, ...]:
    """The table with these entries in the place of those of the same ids."""
    changed = {entry.id: entry for entry in entries}
    return tuple(changed.get(entry.id, entry) for entry in base.TABLE)


def often_waits(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """Also where a last pulse fits."""
    return not fits(pump, limits) or (is_last(pump) and pump.last_pulses[0] == 0)


TWO_ROWS = replace(
    base.SYSTEM,
    name="two rows at once",
    table=_with(
        Row("MDL-BOLUS-005", (Mode.DELIVERING,), Tick, often_waits, base.wait, SAME_MODE, "It waits.", GIVE)
    ),
)

NO_ROW = replace(
    base.SYSTEM,
    name="no row",
    table=tuple(entry for entry in base.TABLE if entry.id != "MDL-BOLUS-005"),
)


def rarely(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """A memory that is read at an index out of range."""
    return pump.last_pulses[pump.remaining_pulses] >= 0 or pump.remaining_pulses > 0


RAISES = replace(
    base.SYSTEM,
    name="index out of range",
    table=_with(Row("MDL-BOLUS-006", (Mode.READY,), Tick, rarely, base.wait, SAME_MODE, "It waits.", GIVE)),
)


def where_it_is_false(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """A memory that is read at an index out of range just where the guard would be false."""
    return pump.last_pulses[pump.remaining_pulses] < 0


RAISES_UNSEEN = replace(
    base.SYSTEM,
    name="index out of range in a false guard",
    table=_with(
        Row("MDL-BOLUS-006", (Mode.READY,), Tick, where_it_is_false, base.wait, SAME_MODE, "It waits.", GIVE)
    ),
)


@invariant("INV-WRONG-016", says="Says itself that it can be said.", formalizes=GIVE, uses=("INV-BOLUS-101",))
def nothing_left(pump: Pump) -> bool:
    """Reads its memory at an index that only it says is in range."""
    left_pulses = pump.remaining_pulses if pump.mode is Mode.READY else 0
    return pump.last_pulses[left_pulses] > -9 and left_pulses == 0


SELF_DEFINED = replace(
    base.SYSTEM,
    name="a claim that says itself that it can be said",
    properties=(base.bolus_is_covered, base.counts_are_not_negative, nothing_left),
)


def allows_nothing(limits: Limits) -> bool:
    """No pulse at all."""
    return limits.cap_pulses < 1


CONTRADICTION = replace(
    base.SYSTEM,
    name="contradictory conditions",
    conditions=(*base.CONDITIONS, Condition("ASM-BOLUS-003", "The cap allows nothing.", allows_nothing)),
)


def more_and_covered(pump: Pump, tick: Tick, limits: Limits) -> bool:
    """A pulse, not the last, with a condition that always holds."""
    return (
        fits(pump, limits) and not is_last(pump) and pump.reservoir_pulses >= 0 and pump.remaining_pulses != 1
    )


@invariant("INV-RES-002", says="The same once more.", formalizes=("REQ-RES-001",), uses=("INV-BOLUS-101",))
def still_not_below_empty(pump: Pump) -> bool:
    """At least 0."""
    return pump.reservoir_pulses >= 0


@lemma("INV-RES-101", says="A lemma that nothing uses.", uses=("INV-BOLUS-101",))
def above_minus_four(pump: Pump) -> bool:
    """Hardly below empty."""
    return pump.reservoir_pulses > -4


LOOSE = replace(
    base.SYSTEM,
    name="loose ends",
    table=_with(
        Row(
            "MDL-BOLUS-003",
            (Mode.DELIVERING,),
            Tick,
            more_and_covered,
            base.give_pulse,
            SAME_MODE,
            "A.",
            GIVE,
        )
    ),
    properties=(*base.SYSTEM.properties, still_not_below_empty, above_minus_four),
    requirements=(*base.REQUIREMENTS, Requirement("REQ-RES-002", "Nobody formalises this.", "known answer")),
)


def starts_too_much(pump: Pump, ask: Ask, limits: Limits) -> Step:
    """One pulse more than was asked for."""
    return Step(replace(pump, remaining_pulses=ask.pulses + 1))


CHANGED = replace(
    base.SYSTEM,
    table=_with(
        Command(
            "MDL-BOLUS-001",
            (Mode.READY,),
            Ask,
            base.refuse_bolus,
            starts_too_much,
            Mode.DELIVERING,
            "It.",
            GIVE,
        )
    ),
)
"""The pump that is proved after a change of one function, under its old name."""


def forget(pump: Pump, tick: Tick, limits: Limits) -> Step:
    """A second without a pulse, after which nothing is remembered."""
    return Step(replace(pump, last_pulses=(0, 0)))


FORGETFUL = replace(
    base.SYSTEM,
    table=_with(Row("MDL-BOLUS-006", (Mode.READY,), Tick, base.always, forget, SAME_MODE, "It waits.", GIVE)),
    properties=(base.counts_are_not_negative,),
)
"""Another pump of which the same is proved, under the same name."""
