"""What must hold of the entry of a number."""

from pumpproof.spec.kernel.properties import acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.number_entry.limits import MOST_FACTOR, Limits, is_whole_number_of_steps
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
    Tick,
    Up,
    Wrong,
)
from pumpproof.spec.number_entry.observers import Idle, Paper, Question, accepted, displayed

READING = "REQ-ENTRY-001"
MISTAKES = "REQ-ENTRY-002"
STEPPING = "REQ-ENTRY-003"
UNUSUAL = "REQ-ENTRY-004"
EXPIRY = "REQ-ENTRY-005"
LIMITS = "REQ-ENTRY-006"
DRIVE = "REQ-ENTRY-007"

REQUIREMENTS = (
    Requirement(
        READING,
        "The screen shows what the keys spell; what it shows at the confirmation comes into force.",
        "REQ-UI-003 of the reference pump",
    ),
    Requirement(
        MISTAKES,
        "What is no number that could be meant is never corrected, rounded or used.",
        "REQ-UI-003 of the reference pump",
    ),
    Requirement(
        STEPPING,
        "A step leads to the next number of the grid, and never over an end of the range.",
        "REQ-UI-003 of the reference pump",
    ),
    Requirement(
        UNUSUAL,
        "A number beyond a soft limit, or far from the value in force, needs a second confirmation.",
        "REQ-UI-004 of the reference pump",
    ),
    Requirement(
        EXPIRY,
        "An entry that is not confirmed ends, and the old value stays in force.",
        "REQ-UI-005 of the reference pump",
    ),
    Requirement(
        LIMITS,
        "No value outside the hard limits, or between two steps, is ever in force.",
        "REQ-UI-004 of the reference pump",
    ),
    Requirement(DRIVE, "No key drives the pump.", "REQ-DOSE-002 of the reference pump"),
)


def can_be_in_force(thousandths: int, limits: Limits) -> bool:
    return (
        thousandths >= limits.least
        and thousandths <= limits.most
        and is_whole_number_of_steps(thousandths, limits)
    )


def usual(number: int, in_force: int, limits: Limits) -> bool:
    """Within the soft limits, and near the value in force or within the factor of it."""
    apart = number - in_force if number > in_force else in_force - number
    within = all(
        limits.factor != k or (number <= k * in_force and in_force <= k * number)
        for k in range(2, MOST_FACTOR + 1)
    )
    return limits.soft_least <= number <= limits.soft_most and (apart <= limits.near or within)


def says_only(outputs: Outputs, wrong: Wrong) -> bool:
    """The person is told what is wrong, or nothing; no number is taken and nothing else is said."""
    quiet = not outputs.taken and not outputs.asks_again and not outputs.expired
    return outputs.wrong is wrong and quiet and accepted(outputs)


@lemma(
    "INV-ENTRY-101",
    says="The screen shows a number: no negative digits, at most three decimals, and none without a mark.",
    uses=("INV-ENTRY-004",),
)
def screen_is_a_number(entry: NumberEntry) -> bool:
    return entry.mantissa >= 0 and 0 <= entry.decimals <= 3 and (entry.marked or entry.decimals == 0)


@lemma(
    "INV-ENTRY-102",
    says="The next digit counts the same on the screen and on paper; behind a value in force there is none.",
    uses=("INV-ENTRY-101",),
)
def next_digit_counts_the_same(entry: NumberEntry, paper: Paper) -> bool:
    places = (100, 10, 1, 0)
    behind_mark = any(entry.decimals == k and paper.place == places[k] for k in range(4))
    typed = behind_mark if entry.marked else paper.place == 1000
    return typed and (entry.mode is not Mode.SHOWN or paper.place == 0)


@lemma("INV-ENTRY-103", says="While nothing is entered the value in force is shown.")
def shown_is_in_force(entry: NumberEntry) -> bool:
    return entry.mode is not Mode.SHOWN or displayed(entry) == entry.in_force


@lemma(
    "INV-ENTRY-104",
    says="What is asked about was confirmed once, is not usual, and could be in force.",
    uses=("INV-ENTRY-101", "INV-ENTRY-005"),
)
def question_is_about_the_screen(entry: NumberEntry, question: Question, limits: Limits) -> bool:
    number = displayed(entry)
    once = question.times == 1 and question.number == number
    sensible = can_be_in_force(number, limits) and not usual(number, entry.in_force, limits)
    if entry.mode is Mode.ASKED:
        return once and sensible and not (entry.marked and entry.decimals == 0)
    return entry.mode is Mode.WRONG or question.times == 0


@lemma("INV-ENTRY-105", says="The time left and the idle time add up to the time an entry lasts.")
def time_left_is_true(entry: NumberEntry, idle: Idle, limits: Limits) -> bool:
    if entry.mode is Mode.SHOWN:
        return entry.left_s == 0
    return entry.left_s >= 1 and entry.left_s == limits.expiry_s - idle.seconds


def something_is_entered(entry: NumberEntry) -> bool:
    return entry.mode is not Mode.SHOWN


@invariant(
    "INV-ENTRY-001",
    says="The screen shows the number that the keys spell; before the first key, the value confirmed last.",
    formalizes=(READING,),
    uses=("INV-ENTRY-101", "INV-ENTRY-102", "INV-ENTRY-103"),
    witness=something_is_entered,
)
def screen_shows_what_keys_spell(entry: NumberEntry, paper: Paper) -> bool:
    return displayed(entry) == paper.value and entry.in_force == paper.agreed


def number_is_taken(outputs: Outputs) -> bool:
    return outputs.taken


@step_property(
    "INV-ENTRY-002",
    says="What comes into force and is sent is what the screen showed at the confirmation.",
    formalizes=(READING,),
    when=number_is_taken,
    uses=("INV-ENTRY-101",),
)
def displayed_is_what_is_sent(before: NumberEntry, after: NumberEntry, outputs: Outputs) -> bool:
    return displayed(before) == outputs.taken_thousandths and after.in_force == outputs.taken_thousandths


def nothing_is_taken(outputs: Outputs) -> bool:
    return not outputs.taken


@step_property(
    "INV-ENTRY-003",
    says="Without a confirmation that takes a number, the value in force stays and nothing is sent.",
    formalizes=(READING, EXPIRY),
    when=nothing_is_taken,
)
def only_a_confirmation_changes(before: NumberEntry, after: NumberEntry, outputs: Outputs) -> bool:
    return after.in_force == before.in_force and outputs.taken_thousandths == 0


def another_value_came_into_force(entry: NumberEntry, limits: Limits) -> bool:
    return entry.in_force != limits.start


@invariant(
    "INV-ENTRY-004",
    says="The value in force lies within the hard limits and on the grid.",
    formalizes=(LIMITS,),
    uses=("INV-ENTRY-101", "INV-ENTRY-104", "INV-ENTRY-005"),
    witness=another_value_came_into_force,
)
def value_in_force_is_allowed(entry: NumberEntry, limits: Limits) -> bool:
    return can_be_in_force(entry.in_force, limits)


@invariant(
    "INV-ENTRY-005",
    says="The screen never shows less than 0 nor more than the most that is allowed.",
    formalizes=(STEPPING, LIMITS),
    uses=("INV-ENTRY-101", "INV-ENTRY-004"),
    witness=something_is_entered,
)
def screen_is_within_limits(entry: NumberEntry, limits: Limits) -> bool:
    return 0 <= displayed(entry) <= limits.most


def entry_is_open(before: NumberEntry) -> bool:
    return before.mode is Mode.SHOWN or before.mode is Mode.EDITED


def finished_on_grid(before: NumberEntry, limits: Limits) -> bool:
    return is_whole_number_of_steps(displayed(before), limits) and (not before.marked or before.decimals > 0)


def up_is_accepted(event: Up, outputs: Outputs) -> bool:
    return accepted(outputs)


def down_is_accepted(event: Down, outputs: Outputs) -> bool:
    return accepted(outputs)


@acceptance(
    "INV-ENTRY-007",
    says="A step up is accepted exactly from a finished number on the grid whose upper neighbour is in the range.",
    formalizes=(STEPPING,),
    uses=("INV-ENTRY-101",),
    witness=up_is_accepted,
)
def up_if_there_is_room(before: NumberEntry, event: Up, outputs: Outputs, limits: Limits) -> bool:
    neighbour = displayed(before) + limits.step
    room = limits.least <= neighbour and neighbour <= limits.most
    return accepted(outputs) == (entry_is_open(before) and finished_on_grid(before, limits) and room)


@step_property(
    "INV-ENTRY-008",
    says="A step up shows the number one step above, and nothing else happens.",
    formalizes=(STEPPING,),
    when=up_is_accepted,
    uses=("INV-ENTRY-101",),
)
def up_is_one_step(
    before: NumberEntry, after: NumberEntry, event: Up, outputs: Outputs, limits: Limits
) -> bool:
    moved = after.mode is Mode.EDITED and displayed(after) - displayed(before) == limits.step
    return moved and after.in_force == before.in_force and says_only(outputs, Wrong.NOTHING)


@acceptance(
    "INV-ENTRY-009",
    says="A step down is accepted exactly from a finished number on the grid whose lower neighbour is in the range.",
    formalizes=(STEPPING,),
    uses=("INV-ENTRY-101", "INV-ENTRY-005"),
    witness=down_is_accepted,
)
def down_if_there_is_room(before: NumberEntry, event: Down, outputs: Outputs, limits: Limits) -> bool:
    neighbour = displayed(before) - limits.step
    room = limits.least <= neighbour and neighbour <= limits.most
    return accepted(outputs) == (entry_is_open(before) and finished_on_grid(before, limits) and room)


@step_property(
    "INV-ENTRY-010",
    says="A step down shows the number one step below, and nothing else happens.",
    formalizes=(STEPPING,),
    when=down_is_accepted,
    uses=("INV-ENTRY-101",),
)
def down_is_one_step(
    before: NumberEntry, after: NumberEntry, event: Down, outputs: Outputs, limits: Limits
) -> bool:
    moved = after.mode is Mode.EDITED and displayed(before) - displayed(after) == limits.step
    return moved and after.in_force == before.in_force and says_only(outputs, Wrong.NOTHING)


def digit_is_typed(before: NumberEntry, event: Digit) -> bool:
    return entry_is_open(before)


@step_property(
    "INV-ENTRY-011",
    says="A digit is taken exactly if it has a place and the number stays within the hard limit; otherwise the entry "
    "is wrong, and the person is told why.",
    formalizes=(READING, MISTAKES),
    when=digit_is_typed,
    uses=("INV-ENTRY-101", "INV-ENTRY-001", "INV-ENTRY-102"),
)
def digit_is_taken_or_wrong(
    before: NumberEntry, after: NumberEntry, event: Digit, outputs: Outputs, limits: Limits, paper: Paper
) -> bool:
    first = before.mode is Mode.SHOWN
    after_zero = not first and paper.place == 1000 and paper.value == 0
    full = not first and paper.place == 0
    value = 0 if first else paper.value
    whole_number = first or paper.place == 1000
    worth = (
        event.digit * 100 if paper.place == 100 else event.digit * 10 if paper.place == 10 else event.digit
    )
    above = (10 * value + 1000 * event.digit if whole_number else value + worth) > limits.most
    wrong = Wrong.LEADING_ZERO if after_zero else Wrong.TOO_FINE if full else Wrong.ABOVE
    if after_zero or full or above:
        return after.mode is Mode.WRONG and says_only(outputs, wrong)
    return after.mode is Mode.EDITED and says_only(outputs, Wrong.NOTHING)


def mark_is_typed(before: NumberEntry, event: DecimalMark) -> bool:
    return entry_is_open(before)


@step_property(
    "INV-ENTRY-012",
    says="One decimal mark is taken, also as the first key; a second one makes the entry wrong.",
    formalizes=(READING, MISTAKES),
    when=mark_is_typed,
    uses=("INV-ENTRY-102",),
)
def one_mark(
    before: NumberEntry, after: NumberEntry, event: DecimalMark, outputs: Outputs, paper: Paper
) -> bool:
    if before.mode is Mode.EDITED and paper.place < 1000:
        return after.mode is Mode.WRONG and says_only(outputs, Wrong.SECOND_MARK)
    return after.mode is Mode.EDITED and says_only(outputs, Wrong.NOTHING)


def number_is_confirmed(before: NumberEntry, event: Confirm) -> bool:
    return before.mode is Mode.EDITED


@acceptance(
    "INV-ENTRY-013",
    says="A usual number within the limits and on the grid comes into force at once; an unusual one asks again; any "
    "other is wrong, and the person is told why.",
    formalizes=(MISTAKES, UNUSUAL),
    when=number_is_confirmed,
    uses=("INV-ENTRY-101", "INV-ENTRY-005"),
)
def confirmation_takes_asks_or_tells(
    before: NumberEntry, after: NumberEntry, event: Confirm, outputs: Outputs, limits: Limits
) -> bool:
    number = displayed(before)
    if before.marked and before.decimals == 0:
        return after.mode is Mode.WRONG and says_only(outputs, Wrong.UNFINISHED)
    if number < limits.least:
        return after.mode is Mode.WRONG and says_only(outputs, Wrong.BELOW)
    if not is_whole_number_of_steps(number, limits):
        return after.mode is Mode.WRONG and says_only(outputs, Wrong.OFF_GRID)
    if usual(number, before.in_force, limits):
        return after.mode is Mode.SHOWN and outputs.taken and not outputs.asks_again
    return after.mode is Mode.ASKED and outputs.asks_again and not outputs.taken


def unusual_is_taken(before: NumberEntry, outputs: Outputs, limits: Limits) -> bool:
    return outputs.taken and not usual(outputs.taken_thousandths, before.in_force, limits)


@step_property(
    "INV-ENTRY-014",
    says="An unusual number comes into force only if the same number was confirmed once before, and not changed since.",
    formalizes=(UNUSUAL,),
    when=unusual_is_taken,
    uses=("INV-ENTRY-101", "INV-ENTRY-104"),
)
def unusual_was_confirmed_before(outputs: Outputs, question: Question) -> bool:
    return question.times == 1 and question.number == outputs.taken_thousandths


def question_is_answered(before: NumberEntry, event: Confirm) -> bool:
    return before.mode is Mode.ASKED


@acceptance(
    "INV-ENTRY-015",
    says="The second confirmation takes the number that was asked about.",
    formalizes=(UNUSUAL,),
    when=question_is_answered,
    uses=("INV-ENTRY-101",),
)
def second_confirmation_takes(
    before: NumberEntry, after: NumberEntry, event: Confirm, outputs: Outputs
) -> bool:
    return after.mode is Mode.SHOWN and outputs.taken and outputs.taken_thousandths == displayed(before)


def question_is_open(before: NumberEntry, after: NumberEntry) -> bool:
    return before.mode is Mode.ASKED and after.mode is Mode.ASKED


@step_property(
    "INV-ENTRY-016",
    says="The number that is asked about does not change under the question.",
    formalizes=(UNUSUAL,),
    when=question_is_open,
    uses=("INV-ENTRY-101",),
)
def question_does_not_change(before: NumberEntry, after: NumberEntry) -> bool:
    return displayed(after) == displayed(before)


def entry_is_wrong(before: NumberEntry) -> bool:
    return before.mode is Mode.WRONG


@step_property(
    "INV-ENTRY-017",
    says="From a wrong entry nothing leads on but clearing and its end: no number is taken.",
    formalizes=(MISTAKES,),
    when=entry_is_wrong,
)
def wrong_is_never_used(after: NumberEntry, outputs: Outputs) -> bool:
    return (after.mode is Mode.WRONG or after.mode is Mode.SHOWN) and not outputs.taken


@acceptance(
    "INV-ENTRY-018",
    says="An entry can be cleared at any time; the value in force is shown again, and nothing else happens.",
    formalizes=(EXPIRY,),
    uses=("INV-ENTRY-103",),
)
def clearing_shows_the_value_in_force(
    before: NumberEntry, after: NumberEntry, event: Clear, outputs: Outputs
) -> bool:
    return (
        after.mode is Mode.SHOWN and displayed(after) == before.in_force and says_only(outputs, Wrong.NOTHING)
    )


def second_expires(event: Tick, outputs: Outputs) -> bool:
    return outputs.expired


@step_property(
    "INV-ENTRY-019",
    says="An entry ends exactly when no key was taken for its time; the person is told, and sees the value in force.",
    formalizes=(EXPIRY,),
    uses=("INV-ENTRY-101", "INV-ENTRY-105"),
    witness=second_expires,
)
def entry_ends_in_time(
    before: NumberEntry, after: NumberEntry, event: Tick, outputs: Outputs, limits: Limits, idle: Idle
) -> bool:
    if before.mode is not Mode.SHOWN and idle.seconds + 1 >= limits.expiry_s:
        return after.mode is Mode.SHOWN and displayed(after) == before.in_force and outputs.expired
    return after.mode is before.mode and displayed(after) == displayed(before) and not outputs.expired


@step_property("INV-ENTRY-020", says="No key and no second drives the pump.", formalizes=(DRIVE,))
def nothing_is_driven(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def key_is_refused(outputs: Outputs) -> bool:
    return outputs.refusal is not Reason.NONE


@step_property(
    "INV-ENTRY-006",
    says="A key that is refused changes nothing.",
    formalizes=(MISTAKES, STEPPING),
    when=key_is_refused,
)
def refusal_changes_nothing(before: NumberEntry, after: NumberEntry) -> bool:
    return after == before


PROPERTIES = (
    screen_is_a_number,
    next_digit_counts_the_same,
    shown_is_in_force,
    question_is_about_the_screen,
    time_left_is_true,
    screen_shows_what_keys_spell,
    displayed_is_what_is_sent,
    only_a_confirmation_changes,
    value_in_force_is_allowed,
    screen_is_within_limits,
    up_if_there_is_room,
    up_is_one_step,
    down_if_there_is_room,
    down_is_one_step,
    digit_is_taken_or_wrong,
    one_mark,
    confirmation_takes_asks_or_tells,
    unusual_was_confirmed_before,
    second_confirmation_takes,
    question_does_not_change,
    wrong_is_never_used,
    clearing_shows_the_value_in_force,
    entry_ends_in_time,
    nothing_is_driven,
    refusal_changes_nothing,
)
