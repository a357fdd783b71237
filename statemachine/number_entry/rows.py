"""What each key does, and what passes with a second."""

from dataclasses import replace

from pumpproof.spec.number_entry.limits import Limits
from pumpproof.spec.number_entry.model import (
    Clear,
    Confirm,
    DecimalMark,
    Digit,
    Down,
    Mode,
    NumberEntry,
    Outputs,
    Reason,
    Step,
    Tick,
    Up,
    Wrong,
)
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Entry, Ignored, Refused, Row
from pumpproof.statemachine.number_entry.number import (
    blank_if_shown,
    is_on_grid,
    is_unfinished,
    is_unusual,
    on_screen,
    show,
    with_digit,
    wrong_to_confirm,
    wrong_with_digit,
)


def initial(limits: Limits) -> NumberEntry:
    return NumberEntry(Mode.SHOWN, limits.start, limits.start, decimals=3, marked=True, left_s=0)


def digit_fits(entry: NumberEntry, event: Digit, limits: Limits) -> bool:
    return wrong_with_digit(entry, event.digit, limits) is Wrong.NOTHING


def take_digit(entry: NumberEntry, event: Digit, limits: Limits) -> Step:
    return Step(replace(with_digit(entry, event.digit), left_s=limits.expiry_s))


def digit_is_wrong(entry: NumberEntry, event: Digit, limits: Limits) -> bool:
    return wrong_with_digit(entry, event.digit, limits) is not Wrong.NOTHING


def tell_of_digit(entry: NumberEntry, event: Digit, limits: Limits) -> Step:
    wrong = wrong_with_digit(entry, event.digit, limits)
    return Step(replace(entry, left_s=limits.expiry_s), Outputs(wrong=wrong))


def mark_fits(entry: NumberEntry, event: DecimalMark, limits: Limits) -> bool:
    return not blank_if_shown(entry).marked


def take_mark(entry: NumberEntry, event: DecimalMark, limits: Limits) -> Step:
    return Step(replace(blank_if_shown(entry), marked=True, left_s=limits.expiry_s))


def mark_is_second(entry: NumberEntry, event: DecimalMark, limits: Limits) -> bool:
    return blank_if_shown(entry).marked


def tell_of_mark(entry: NumberEntry, event: DecimalMark, limits: Limits) -> Step:
    return Step(replace(entry, left_s=limits.expiry_s), Outputs(wrong=Wrong.SECOND_MARK))


def refuse_to_step(entry: NumberEntry, limits: Limits) -> Reason:
    """A step leads from one number of the grid to the next."""
    if is_unfinished(entry):
        return Reason.UNFINISHED
    return Reason.NONE if is_on_grid(on_screen(entry), limits) else Reason.OFF_GRID


def refuse_up(entry: NumberEntry, event: Up, limits: Limits) -> Reason:
    if refuse_to_step(entry, limits) is not Reason.NONE:
        return refuse_to_step(entry, limits)
    inside = limits.least <= on_screen(entry) + limits.step <= limits.most
    return Reason.NONE if inside else Reason.END_OF_RANGE


def step_up(entry: NumberEntry, event: Up, limits: Limits) -> Step:
    return Step(replace(show(entry, on_screen(entry) + limits.step), left_s=limits.expiry_s))


def refuse_down(entry: NumberEntry, event: Down, limits: Limits) -> Reason:
    if refuse_to_step(entry, limits) is not Reason.NONE:
        return refuse_to_step(entry, limits)
    return Reason.NONE if on_screen(entry) - limits.step >= limits.least else Reason.END_OF_RANGE


def step_down(entry: NumberEntry, event: Down, limits: Limits) -> Step:
    return Step(replace(show(entry, on_screen(entry) - limits.step), left_s=limits.expiry_s))


def back_to_value_in_force(entry: NumberEntry) -> NumberEntry:
    return replace(show(entry, entry.in_force), left_s=0)


def always_clears(entry: NumberEntry, event: Clear, limits: Limits) -> bool:
    return True


def clear(entry: NumberEntry, event: Clear, limits: Limits) -> Step:
    return Step(back_to_value_in_force(entry))


def usual_is_confirmed(entry: NumberEntry, event: Confirm, limits: Limits) -> bool:
    return wrong_to_confirm(entry, limits) is Wrong.NOTHING and not is_unusual(entry, limits)


def always_confirmed(entry: NumberEntry, event: Confirm, limits: Limits) -> bool:
    return True


def take_number(entry: NumberEntry, event: Confirm, limits: Limits) -> Step:
    number = on_screen(entry)
    after = back_to_value_in_force(replace(entry, in_force=number))
    return Step(after, Outputs(taken=True, taken_thousandths=number))


def unusual_is_confirmed(entry: NumberEntry, event: Confirm, limits: Limits) -> bool:
    return wrong_to_confirm(entry, limits) is Wrong.NOTHING and is_unusual(entry, limits)


def ask_again(entry: NumberEntry, event: Confirm, limits: Limits) -> Step:
    return Step(replace(entry, left_s=limits.expiry_s), Outputs(asks_again=True))


def wrong_is_confirmed(entry: NumberEntry, event: Confirm, limits: Limits) -> bool:
    return wrong_to_confirm(entry, limits) is not Wrong.NOTHING


def tell_of_number(entry: NumberEntry, event: Confirm, limits: Limits) -> Step:
    return Step(replace(entry, left_s=limits.expiry_s), Outputs(wrong=wrong_to_confirm(entry, limits)))


def time_is_left(entry: NumberEntry, event: Tick, limits: Limits) -> bool:
    return entry.left_s > 1


def wait(entry: NumberEntry, event: Tick, limits: Limits) -> Step:
    return Step(replace(entry, left_s=entry.left_s - 1))


def time_is_over(entry: NumberEntry, event: Tick, limits: Limits) -> bool:
    return entry.left_s <= 1


def expire(entry: NumberEntry, event: Tick, limits: Limits) -> Step:
    return Step(back_to_value_in_force(entry), Outputs(expired=True))


OPEN = (Mode.EDITED, Mode.ASKED, Mode.WRONG)

TABLE: tuple[Entry, ...] = (
    Row(
        "MDL-ENTRY-001",
        (Mode.SHOWN, Mode.EDITED),
        Digit,
        digit_fits,
        take_digit,
        Mode.EDITED,
        why="A digit is put behind those on the screen; the first one begins a new number.",
        requirements=("REQ-ENTRY-001",),
    ),
    Row(
        "MDL-ENTRY-002",
        (Mode.SHOWN, Mode.EDITED),
        Digit,
        digit_is_wrong,
        tell_of_digit,
        Mode.WRONG,
        why="A digit that has no place is not dropped: the entry is wrong until it is cleared.",
        requirements=("REQ-ENTRY-002",),
    ),
    Row(
        "MDL-ENTRY-003",
        (Mode.SHOWN, Mode.EDITED),
        DecimalMark,
        mark_fits,
        take_mark,
        Mode.EDITED,
        why="One decimal mark, which may come first.",
        requirements=("REQ-ENTRY-001",),
    ),
    Row(
        "MDL-ENTRY-004",
        (Mode.EDITED,),
        DecimalMark,
        mark_is_second,
        tell_of_mark,
        Mode.WRONG,
        why="Nobody knows which of two marks was meant.",
        requirements=("REQ-ENTRY-002",),
    ),
    Command(
        "MDL-ENTRY-005",
        (Mode.SHOWN, Mode.EDITED),
        Up,
        refuse_up,
        step_up,
        Mode.EDITED,
        why="One step up, as far as the range goes.",
        requirements=("REQ-ENTRY-003",),
    ),
    Command(
        "MDL-ENTRY-006",
        (Mode.SHOWN, Mode.EDITED),
        Down,
        refuse_down,
        step_down,
        Mode.EDITED,
        why="One step down, as far as the range goes.",
        requirements=("REQ-ENTRY-003",),
    ),
    Row(
        "MDL-ENTRY-007",
        OPEN,
        Clear,
        always_clears,
        clear,
        Mode.SHOWN,
        why="An entry can be given up at any time; the value in force is shown again.",
        requirements=("REQ-ENTRY-005",),
    ),
    Row(
        "MDL-ENTRY-008",
        (Mode.EDITED,),
        Confirm,
        usual_is_confirmed,
        take_number,
        Mode.SHOWN,
        why="What is on the screen comes into force.",
        requirements=("REQ-ENTRY-001",),
    ),
    Row(
        "MDL-ENTRY-009",
        (Mode.EDITED,),
        Confirm,
        unusual_is_confirmed,
        ask_again,
        Mode.ASKED,
        why="A number beyond a soft limit, or far from the value in force, asks again.",
        requirements=("REQ-ENTRY-004",),
    ),
    Row(
        "MDL-ENTRY-010",
        (Mode.EDITED,),
        Confirm,
        wrong_is_confirmed,
        tell_of_number,
        Mode.WRONG,
        why="What cannot be used is neither corrected nor rounded.",
        requirements=("REQ-ENTRY-002",),
    ),
    Row(
        "MDL-ENTRY-011",
        (Mode.ASKED,),
        Confirm,
        always_confirmed,
        take_number,
        Mode.SHOWN,
        why="A second confirmation of the same number.",
        requirements=("REQ-ENTRY-004",),
    ),
    Row(
        "MDL-ENTRY-012",
        OPEN,
        Tick,
        time_is_left,
        wait,
        SAME_MODE,
        why="An entry waits for the next key.",
        requirements=("REQ-ENTRY-005",),
    ),
    Row(
        "MDL-ENTRY-013",
        OPEN,
        Tick,
        time_is_over,
        expire,
        Mode.SHOWN,
        why="An entry that is left alone ends; the person is told that the old value stays in force.",
        requirements=("REQ-ENTRY-005",),
    ),
    Refused(
        "MDL-ENTRY-014",
        (Mode.ASKED,),
        (Digit, DecimalMark, Up, Down),
        Reason.ANSWER_FIRST,
        why="The number that is asked about does not change under the question.",
        requirements=("REQ-ENTRY-004",),
    ),
    Refused(
        "MDL-ENTRY-015",
        (Mode.WRONG,),
        (Digit, DecimalMark, Up, Down, Confirm),
        Reason.CLEAR_FIRST,
        why="Nothing is built on what is wrong.",
        requirements=("REQ-ENTRY-002",),
    ),
    Refused(
        "MDL-ENTRY-016",
        (Mode.SHOWN,),
        (Confirm,),
        Reason.NOTHING_ENTERED,
        why="There is nothing to confirm.",
        requirements=("REQ-ENTRY-001",),
    ),
    Ignored(
        "MDL-ENTRY-017",
        (Mode.SHOWN,),
        (Clear, Tick),
        why="Nothing is being entered.",
        requirements=("REQ-ENTRY-005",),
    ),
)
