"""What the specification keeps for itself: what the keys spell, what was asked, how long nobody pressed a key."""

from dataclasses import dataclass, replace

from pumpproof.spec.kernel.observers import Observer
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
    Tick,
    Up,
)


def accepted(outputs: Outputs) -> bool:
    """The key was not refused."""
    return outputs.refusal is Reason.NONE


def displayed(entry: NumberEntry) -> int:
    """Thousandths of what the screen shows, as anybody reads it."""
    worth = (1000 * entry.mantissa, 100 * entry.mantissa, 10 * entry.mantissa, entry.mantissa)
    return sum(worth[k] if entry.decimals == k else 0 for k in range(4))


@dataclass(frozen=True)
class Paper:
    """The number that somebody writes down who watches the keys, in thousandths of the unit.

    ``place`` is what the next digit counts: 1000 before the decimal mark, then 100, 10, 1, and 0 behind the last
    decimal. ``agreed`` is the number confirmed last.
    """

    value: int
    place: int
    agreed: int


def blank_paper(limits: Limits) -> Paper:
    return Paper(limits.start, 0, limits.start)


def new_line(paper: Paper, before: NumberEntry) -> Paper:
    """The first key of an entry begins a number."""
    return replace(paper, value=0, place=1000) if before.mode is Mode.SHOWN else paper


def write_digit(paper: Paper, before: NumberEntry, after: NumberEntry, event: Digit) -> Paper:
    line = new_line(paper, before)
    if after.mode is not Mode.EDITED:
        return paper
    if line.place == 1000:
        return replace(line, value=10 * line.value + 1000 * event.digit)
    if line.place == 100:
        return replace(line, value=line.value + 100 * event.digit, place=10)
    if line.place == 10:
        return replace(line, value=line.value + 10 * event.digit, place=1)
    return replace(line, value=line.value + event.digit, place=0)


def write_mark(paper: Paper, before: NumberEntry, after: NumberEntry, event: DecimalMark) -> Paper:
    return replace(new_line(paper, before), place=100) if after.mode is Mode.EDITED else paper


def write_up(paper: Paper, event: Up, outputs: Outputs, limits: Limits) -> Paper:
    return replace(paper, value=paper.value + limits.step, place=0) if accepted(outputs) else paper


def write_down(paper: Paper, event: Down, outputs: Outputs, limits: Limits) -> Paper:
    return replace(paper, value=paper.value - limits.step, place=0) if accepted(outputs) else paper


def strike_out(paper: Paper, event: Clear) -> Paper:
    return replace(paper, value=paper.agreed, place=0)


def agree(paper: Paper, event: Confirm, outputs: Outputs) -> Paper:
    return replace(paper, agreed=paper.value, place=0) if outputs.taken else paper


def forget(paper: Paper, event: Tick, outputs: Outputs) -> Paper:
    return replace(paper, value=paper.agreed, place=0) if outputs.expired else paper


PAPER = Observer(
    "paper",
    says="Writes down what the keys spell, and what was confirmed last.",
    record=Paper,
    begin=blank_paper,
    steps=(
        (Digit, write_digit),
        (DecimalMark, write_mark),
        (Up, write_up),
        (Down, write_down),
        (Clear, strike_out),
        (Confirm, agree),
        (Tick, forget),
    ),
)


@dataclass(frozen=True)
class Question:
    """How often the number on the screen was confirmed since it was entered, and which it was."""

    times: int
    number: int


def no_question(entry: NumberEntry) -> Question:
    return Question(0, 0)


def count_confirmation(question: Question, before: NumberEntry, event: Confirm, outputs: Outputs) -> Question:
    if not accepted(outputs):
        return question
    return Question(0, 0) if outputs.taken else Question(question.times + 1, displayed(before))


def second_of_question(question: Question, event: Tick, outputs: Outputs) -> Question:
    return Question(0, 0) if outputs.expired else question


def other_key(question: Question, outputs: Outputs) -> Question:
    return Question(0, 0) if accepted(outputs) else question


QUESTION = Observer(
    "question",
    says="Counts how often the number on the screen was confirmed.",
    record=Question,
    begin=no_question,
    steps=((Confirm, count_confirmation), (Tick, second_of_question)),
    otherwise=other_key,
)


@dataclass(frozen=True)
class Idle:
    """Seconds since a key was taken."""

    seconds: int


def not_idle(entry: NumberEntry) -> Idle:
    return Idle(0)


def second_of_idleness(idle: Idle, event: Tick) -> Idle:
    return Idle(idle.seconds + 1)


def key_ends_idleness(idle: Idle, outputs: Outputs) -> Idle:
    return Idle(0) if accepted(outputs) else idle


IDLE = Observer(
    "idle",
    says="Counts the seconds since a key was taken.",
    record=Idle,
    begin=not_idle,
    steps=((Tick, second_of_idleness),),
    otherwise=key_ends_idleness,
)

OBSERVERS = (PAPER, QUESTION, IDLE)
