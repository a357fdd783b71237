"""Named basal patterns: records in the state, a tuple of records at a chosen index, an observer that keeps records."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import invariant, step_property
from pumpproof.spec.kernel.requirements import Requirement
from pumpproof.spec.kernel.types import Length
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import SAME_MODE, Command, Row

PATTERNS = 3
MOST_PULSES = 4


class Mode(Enum):
    """It always delivers."""

    DELIVERING = "delivering"


class Reason(Enum):
    """Why a request is refused."""

    NONE = "accepted"
    NO_SUCH_PATTERN = "no such pattern"
    TOO_MUCH = "too much"


class Name(Enum):
    """What a person calls a pattern."""

    UNUSED = "unused"
    WORK_DAY = "work day"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Pattern:
    """A basal pattern of two halves of the day."""

    name: Name
    pulses: tuple[int, int]


@dataclass(frozen=True)
class Basal:
    """The patterns, and which of them is in force."""

    patterns: Annotated[tuple[Pattern, ...], Length(3)]
    chosen: int


@dataclass(frozen=True)
class Accounts:
    """Pulses given of this day, and in all."""

    today_pulses: int
    given_pulses: int


@dataclass(frozen=True)
class Pump:
    """The state, with one record per feature."""

    mode: Mode
    basal: Basal
    accounts: Accounts


@dataclass(frozen=True)
class Limits:
    """No limits."""


@dataclass(frozen=True)
class Outputs:
    """What a step gives."""

    drive_pulses: int = 0
    refusal: Reason = Reason.NONE


@dataclass(frozen=True)
class Step:
    """The state after a step, and its outputs."""

    state: Pump
    outputs: Outputs = Outputs()


@dataclass(frozen=True)
class Edit:
    """The person writes a pattern."""

    pattern: int
    name: Name
    pulses: int


@dataclass(frozen=True)
class Choose:
    """The person chooses a pattern."""

    pattern: int


@dataclass(frozen=True)
class HalfDay:
    """Half a day has passed."""

    afternoon: bool


def refuse_edit(pump: Pump, event: Edit, limits: Limits) -> Reason:
    """The pattern exists, and its pulses are within the limit."""
    if not 0 <= event.pattern < PATTERNS:
        return Reason.NO_SUCH_PATTERN
    return Reason.NONE if 0 <= event.pulses <= MOST_PULSES else Reason.TOO_MUCH


def edited(pattern: Pattern, event: Edit) -> Pattern:
    """The pattern under its new name, with these pulses in the morning; the afternoon stays."""
    return replace(pattern, name=event.name, pulses=(event.pulses, pattern.pulses[1]))


def edit(pump: Pump, event: Edit, limits: Limits) -> Step:
    """Write this pattern and no other."""
    patterns = tuple(
        edited(pump.basal.patterns[at], event) if at == event.pattern else pump.basal.patterns[at]
        for at in range(PATTERNS)
    )
    return Step(replace(pump, basal=replace(pump.basal, patterns=patterns)))


def refuse_choice(pump: Pump, event: Choose, limits: Limits) -> Reason:
    """The pattern exists."""
    return Reason.NONE if 0 <= event.pattern < PATTERNS else Reason.NO_SUCH_PATTERN


def choose(pump: Pump, event: Choose, limits: Limits) -> Step:
    """From now on this pattern is in force."""
    return Step(replace(pump, basal=replace(pump.basal, chosen=event.pattern)))


def pattern_in_force(basal: Basal) -> Pattern:
    """The chosen pattern."""
    return basal.patterns[basal.chosen]


def book(accounts: Accounts, pulses: int) -> Accounts:
    """Count what is given."""
    return replace(
        accounts,
        today_pulses=accounts.today_pulses + pulses,
        given_pulses=accounts.given_pulses + pulses,
    )


def every_half_day(pump: Pump, event: HalfDay, limits: Limits) -> bool:
    """Always."""
    return True


def give(pump: Pump, event: HalfDay, limits: Limits) -> Step:
    """Give the pulses of this half of the day; a new day begins with the morning."""
    pulses = pattern_in_force(pump.basal).pulses[1 if event.afternoon else 0]
    accounts = pump.accounts if event.afternoon else replace(pump.accounts, today_pulses=0)
    return Step(replace(pump, accounts=book(accounts, pulses)), Outputs(drive_pulses=pulses))


@dataclass(frozen=True)
class Books:
    """An observer's record that keeps a record of its own."""

    accounts: Accounts
    last: Pattern


def begin_books(pump: Pump) -> Books:
    """Nothing was given."""
    return Books(accounts=Accounts(today_pulses=0, given_pulses=0), last=pump.basal.patterns[0])


def note(books: Books, before: Pump, event: HalfDay, outputs: Outputs) -> Books:
    """Count what is driven."""
    today = books.accounts.today_pulses if event.afternoon else 0
    return Books(
        accounts=Accounts(
            today_pulses=today + outputs.drive_pulses,
            given_pulses=books.accounts.given_pulses + outputs.drive_pulses,
        ),
        last=before.basal.patterns[before.basal.chosen],
    )


BOOKS = Observer("books", "Counts what is driven.", Books, begin_books, ((HalfDay, note),))


@invariant("INV-DOSE-001", says="What was given is booked, as whole records.", formalizes=("REQ-DOSE-001",))
def books_agree(pump: Pump, books: Books) -> bool:
    return pump.accounts == books.accounts


@invariant("INV-BASAL-001", says="A pattern that exists is chosen.", formalizes=("REQ-BASAL-001",))
def choice_exists(pump: Pump) -> bool:
    return 0 <= pump.basal.chosen < PATTERNS


@invariant("INV-BASAL-002", says="No pattern is above the limit.", formalizes=("REQ-BASAL-001",))
def patterns_are_within_limits(pump: Pump) -> bool:
    return all(
        all(0 <= pulses <= MOST_PULSES for pulses in pattern.pulses) for pattern in pump.basal.patterns
    )


@invariant(
    "INV-BASAL-003",
    says="The last pattern in force was within the limit.",
    formalizes=("REQ-BASAL-001",),
    uses=("INV-BASAL-001", "INV-BASAL-002"),
)
def last_is_within_limits(books: Books) -> bool:
    return 0 <= books.last.pulses[0] <= MOST_PULSES and 0 <= books.last.pulses[1] <= MOST_PULSES


def choice_was_accepted(event: Choose, outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


@step_property(
    "INV-BASAL-004",
    says="A choice changes which pattern is in force, and nothing else.",
    formalizes=("REQ-BASAL-001",),
    when=choice_was_accepted,
)
def choosing_does_this_alone(before: Pump, after: Pump, event: Choose, outputs: Outputs) -> bool:
    return after == replace(before, basal=replace(before.basal, chosen=after.basal.chosen))


def holiday_is_given(before: Pump, event: HalfDay) -> bool:
    return before.basal.chosen == 2 and before.basal.patterns[before.basal.chosen].name is Name.HOLIDAY


@step_property(
    "INV-BASAL-005",
    says="While the third pattern is in force, its pulses are given.",
    formalizes=("REQ-BASAL-001",),
    when=holiday_is_given,
)
def third_pattern_is_given(before: Pump, event: HalfDay, outputs: Outputs) -> bool:
    return outputs.drive_pulses == before.basal.patterns[2].pulses[1 if event.afternoon else 0]


def initial(limits: Limits) -> Pump:
    """Nothing is programmed."""
    return Pump(
        mode=Mode.DELIVERING,
        basal=Basal(
            patterns=tuple(Pattern(name=Name.UNUSED, pulses=(0, 1)) for at in range(PATTERNS)), chosen=0
        ),
        accounts=Accounts(today_pulses=0, given_pulses=0),
    )


SYSTEM = System(
    name="pattern pump",
    says="Gives the chosen of three basal patterns.",
    state=Pump,
    mode=Mode,
    limits=Limits,
    outputs=Outputs,
    reason=Reason,
    events=(Edit, Choose, HalfDay),
    initial=initial,
    table=(
        Command(
            "MDL-BASAL-001",
            (Mode.DELIVERING,),
            Edit,
            refuse_edit,
            edit,
            to=SAME_MODE,
            why="A pattern is edited also while it runs.",
            requirements=("REQ-BASAL-001",),
        ),
        Command(
            "MDL-BASAL-002",
            (Mode.DELIVERING,),
            Choose,
            refuse_choice,
            choose,
            to=SAME_MODE,
            why="A person chooses among the patterns.",
            requirements=("REQ-BASAL-001",),
        ),
        Row(
            "MDL-DOSE-001",
            (Mode.DELIVERING,),
            HalfDay,
            every_half_day,
            give,
            to=SAME_MODE,
            why="Each half of the day gives its pulses.",
            requirements=("REQ-DOSE-001",),
        ),
    ),
    conditions=(),
    observers=(BOOKS,),
    properties=(
        books_agree,
        choice_exists,
        patterns_are_within_limits,
        last_is_within_limits,
        choosing_does_this_alone,
        third_pattern_is_given,
    ),
    requirements=(
        Requirement("REQ-BASAL-001", "The chosen pattern is given.", "example"),
        Requirement("REQ-DOSE-001", "What is given is booked.", "example"),
    ),
)
