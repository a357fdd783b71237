"""SMT-LIB 2 scripts, read strictly: a few commands in one order, one on a line, every name quoted, nothing else.

A script stands for itself: it declares and defines what it names, each name once and before its use. A claim and the
opening of an observer are functions that see their parameters and nothing else; no other definition has parameters.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache

_NAME = r"\|[^|\\]*\|"
_PARAMETER = re.compile(rf"\(({_NAME}) (Int|Bool)\)")
_DECLARE = re.compile(rf"\(declare-const ({_NAME}) (Int|Bool)\)")
_DEFINE = re.compile(rf"\(define-fun ({_NAME}) \(((?:{_PARAMETER.pattern} ?)*)\) (Int|Bool) (.+)\)")
_ASSERT = re.compile(r"\(assert (.+)\)")
_HELPER = re.compile(r"\|term [0-9a-f]{16}\|")
_BOUND = re.compile(r"\|part [0-9a-f]{16}\|")
_TOKEN = re.compile(
    rf"[() ]|{_NAME}|(?:and|or|not|ite|let|true|false|div|mod|=|<=|\+|-|\*|0|[1-9][0-9]*)(?![^() ])"
)
_FUNCTIONS = ("|property ", "|defined property ", "|opened ")
_DEEPEST = 1_000
_LONGEST = 80


class Rejected(ValueError):
    """Something in a certificate that has no place there; the message begins with the place."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place}: {what}")


@dataclass(frozen=True)
class Defined:
    """A definition: the command as it stands in a script, and its parts."""

    name: str
    parameters: dict[str, str]
    body: str
    text: str
    place: str = field(compare=False)

    @property
    def is_helper(self) -> bool:
        """Whether it only gives a name to a large part of other definitions."""
        return _HELPER.fullmatch(self.name) is not None


@dataclass(frozen=True)
class Query:
    """The formulas asserted between a ``push`` and its ``check-sat``."""

    asserted: tuple[str, ...]
    place: str


@dataclass(frozen=True)
class Script:
    """All that a file says; ``names`` are those that it has declared and defined."""

    declared: dict[str, str] = field(default_factory=dict)
    defined: dict[str, Defined] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


def read_script(text: str, file: str) -> Script:
    """Read a script.

    Raises:
        Rejected: a character, a command, an order or a name that is not allowed.
    """
    first, *rows = text.removesuffix("\n").split("\n")
    if first != "(set-logic QF_LIA)":
        raise Rejected(f"{file}:1", "expected (set-logic QF_LIA) as the first command")
    script = Script()
    asserted: list[str] | None = None
    asked = False
    for number, row in enumerate(rows, 2):
        place = f"{file}:{number}"
        if row == "(push 1)" and asserted is None:
            asserted, asked = [], False
        elif row == "(check-sat)" and asserted and not asked:
            asked = True
        elif row == "(pop 1)" and asserted and asked:
            script.queries.append(Query(tuple(asserted), place))
            asserted = None
        elif (found := _ASSERT.fullmatch(row)) and asserted is not None and not asked:
            _check_names(found[1], script.names, place)
            asserted.append(found[1])
        elif (found := _DECLARE.fullmatch(row)) and asserted is None:
            _add_name(found[1], script, place)
            script.declared[found[1]] = found[2]
        elif (found := _DEFINE.fullmatch(row)) and asserted is None:
            defined = _defined(found, script, place)
            _add_name(found[1], script, place)
            script.defined[found[1]] = defined
        else:
            raise Rejected(place, f"the command {short(row)} has no place here")
    if asserted is not None:
        raise Rejected(f"{file}:{len(rows) + 1}", "the last push has no pop")
    return script


def short(text: str) -> str:
    """The beginning of an expression, for a message."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _defined(found: re.Match[str], script: Script, place: str) -> Defined:
    name, body = found[1], found[found.re.groups]
    parameters = _PARAMETER.findall(found[2])
    seen: AbstractSet[str] = dict(parameters).keys()
    if len(seen) != len(parameters):
        raise Rejected(place, f"{name} has two parameters of one name")
    if not name.startswith(_FUNCTIONS):
        if parameters:
            raise Rejected(place, f"{name} may not have parameters")
        seen = script.names
    _check_names(body, seen, place)
    return Defined(name, dict(parameters), body, found[0], place)


def _add_name(name: str, script: Script, place: str) -> None:
    if name in script.names:
        raise Rejected(place, f"{name} has a meaning already")
    script.names.add(name)


def _check_names(text: str, known: AbstractSet[str], place: str) -> None:
    """That a text is one expression, all of whose names are known, or bound in it, which solvers see to."""
    try:
        names = _names(text)
    except ValueError as error:
        raise Rejected(place, str(error)) from error
    for name in sorted(names - known):
        if not _BOUND.fullmatch(name):
            raise Rejected(place, f"{name} is not to be seen here")


@cache
def _names(text: str) -> frozenset[str]:
    """The quoted names in an expression."""
    names: set[str] = set()
    depth = place = 0
    while place < len(text):
        if (token := _TOKEN.match(text, place)) is None:
            raise ValueError(f"{short(text[place:])} has no place here")
        place = token.end()
        depth += {"(": 1, ")": -1}.get(token[0], 0)
        if depth > _DEEPEST:
            raise ValueError(f"more than {_DEEPEST} parentheses are open")
        if (depth <= 0 and place < len(text)) or (depth != 0 and place == len(text)):
            raise ValueError(f"{short(text)} is not one expression")
        if token[0].startswith("|"):
            names.add(token[0])
    return frozenset(names)
