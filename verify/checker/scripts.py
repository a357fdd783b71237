"""SMT-LIB 2 scripts, read strictly: a few commands in one order, every symbol quoted, no comments and no strings."""

import re
from dataclasses import dataclass, field

Node = str | tuple["Node", ...]

_TOKEN = re.compile(r"[()]|\|[^|\\]*\||[A-Za-z0-9_<>=*+\-]+")
_HELPER = re.compile(r"\|term [0-9a-f]{16}\|")
_OPERATORS = frozenset(
    ("and", "or", "not", "=>", "=", "<=", "<", ">=", ">", "+", "-", "*", "div", "mod", "ite", "true", "false")
)
_LOGIC: Node = ("set-logic", "QF_LIA")


class Rejected(ValueError):
    """Something in a certificate that has no place there; the message begins with file and line."""


@dataclass(frozen=True)
class Line:
    """A place in a file, as messages give it."""

    file: str
    number: int

    def reject(self, what: str) -> Rejected:
        """The error for this place."""
        return Rejected(f"{self.file}:{self.number}: {what}")


@dataclass(frozen=True)
class Defined:
    """A definition as it stands in a script."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    sort: str
    body: Node
    line: Line

    @property
    def text(self) -> str:
        """The command, written again."""
        parameters = " ".join(f"({name} {sort})" for name, sort in self.parameters)
        return f"(define-fun {self.name} ({parameters}) {self.sort} {show(self.body)})"

    @property
    def is_helper(self) -> bool:
        """Whether it only gives a name to a large part of other definitions."""
        return _HELPER.fullmatch(self.name) is not None


@dataclass(frozen=True)
class Query:
    """The assertions between a ``push`` and its ``check-sat``."""

    asserted: tuple[tuple[Node, Line], ...]
    line: Line


@dataclass
class File:
    """All that a script says."""

    declared: dict[str, str] = field(default_factory=dict)
    defined: dict[str, Defined] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)


def show(node: Node) -> str:
    """An expression as text."""
    return node if isinstance(node, str) else f"({' '.join(map(show, node))})"


def read_script(text: str, file: str) -> File:
    """Read a script.

    Raises:
        Rejected: a character, a command or an order that is not allowed, or a name that is taken.
    """
    commands = _commands(text, file)
    if not commands or commands[0][0] != _LOGIC:
        raise Line(file, 1).reject("expected (set-logic QF_LIA) as the first command")
    found = File()
    opened: Line | None = None
    asserted: list[tuple[Node, Line]] = []
    asked = False
    for command, line in commands[1:]:
        match command:
            case ("declare-const", str() as name, ("Int" | "Bool") as sort) if opened is None:
                _refuse_taken(found, name, line)
                found.declared[name] = str(sort)
            case ("define-fun", str() as name, tuple() as parameters, ("Int" | "Bool") as sort, body) if (
                opened is None
            ):
                _refuse_taken(found, name, line)
                pairs = tuple(_parameter(one, line) for one in parameters)
                if len(dict(pairs)) != len(pairs):
                    raise line.reject(f"{name} has two parameters of one name")
                _refuse_unknown(found, body, frozenset(dict(pairs)), line)
                found.defined[name] = Defined(name, pairs, str(sort), body, line)
            case ("push", "1") if opened is None:
                opened, asserted, asked = line, [], False
            case ("assert", formula) if opened is not None and not asked:
                asserted.append((formula, line))
            case ("check-sat",) if opened is not None and asserted and not asked:
                asked = True
            case ("pop", "1") if opened is not None and asked:
                found.queries.append(Query(tuple(asserted), opened))
                opened = None
            case _:
                raise line.reject(f"the command {_short(command)} has no place here")
    if opened is not None:
        raise opened.reject("this push has no pop")
    return found


def _refuse_taken(found: File, name: str, line: Line) -> None:
    if not name.startswith("|"):
        raise line.reject(f"the name {name} is not quoted")
    if name in found.declared or name in found.defined:
        raise line.reject(f"{name} has a meaning already")


def _refuse_unknown(found: File, node: Node, local: frozenset[str], line: Line) -> None:
    """Refuse a name that nothing before gives a meaning, such as that of the definition itself."""
    match node:
        case ("let", tuple() as bindings, body):
            names = []
            for one in bindings:
                if not (isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str)):
                    raise line.reject(f"{show(one)} binds no name")
                names.append(one[0])
                _refuse_unknown(found, one[1], local, line)
            _refuse_unknown(found, body, local.union(names), line)
        case tuple():
            for one in node:
                _refuse_unknown(found, one, local, line)
        case _:
            known = node in local or node in found.declared or node in found.defined or node in _OPERATORS
            if not known and re.fullmatch("[0-9]+", node) is None:
                raise line.reject(f"the name {node} has no meaning here")


def _parameter(node: Node, line: Line) -> tuple[str, str]:
    match node:
        case (str() as name, ("Int" | "Bool") as sort) if name.startswith("|"):
            return name, str(sort)
        case _:
            raise line.reject(f"{show(node)} is no parameter")


def _short(node: Node) -> str:
    text = show(node)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _commands(text: str, file: str) -> list[tuple[Node, Line]]:
    """The top-level expressions with the lines on which they begin."""
    commands: list[tuple[Node, Line]] = []
    for number, row in enumerate(text.split("\n"), 1):
        line = Line(file, number)
        stack: list[list[Node]] = [[]]
        place = 0
        while place < len(row):
            if row[place] == " ":
                place += 1
                continue
            token = _TOKEN.match(row, place)
            if token is None:
                raise line.reject(f"the character {row[place]!r} has no place here")
            place = token.end()
            if token.group() == "(":
                stack.append([])
            elif token.group() == ")":
                if len(stack) == 1:
                    raise line.reject("a closing parenthesis too many")
                closed = tuple(stack.pop())
                stack[-1].append(closed)
            else:
                stack[-1].append(token.group())
        if len(stack) != 1:
            raise line.reject("a command must end on the line on which it begins")
        for node in stack[0]:
            if isinstance(node, str):
                raise line.reject(f"{node} stands outside of any command")
            commands.append((node, line))
    return commands
