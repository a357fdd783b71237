"""BTOR2: a transition system of bit-vectors. Every variable has bounds; what is worked out of them has none.

Each variable is a two's complement number of the width that is asked for. The range of every other term follows from
the ranges of its parts, and the term gets as many bits as that range needs. So no operation can overflow, and the one
thing left out is a run in which a variable would have to hold a number that does not fit.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from pumpproof.verify.export.remarks import remarks
from pumpproof.verify.export.transitions import Transitions
from pumpproof.verify.logic.terms import Operator, Term, in_order, is_known
from pumpproof.verify.proof.symbolic import SymbolicSystem

WIDEST_BITS = 128
_UNFIT_FOR_A_SYMBOL = re.compile(r"[^!-:<-~]+")
_CONSTANTS = (Operator.INTEGER, Operator.SCALE, Operator.FLOOR_DIVIDE, Operator.REMAINDER)


class UnusableWidth(ValueError):
    """A width in which the system can not be written."""


def width_needed(system: Transitions) -> int:
    """The bits of the smallest two's complement number that holds every number of which the system speaks."""
    seen: set[Term] = set()
    most = 1
    for root in _roots(system):
        for term in in_order(root, seen.__contains__):
            seen.add(term)
            if term.operator in _CONSTANTS:
                most = max(most, _width(term.integer, term.integer))
    return most


def default_width(system: Transitions) -> int:
    """One bit more than is needed, so that a variable can go beyond the largest number of which the system speaks."""
    return width_needed(system) + 1


def btor2(symbolic: SymbolicSystem, system: Transitions, width: int | None = None) -> str:
    """The system with variables of ``width`` bits, as a file for a checker of hardware.

    Raises:
        UnusableWidth: the width does not hold the numbers of which the system speaks, or is above ``WIDEST_BITS``.
    """
    needed = width_needed(system)
    chosen = default_width(system) if width is None else width
    if not needed <= chosen <= WIDEST_BITS:
        raise UnusableWidth(
            f"a width of {chosen} bits can not be used: system {symbolic.system.name} speaks of numbers that need "
            f"{needed} bits, and {WIDEST_BITS} are the most; choose one from {needed} to {WIDEST_BITS}"
        )
    lines = [f"; {line}".rstrip() for line in remarks(symbolic, system, _claim(chosen))]
    return "".join(f"{line}\n" for line in (*lines, *_Printer(chosen).lines(system)))


def _claim(width: int) -> str:
    low, high = _range(width)
    return (
        f"Bounds: every integer variable, which is every limit, every field of an event, of the state and of an "
        f"observer, has {width} bits in two's complement, {low} to {high}. A property that a checker proves here is "
        f"proved of all runs in which each of them fits at all times, and of no others. What is worked out of the "
        f"variables has as many bits as it can need, so no operation overflows. The constraint `begin` gives what "
        f"depends on limits in the first state, `valid` says what limits there are, `allowed` that every event so far "
        f"was allowed, and `fits` that every next value so far fitted. Without `fits` a number that does not fit loses "
        f"its upper bits; what is proved without it is proved with it."
    )


def _roots(system: Transitions) -> Iterator[Term]:
    yield from (system.valid, system.allowed)
    for one in system.variables:
        yield from (one.initial, one.after)
    yield from (judged.holds for judged in system.properties)


def _range(width: int) -> tuple[int, int]:
    return -(1 << (width - 1)), (1 << (width - 1)) - 1


def _width(low: int, high: int) -> int:
    """The bits of the smallest two's complement number that holds both."""
    return 1 + max(
        (-low - 1 if low < 0 else low).bit_length(), (-high - 1 if high < 0 else high).bit_length()
    )


@dataclass(frozen=True)
class _Node:
    """A printed line: its number, its width in bits, and the least and greatest value that it can have.

    A truth value is one bit; its range says nothing.
    """

    line: int
    bits: int
    low: int = 0
    high: int = 0


class _Printer:
    def __init__(self, width: int) -> None:
        self._width = width
        self._lines: list[str] = []
        self._sorts: dict[int, int] = {}
        self._constants: dict[tuple[int, int], int] = {}
        self._nodes: dict[Term, _Node] = {}

    def lines(self, system: Transitions) -> list[str]:
        """All lines but the comments at the head."""
        yes, no = self._constant(1, 1), self._constant(0, 1)
        first, allowed, fits = (self._begun("state", 1, name, yes) for name in ("first", "allowed", "fits"))
        for name in system.frozen:
            self._nodes[name] = self._declared("state", name)
        for one in system.variables:
            self._nodes[one.name] = self._declared("state", one.name, one.initial)
        for name in system.inputs:
            self._nodes[name] = self._declared("input", name)
        self._write("next", self._sort(1), first, no)
        self._limits(system, first)
        self._kept(allowed, "allowed", [self._line(system.allowed)])
        self._kept(fits, "fits", list(self._steps(system)))
        for judged in system.properties:
            bad = self._write("not", self._sort(1), self._line(judged.holds))
            self._write("bad", bad, _symbol(judged.id))
        return self._lines

    def _limits(self, system: Transitions, first: int) -> None:
        """Constraints on limits, and on what depends on them in the first state: an ``init`` may not speak of them.

        Where limits are valid could be said of the first state alone; said of every state it need not be inferred.
        """
        equal = [
            self._same(self._nodes[one.name], self._node(one.initial))
            for one in system.variables
            if not is_known(one.initial)
        ]
        if equal:
            later = self._write("not", self._sort(1), first)
            begun = self._write("or", self._sort(1), later, self._junction("and", equal))
            self._write("constraint", begun, "begin")
        self._write("constraint", self._line(system.valid), "valid")

    def _kept(self, state: int, name: str, conditions: list[int]) -> None:
        """A constraint that conditions on steps held in every step so far."""
        self._write("next", self._sort(1), state, self._junction("and", [state, *conditions]))
        self._write("constraint", state, name)

    def _steps(self, system: Transitions) -> Iterator[int]:
        """The next values; yields for each integer one the line that says whether it fits."""
        for name in system.frozen:
            node = self._nodes[name]
            self._write("next", self._sort(node.bits), node.line, node.line)
        for one in system.variables:
            node, after = self._nodes[one.name], self._node(one.after)
            if after.bits > node.bits:
                cut = _Node(
                    self._write("slice", self._sort(node.bits), after.line, node.bits - 1, 0), node.bits
                )
                yield self._same(cut, after)
            else:
                cut = _Node(self._extended(after, node.bits), node.bits)
            self._write("next", self._sort(node.bits), node.line, cut.line)

    def _write(self, *words: str | int) -> int:
        """Write a line and return its number."""
        number = len(self._lines) + 1
        self._lines.append(" ".join(map(str, (number, *words))))
        return number

    def _sort(self, bits: int) -> int:
        if bits not in self._sorts:
            self._sorts[bits] = self._write("sort", "bitvec", bits)
        return self._sorts[bits]

    def _constant(self, value: int, bits: int) -> int:
        if (value, bits) not in self._constants:
            text = format(value % (1 << bits), f"0{bits}b")
            self._constants[value, bits] = self._write("const", self._sort(bits), text)
        return self._constants[value, bits]

    def _begun(self, kind: str, bits: int, name: str, initial: int | None) -> int:
        """A declaration; an initial value stands before the state that begins with it, as the format asks."""
        line = self._write(kind, self._sort(bits), name)
        if initial is not None:
            self._write("init", self._sort(bits), line, initial)
        return line

    def _declared(self, kind: str, name: Term, initial: Term | None = None) -> _Node:
        bits = 1 if name.sort == "Bool" else self._width
        low, high = _range(bits)
        constant = None
        if initial is not None and is_known(initial):
            constant = self._constant(initial.integer, bits)
        return _Node(self._begun(kind, bits, _symbol(name.name), constant), bits, low, high)

    def _line(self, root: Term) -> int:
        return self._node(root).line

    def _node(self, root: Term) -> _Node:
        for term in in_order(root, self._nodes.__contains__):
            arguments = [self._nodes[one] for one in term.arguments]
            self._nodes[term] = self._printed(term, arguments)
        return self._nodes[root]

    def _printed(self, term: Term, arguments: list[_Node]) -> _Node:
        match term.operator:
            case Operator.INTEGER:
                bits = _width(term.integer, term.integer)
                return _Node(self._constant(term.integer, bits), bits, term.integer, term.integer)
            case Operator.TRUTH:
                return _Node(self._constant(term.integer, 1), 1)
            case Operator.VARIABLE:
                raise KeyError(term.name)
            case Operator.ADD:
                left, right = arguments
                return self._operation("add", left.low + right.low, left.high + right.high, arguments)
            case Operator.SCALE:
                return self._scaled(arguments[0], term.integer)
            case Operator.FLOOR_DIVIDE | Operator.REMAINDER:
                return self._divided(arguments[0], term.integer, term.operator)
            case Operator.IF:
                return self._chosen(*arguments)
            case Operator.EQUAL:
                return _Node(self._same(*arguments), 1)
            case Operator.LESS_OR_EQUAL:
                return _Node(self._compared("slte", *arguments), 1)
            case Operator.NOT:
                return _Node(self._write("not", self._sort(1), arguments[0].line), 1)
            case Operator.AND:
                return _Node(self._junction("and", [one.line for one in arguments]), 1)
            case Operator.OR:
                return _Node(self._junction("or", [one.line for one in arguments]), 1)
            case _:
                assert_never(term.operator)

    def _extended(self, node: _Node, bits: int) -> int:
        if node.bits == bits:
            return node.line
        return self._write("sext", self._sort(bits), node.line, bits - node.bits)

    def _operation(self, word: str, low: int, high: int, arguments: Iterable[_Node]) -> _Node:
        """An operation in as many bits as hold its result and its arguments."""
        arguments = tuple(arguments)
        bits = max(_width(low, high), *(one.bits for one in arguments))
        lines = [self._extended(one, bits) for one in arguments]
        return _Node(self._write(word, self._sort(bits), *lines), bits, low, high)

    def _number(self, value: int) -> _Node:
        bits = _width(value, value)
        return _Node(self._constant(value, bits), bits, value, value)

    def _scaled(self, node: _Node, factor: int) -> _Node:
        low, high = sorted((factor * node.low, factor * node.high))
        if factor == -1:
            return self._operation("neg", low, high, (node,))
        return self._operation("mul", low, high, (node, self._number(factor)))

    def _divided(self, node: _Node, divisor: int, operator: Operator) -> _Node:
        """Floor division and its remainder, by division without sign of a number made non-negative.

        Adding a multiple of the divisor changes no remainder, and the quotient by that multiple alone.
        """
        multiple = max(0, -(node.low // divisor))
        by = self._number(divisor)
        shifted = self._operation(
            "add",
            node.low + multiple * divisor,
            node.high + multiple * divisor,
            (node, self._number(multiple * divisor)),
        )
        if operator is Operator.REMAINDER:
            return self._operation("urem", 0, divisor - 1, (shifted, by))
        quotient = self._operation("udiv", shifted.low // divisor, shifted.high // divisor, (shifted, by))
        low, high = quotient.low - multiple, quotient.high - multiple
        return self._operation("add", low, high, (quotient, self._number(-multiple)))

    def _chosen(self, condition: _Node, then: _Node, otherwise: _Node) -> _Node:
        bits = max(then.bits, otherwise.bits)
        lines = (condition.line, self._extended(then, bits), self._extended(otherwise, bits))
        low, high = min(then.low, otherwise.low), max(then.high, otherwise.high)
        return _Node(self._write("ite", self._sort(bits), *lines), bits, low, high)

    def _compared(self, word: str, left: _Node, right: _Node) -> int:
        bits = max(left.bits, right.bits)
        return self._write(word, self._sort(1), self._extended(left, bits), self._extended(right, bits))

    def _same(self, left: _Node, right: _Node) -> int:
        return self._compared("eq", left, right)

    def _junction(self, word: str, lines: list[int]) -> int:
        result = lines[0]
        for line in lines[1:]:
            result = self._write(word, self._sort(1), result, line)
        return result


def _symbol(name: str) -> str:
    """A name as one word of printable ASCII; it is for the reader, numbers are what refers."""
    return _UNFIT_FOR_A_SYMBOL.sub("_", name)
