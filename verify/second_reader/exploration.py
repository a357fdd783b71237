"""Every path through a piece of code, and all of them merged into one value.

The code is run once for each path. Where it asks for the truth of an unknown condition, the path forks: the run goes on
as if the condition were true, and later the code is run again as if it were false. The forks are a binary tree, and
merging it from its leaves up makes one conditional value, in which nothing of any path is lost.
"""

import dis
from collections.abc import Callable
from dataclasses import dataclass
from inspect import CO_GENERATOR
from types import CodeType, FrameType, TracebackType

from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.expression import (
    FALSE,
    TRUE,
    Expression,
    disjunction,
    equals,
    if_else,
    integer,
)
from pumpproof.verify.second_reader.shapes import Choice, Shape, Value, merged, words

MOST_PATHS = 2_000
"""Paths through one function; beyond this the reading is given up, never cut short."""

_MOST_ITEMS = 256
_MOST_QUESTIONS = 200_000
_FOLDER = __file__.rpartition("/")[0]


@dataclass(frozen=True)
class Outcome:
    """What a piece of code gives on all its paths: ``raises`` says where it raises and the value means nothing.

    ``value`` is None where every path raises.
    """

    shape: Shape | None
    value: Value | None
    raises: Expression
    paths: int = 1


class Path:
    """One run: the decisions that are given, those taken anew, and where partial operations leave their domain."""

    def __init__(self, given: list[bool], outer: "Path | None") -> None:
        self.given = given
        self.outer = outer
        self.asked: list[Expression] = []
        self.raises: Expression = FALSE
        self.turns = 0
        self.indexed: tuple[int, object, int, int] | None = None
        self._questions = 0
        self._decided: dict[Expression, bool] = {}
        self._members: dict[Expression, int] = {}

    def decide(self, condition: Expression) -> bool:
        """The truth of a condition on this path; an unknown one forks it."""
        if condition is TRUE or condition is FALSE:
            return condition is TRUE
        if condition.head == "not":
            return not self.decide(condition.arguments[0])
        self._questions += 1
        if self._questions > _MOST_QUESTIONS or len(self.asked) >= MOST_PATHS:
            # As many forks make as many paths; and a loop that never ends asks the same again and again.
            raise CanNotRead(f"code with more than {MOST_PATHS} paths", "split the function")
        known = self._known(condition)
        if known is not None:
            return known
        number = len(self.asked)
        decision = self.given[number] if number < len(self.given) else True
        self.asked.append(condition)
        self._decided[condition] = decision
        return decision

    def _known(self, condition: Expression) -> bool | None:
        path: Path | None = self
        while path is not None:
            if condition in path._decided:
                return path._decided[condition]
            path = path.outer
        return None

    def member(self, shape: Choice, term: Expression) -> int:
        """The position of the member that an unknown of an enumeration is, one fork for each member but the last."""
        if term.head == "known":
            return term.number
        path: Path | None = self
        while path is not None:
            if term in path._members:
                return path._members[term]
            path = path.outer
        found = self._member(len(shape.members), term)
        self._members[term] = found
        return found

    def _member(self, count: int, term: Expression) -> int:
        if term.head == "ite" and _has_known_end(term):
            # The branch that is taken says more than the whole: fewer forks, and none that can not be.
            then, otherwise = term.arguments[1:]
            return self._member(count, then if self.decide(term.arguments[0]) else otherwise)
        if term.head == "known":
            return term.number
        for number in range(count - 1):
            if self.decide(equals(term, integer(number))):
                return number
        return count - 1

    def index(self, term: Expression, frame: FrameType) -> int:
        """The position that an unknown index means, one fork for each, until Python says that there is no such item."""
        if frame.f_code.co_flags & CO_GENERATOR == 0 and _is_in_loop(frame.f_code, frame.f_lasti):
            raise CanNotRead(
                "an unknown index, in a loop, of a tuple written in a function",
                "index in a function of its own",
            )
        for number in range(_MOST_ITEMS):
            before = len(self.asked)
            if self.decide(equals(term, integer(number))):
                if len(self.asked) > before:
                    self.indexed = (len(self.asked), frame.f_code, frame.f_lasti, self.turns)
                return number
        raise CanNotRead(
            "an unknown index of a long tuple, or an unknown bound of a slice", "use a field or known bounds"
        )

    def may_raise(self, condition: Expression) -> None:
        """Note that the code raises here where the condition holds."""
        self.raises = disjunction((self.raises, condition))


def _is_in_loop(code: CodeType, offset: int) -> bool:
    """Say whether an instruction may run more than once in a call: then which time it failed would be a guess."""
    return any(
        "BACKWARD" in one.opname and one.argval <= offset < one.offset for one in dis.get_instructions(code)
    )


def _has_known_end(term: Expression) -> bool:
    return any(
        branch.head == "known" or (branch.head == "ite" and _has_known_end(branch))
        for branch in term.arguments[1:]
    )


_running: list[Path] = []


def path() -> Path:
    """The path that is being run.

    Raises:
        CanNotRead: none is; a symbolic value has come out of the function that it belongs to.
    """
    if not _running:
        raise CanNotRead("a symbolic value outside its function", "return it")
    return _running[-1]


def explore(run: Callable[[], tuple[Shape, Value]], place: str, *, within: Path | None = None) -> Outcome:
    """Run a piece of code on every path and merge what it gives.

    ``within`` is the path that the code is part of, whose decisions hold for it too.

    Raises:
        CanNotRead: the code does something that has no exact reading, or has more than ``MOST_PATHS`` paths.
    """
    forks: list[tuple[Expression, Outcome | None]] = []
    paths = 0
    while True:
        paths += 1
        if paths > MOST_PATHS:
            raise CanNotRead(f"code with more than {MOST_PATHS} paths", "split the function", place)
        one = Path([then is None for _, then in forks], within)
        outcome, rest_raises = _run(one, run, place)
        if any(asked is not fork for asked, (fork, _) in zip(one.asked, forks)) or len(one.asked) < len(
            forks
        ):
            raise CanNotRead(
                "code that is not the same each time it runs", "read nothing that changes", place
            )
        forks += [(condition, None) for condition in one.asked[len(forks) :]]
        if rest_raises:
            forks[-1] = (forks[-1][0], outcome)
            outcome = Outcome(None, None, TRUE)
        while forks:
            condition, then = forks[-1]
            if then is None:
                forks[-1] = (condition, outcome)
                break
            outcome = _joined(condition, then, outcome, place)
            forks.pop()
        else:
            return Outcome(outcome.shape, outcome.value, outcome.raises, paths)


def _run(one: Path, run: Callable[[], tuple[Shape, Value]], place: str) -> tuple[Outcome, bool]:
    """What one path gives; and whether an index that was tried last was the first one beyond its tuple."""
    _running.append(one)
    try:
        shape, value = run()
    except CanNotRead as error:
        raise error.at(_place(error.__traceback__, place)) from None
    except IndexError as error:
        innermost = error.__traceback__
        while innermost is not None and innermost.tb_next is not None:
            innermost = innermost.tb_next
        beyond = innermost is not None and one.indexed == (
            len(one.asked),
            innermost.tb_frame.f_code,
            innermost.tb_lasti,
            one.turns,
        )
        return Outcome(None, None, TRUE), beyond
    except Exception as error:
        said = f": {error}" if str(error) else ""
        raise CanNotRead(
            f"code that raises {type(error).__name__}{said}",
            "use what the subset allows",
            _place(error.__traceback__, place),
        ) from error
    finally:
        _running.pop()
    return Outcome(shape, value, one.raises), False


def _place(traceback: TracebackType | None, otherwise: str) -> str:
    """The innermost line of the code that was read."""
    found = otherwise
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if not file.startswith(_FOLDER) and file != "<string>":
            found = f"{file}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found


def _joined(condition: Expression, then: Outcome, otherwise: Outcome, place: str) -> Outcome:
    raises = if_else(condition, then.raises, otherwise.raises)
    if then.shape is None or then.value is None:
        return Outcome(otherwise.shape, otherwise.value, raises)
    if otherwise.shape is None or otherwise.value is None:
        return Outcome(then.shape, then.value, raises)
    if then.shape != otherwise.shape:
        raise CanNotRead(
            f"code that gives {words(then.shape)} on one path and {words(otherwise.shape)} on another",
            "give one type",
            place,
        )
    return Outcome(then.shape, merged(condition, then.value, otherwise.value), raises)
