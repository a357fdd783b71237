"""Terms as SMT-LIB 2 text.

The text depends on the term alone, so that it is the same in every process and every file. A large subterm is given a
name, made from the hash of its content, and is printed once however often it is used.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from pumpproof.verify.logic.terms import Operator, Sort, Term, in_order

_LONGEST = 160
"""A compound term of more characters than these is named where it is a part of another."""


class UnprintableName(ValueError):
    """A name that SMT-LIB can not quote."""


@dataclass(frozen=True, eq=False)
class Definition:
    """A name for a term. With ``parameters`` it is a function of these variables, and reads no other.

    Without parameters the term reads the global variables.
    """

    name: str
    body: Term
    parameters: tuple[Term, ...] = ()


@cache
def quoted(name: str) -> str:
    """A name as a quoted symbol.

    Raises:
        UnprintableName: the name has a character that no symbol may have.
    """
    if "|" in name or "\\" in name or not name.isprintable():
        raise UnprintableName(
            f"the name {name!r} can not be written in SMT-LIB; use one without |, \\ and control characters"
        )
    return f"|{name}|"


def numeral(value: int) -> str:
    """An integer; SMT-LIB has no negative literals."""
    return str(value) if value >= 0 else f"(- {-value})"


def applied(name: str, arguments: Sequence[str]) -> str:
    """A defined function applied to texts; the name alone if it takes none."""
    return f"({quoted(name)} {' '.join(arguments)})" if arguments else quoted(name)


class Printer:
    """Prints definitions; what two of them share is worked out once."""

    def __init__(self) -> None:
        self._inline: dict[Term, str] = {}
        self._body: dict[Term, str] = {}
        self._named_in: dict[Term, tuple[Term, ...]] = {}
        self._names: dict[str, Term] = {}

    def definition(self, definition: Definition, known: set[Term]) -> Iterator[str]:
        """The commands that define a name; the large terms not in ``known`` first, which are added to it."""
        body, needs = self._printed(definition.body)
        sort = definition.body.sort
        if not definition.parameters:
            for term in self._in_order(needs, known):
                yield f"(define-fun {self._inline[term]} () {term.sort} {self._body[term]})"
            yield f"(define-fun {quoted(definition.name)} () {sort} {body})"
            return
        assert definition.body.variables <= set(definition.parameters)
        for term in reversed(tuple(self._in_order(needs, set()))):
            body = f"(let (({self._inline[term]} {self._body[term]})) {body})"
        parameters = " ".join(f"({quoted(one.name)} {one.sort})" for one in definition.parameters)
        # A name that is bound in a function is never the name of a definition, which reads global variables.
        body = body.replace("|term ", "|part ")
        yield f"(define-fun {quoted(definition.name)} ({parameters}) {sort} {body})"

    def _in_order(self, needs: Iterable[Term], known: set[Term]) -> Iterator[Term]:
        """The named terms in ``needs`` and those in their bodies, each after those that it uses."""
        stack = [(term, False) for term in reversed(tuple(needs))]
        while stack:
            term, ready = stack.pop()
            if ready:
                yield term
            elif term not in known:
                known.add(term)
                stack.append((term, True))
                stack += [(below, False) for below in reversed(self._named_in[term])]

    def _printed(self, root: Term) -> tuple[str, tuple[Term, ...]]:
        """The text of a term and the named terms that stand in it."""
        for term in in_order(root, self._inline.__contains__):
            self._print(term)
        if root in self._body:
            return self._body[root], self._named_in[root]
        return self._inline[root], self._named_in.get(root, ())

    def _print(self, term: Term) -> None:
        body = _text(term, [self._inline[argument] for argument in term.arguments])
        below: dict[Term, None] = {}
        for argument in term.arguments:
            below.update(
                {argument: None} if argument in self._body else dict.fromkeys(self._named_in[argument])
            )
        self._named_in[term] = tuple(below)
        if len(body) <= _LONGEST or not term.arguments:
            self._inline[term] = body
            return
        name = f"term {term.digest.hex()[:16]}"
        assert self._names.setdefault(name, term) is term, "two terms have one name"
        self._inline[term] = quoted(name)
        self._body[term] = body


def _text(term: Term, arguments: Sequence[str]) -> str:
    match term.operator:
        case Operator.INTEGER:
            return numeral(term.integer)
        case Operator.TRUTH:
            return "true" if term.integer else "false"
        case Operator.VARIABLE:
            return quoted(term.name)
        case Operator.SCALE:
            return f"(* {numeral(term.integer)} {arguments[0]})"
        case Operator.FLOOR_DIVIDE | Operator.REMAINDER:
            return f"({term.operator.value} {arguments[0]} {numeral(term.integer)})"
        case (
            Operator.ADD
            | Operator.IF
            | Operator.EQUAL
            | Operator.LESS_OR_EQUAL
            | Operator.NOT
            | Operator.AND
            | Operator.OR
        ):
            return f"({term.operator.value} {' '.join(arguments)})"
        case _:
            assert_never(term.operator)


def declaration(name: str, sort: Sort) -> str:
    """The command that declares a variable."""
    return f"(declare-const {quoted(name)} {sort})"
