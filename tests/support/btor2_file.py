"""Reads a BTOR2 file as a stranger would, from its text alone, and takes steps by it.

The rules are those of the format's own parser: operands, sorts and initial values stand before what uses them, and
widths fit. A constraint has to hold up to and including the moment at which something is bad. A state without
``init`` begins with any value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Values = dict[str, int]
"""The bits of states or inputs, by symbol, as numbers without sign."""

_SAME_WIDTH = ("and", "or", "add", "mul", "udiv", "urem", "not", "neg")
_COMPARISONS = ("eq", "slte")


@dataclass(frozen=True)
class Line:
    """A line that has a value: ``arguments`` are lines, ``numbers`` what else it says."""

    kind: str
    width: int
    arguments: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()


@dataclass
class Btor2File:
    """The parts of a file; what refers to a line is its number."""

    text: str
    lines: dict[int, Line] = field(default_factory=dict)
    inputs: dict[int, str] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    init: dict[int, int] = field(default_factory=dict)
    next: dict[int, int] = field(default_factory=dict)
    constraints: dict[str, int] = field(default_factory=dict)
    bad: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sorts: dict[int, int] = {}
        for text in self.text.splitlines():
            number, kind, *words = text.partition(";")[0].split() or (0, "")
            if kind == "sort":
                assert words[0] == "bitvec", text
                sorts[int(number)] = int(words[1])
            elif kind in ("constraint", "bad"):
                claims = self.constraints if kind == "constraint" else self.bad
                assert words[1] not in claims and self.lines[int(words[0])].width == 1, text
                claims[words[1]] = int(words[0])
            elif kind in ("init", "next"):
                state, value = int(words[1]), int(words[2])
                table = self.init if kind == "init" else self.next
                assert state in self.states and state not in table, text
                assert kind == "next" or value < state, f"an initial value stands before its state: {text}"
                assert sorts[int(words[0])] == self.lines[state].width == self.lines[value].width, text
                table[state] = value
            elif kind:
                assert int(number) not in self.lines, text
                self.lines[int(number)] = self._valued(int(number), kind, sorts[int(words[0])], words[1:])
        assert set(self.next) == set(self.states)

    def _valued(self, number: int, kind: str, width: int, words: list[str]) -> Line:
        if kind in ("input", "state"):
            (symbol,) = words
            (self.inputs if kind == "input" else self.states)[number] = symbol
            return Line(kind, width)
        if kind == "const":
            assert len(words[0]) == width
            return Line(kind, width, (), (int(words[0], 2),))
        count = {"ite": 3, "sext": 1, "slice": 1, "not": 1, "neg": 1}.get(kind, 2)
        line = Line(kind, width, tuple(map(int, words[:count])), tuple(map(int, words[count:])))
        of = [self.lines[one].width for one in line.arguments]
        match kind:
            case "sext":
                assert width == of[0] + line.numbers[0]
            case "slice":
                assert of[0] > line.numbers[0] and width == line.numbers[0] - line.numbers[1] + 1
            case "ite":
                assert of == [1, width, width]
            case _ if kind in _COMPARISONS:
                assert of[0] == of[1] and width == 1
            case _:
                assert kind in _SAME_WIDTH and set(of) == {width}, kind
        return line

    def values(self, states: Mapping[str, int], inputs: Mapping[str, int]) -> dict[int, int]:
        """The value of every line where states and inputs, each named, have these values; the rest are zero."""
        known: dict[int, int] = {}
        for number, line in self.lines.items():
            if line.kind == "state":
                known[number] = states.get(self.states[number], 0)
            elif line.kind == "input":
                known[number] = inputs.get(self.inputs[number], 0)
            else:
                known[number] = self._value(line, [known[one] for one in line.arguments])
            assert 0 <= known[number] < 1 << line.width
        return known

    def _value(self, line: Line, values: list[int]) -> int:
        widths = [self.lines[one].width for one in line.arguments]
        modulus = 1 << line.width
        match line.kind, values:
            case "const", []:
                return line.numbers[0]
            case "sext", [value]:
                return signed(value, widths[0]) % modulus
            case "slice", [value]:
                return (value >> line.numbers[1]) % modulus
            case "not", [value]:
                return value ^ (modulus - 1)
            case "neg", [value]:
                return -value % modulus
            case "and", [left, right]:
                return left & right
            case "or", [left, right]:
                return left | right
            case "add", [left, right]:
                return (left + right) % modulus
            case "mul", [left, right]:
                return (left * right) % modulus
            case "udiv", [left, right]:
                return left // right if right else modulus - 1
            case "urem", [left, right]:
                return left % right if right else left
            case "eq", [left, right]:
                return int(left == right)
            case "slte", [left, right]:
                return int(signed(left, widths[0]) <= signed(right, widths[1]))
            case "ite", [condition, then, otherwise]:
                return then if condition else otherwise
            case _:
                raise AssertionError(line)

    def width_of(self, symbol: str) -> int:
        """The bits of the state or input of this name."""
        (number,) = (one for one, name in (self.states | self.inputs).items() if name == symbol)
        return self.lines[number].width

    def after(self, known: Mapping[int, int]) -> Values:
        """The states after a step, of the values before it."""
        return {self.states[state]: known[value] for state, value in self.next.items()}

    def begins(self, states: Mapping[str, int]) -> bool:
        """Say whether a run may begin with these states."""
        known = self.values(states, {})
        return not self.broken(known) and all(known[one] == known[value] for one, value in self.init.items())

    def broken(self, known: Mapping[int, int]) -> list[str]:
        """The constraints that do not hold."""
        return [name for name, line in self.constraints.items() if not known[line]]


def signed(value: int, width: int) -> int:
    """The number that these bits are in two's complement."""
    return value - (1 << width) if value >> (width - 1) else value
