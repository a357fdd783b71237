"""Invariants as source text: a term printed in the language subset, as one would have written it by hand.

What is printed is read back and proved equal to the term before anyone sees it (see ``lemmas``), so a mistake here can
cost a proposal, never a proof.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import gcd
from re import sub
from typing import assert_never

from pumpproof.verify.engines.places import Place, places
from pumpproof.verify.language.types import EnumType
from pumpproof.verify.logic.terms import Operator, Term, evaluate
from pumpproof.verify.proof.symbolic import SymbolicSystem

_WIDTH = 100


class NotInSubset(ValueError):
    """A term that has no text in the language subset; the message names the construct."""


class _Binds(IntEnum):
    """How tightly a piece of text binds, loosest first."""

    CHOICE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    ATOM = 7


@dataclass(frozen=True)
class _Piece:
    text: str
    binds: _Binds
    word: str = ""
    parts: tuple["_Piece", ...] = ()

    def within(self, outer: _Binds) -> str:
        """The text as an operand of something that binds like ``outer``."""
        return self.text if self.binds > outer else f"({self.text})"


@dataclass(frozen=True)
class _Linear:
    """A sum of known multiples of integers, and a constant."""

    factors: dict[Term, int]
    constant: int

    def plus(self, other: "_Linear", times: int = 1) -> "_Linear":
        factors = dict(self.factors)
        for term, factor in other.factors.items():
            factors[term] = factors.get(term, 0) + times * factor
        kept = {term: factor for term, factor in factors.items() if factor}
        return _Linear(kept, self.constant + times * other.constant)

    def divided(self, divisor: int, constant: int) -> "_Linear":
        """With all factors divided by a common divisor, and this constant."""
        return _Linear({term: factor // divisor for term, factor in self.factors.items()}, constant)

    def sides(self) -> "tuple[_Linear, _Linear]":
        """What is added, and what is taken away."""
        added = {term: factor for term, factor in self.factors.items() if factor > 0}
        taken = {term: -factor for term, factor in self.factors.items() if factor < 0}
        return _Linear(added, max(self.constant, 0)), _Linear(taken, max(-self.constant, 0))


class SourceText:
    """Prints terms over the state, the limits and the records of one system."""

    def __init__(self, symbolic: SymbolicSystem) -> None:
        self._symbolic = symbolic
        self._places = {one.term: one for one in places(symbolic)}
        owners = dict.fromkeys(one.owner for one in self._places.values())
        self._names = _parameter_names(tuple(owners))

    def function(self, name: str, term: Term, declaration: str = "") -> str:
        """A whole function that returns the term, under its declaration.

        Raises:
            NotInSubset: the term has no text.
        """
        piece = self._piece(term)
        lines = list(_lines(piece, "    return ", 4))
        return "\n".join((*([declaration] if declaration else []), self._head(name, term), *lines)) + "\n"

    def expression(self, term: Term) -> str:
        """The term on one line.

        Raises:
            NotInSubset: the term has no text.
        """
        return self._piece(term).text

    def classes(self, term: Term) -> tuple[type, ...]:
        """The classes that the text of a term names, parameters and enumerations, each once."""
        found: dict[type, None] = {}
        for one in self._places.values():
            if one.term in term.variables:
                found[one.owner] = None
        found = found or {self._symbolic.system.state: None}
        for one in self._places.values():
            if one.term in term.variables and isinstance(one.type, EnumType):
                found[one.type.enum] = None
        return tuple(found)

    def _head(self, name: str, term: Term) -> str:
        owners = dict.fromkeys(one.owner for one in self._places.values() if one.term in term.variables)
        spoken = tuple(owners) or (self._symbolic.system.state,)
        parameters = ", ".join(f"{self._names[owner]}: {owner.__name__}" for owner in spoken)
        return f"def {name}({parameters}) -> bool:"

    def _piece(self, term: Term) -> _Piece:
        match term.operator:
            case Operator.TRUTH:
                return _Piece(str(bool(term.integer)), _Binds.ATOM)
            case Operator.VARIABLE:
                return _Piece(self._name(self._place(term)), _Binds.ATOM)
            case Operator.NOT:
                return self._negated(term.arguments[0])
            case Operator.AND:
                return self._junction("and", _Binds.AND, term.arguments)
            case Operator.OR:
                return self._junction("or", _Binds.OR, term.arguments)
            case Operator.LESS_OR_EQUAL:
                return self._compared(term, "<=")
            case Operator.EQUAL:
                return self._equal(term, positive=True)
            case (
                Operator.INTEGER | Operator.ADD | Operator.SCALE | Operator.FLOOR_DIVIDE | Operator.REMAINDER
            ):
                return self._sum(self._linear(term))
            case Operator.IF:
                condition, then, otherwise = map(self._piece, term.arguments)
                said = [one.within(_Binds.CHOICE) for one in (then, condition)]
                return _Piece(f"{said[0]} if {said[1]} else {otherwise.text}", _Binds.CHOICE)
            case _:
                assert_never(term.operator)

    def _place(self, term: Term) -> Place:
        if term not in self._places:
            raise NotInSubset(f"{term.name} is no place of the state, the limits or a record")
        return self._places[term]

    def _name(self, place: Place) -> str:
        return f"{self._names[place.owner]}.{place.path}"

    def _junction(self, word: str, binds: _Binds, arguments: Sequence[Term]) -> _Piece:
        parts = tuple(map(self._piece, arguments))
        return _Piece(f" {word} ".join(one.within(binds) for one in parts), binds, word, parts)

    def _negated(self, term: Term) -> _Piece:
        if term.operator is Operator.LESS_OR_EQUAL:
            return self._compared(term, ">")
        if term.operator is Operator.EQUAL:
            return self._equal(term, positive=False)
        return _Piece(f"not {self._piece(term).within(_Binds.NOT)}", _Binds.NOT)

    def _equal(self, term: Term, *, positive: bool) -> _Piece:
        left, right = term.arguments
        if left.sort == "Bool":
            said = (self._piece(one).within(_Binds.COMPARISON) for one in (left, right))
            return _Piece(f" {'==' if positive else '!='} ".join(said), _Binds.COMPARISON)
        kinds = [self._places[one].type if one in self._places else None for one in (left, right)]
        if isinstance(kinds[0], EnumType) and kinds[0] == kinds[1]:
            names = (self._name(self._place(one)) for one in (left, right))
            return _Piece(f" {'is' if positive else 'is not'} ".join(names), _Binds.COMPARISON)
        return self._compared(term, "==" if positive else "!=")

    def _compared(self, term: Term, symbol: str) -> _Piece:
        """A comparison, with every number on the side where it is added."""
        if (members := self._members(term)) is not None:
            return self._is_one_of(term, members, positive=symbol in ("<=", "=="))
        left, right = map(self._linear, term.arguments)
        difference = left.plus(right, -1) if symbol != ">" else right.plus(left, -1).plus(_Linear({}, 1))
        divisor = gcd(*difference.factors.values()) or 1
        if symbol in ("<=", ">"):
            rounded = -(-difference.constant // divisor)
            return self._at_most(difference.divided(divisor, rounded))
        divisor = gcd(divisor, difference.constant)
        sides = difference.divided(divisor, difference.constant // divisor).sides()
        one, other = (self._sum(side) for side in (sides if sides[0].factors else reversed(sides)))
        return _Piece(
            f"{one.within(_Binds.COMPARISON)} {symbol} {other.within(_Binds.COMPARISON)}", _Binds.COMPARISON
        )

    def _at_most(self, difference: _Linear) -> _Piece:
        """That a sum of multiples of integers is at most zero."""
        symbol = "<="
        if difference.constant == 1 and any(factor > 0 for factor in difference.factors.values()):
            symbol, difference = "<", difference.plus(_Linear({}, -1))
        one, other = (self._sum(side).within(_Binds.COMPARISON) for side in difference.sides())
        return _Piece(f"{one} {symbol} {other}", _Binds.COMPARISON)

    def _members(self, term: Term) -> tuple[int, ...] | None:
        """Codes of the members for which a comparison of one enumeration with numbers is true."""
        if len(term.variables) != 1:
            return None
        (only,) = term.variables
        kind = self._place(only).type
        if not isinstance(kind, EnumType):
            return None
        return tuple(code for code in range(len(kind.members())) if evaluate(term, {only: code}))

    def _is_one_of(self, term: Term, codes: tuple[int, ...], *, positive: bool) -> _Piece:
        (only,) = term.variables
        place = self._place(only)
        assert isinstance(place.type, EnumType)
        every = range(len(place.type.members()))
        wanted = codes if positive else tuple(code for code in every if code not in codes)
        others = tuple(code for code in every if code not in wanted)
        names = [f"{place.type.enum.__name__}.{one.name}" for one in place.type.members()]
        name = self._name(place)
        if not wanted or not others:
            return _Piece(str(bool(wanted)), _Binds.ATOM)
        if len(wanted) == 1:
            return _Piece(f"{name} is {names[wanted[0]]}", _Binds.COMPARISON)
        if len(others) == 1:
            return _Piece(f"{name} is not {names[others[0]]}", _Binds.COMPARISON)
        return _Piece(f"{name} in ({', '.join(names[code] for code in wanted)})", _Binds.COMPARISON)

    def _linear(self, term: Term) -> _Linear:
        match term.operator:
            case Operator.INTEGER:
                return _Linear({}, term.integer)
            case Operator.ADD:
                return self._linear(term.arguments[0]).plus(self._linear(term.arguments[1]))
            case Operator.SCALE:
                return _Linear({}, 0).plus(self._linear(term.arguments[0]), term.integer)
            case Operator.VARIABLE if self._only_member(term):
                return _Linear({}, 0)
            case _:
                return _Linear({term: 1}, 0)

    def _only_member(self, term: Term) -> bool:
        kind = self._place(term).type
        return isinstance(kind, EnumType) and len(kind.members()) == 1

    def _sum(self, linear: _Linear) -> _Piece:
        pieces = [(factor, self._product(abs(factor), term)) for term, factor in linear.factors.items()]
        if linear.constant or not pieces:
            pieces.append((linear.constant, _Piece(str(abs(linear.constant)), _Binds.ATOM)))
        first, *rest = sorted(pieces, key=lambda piece: piece[0] < 0)
        if not rest and first[0] >= 0:
            return first[1]
        text = ("-" if first[0] < 0 else "") + first[1].within(_Binds.SUM)
        for factor, piece in rest:
            text += f" {'-' if factor < 0 else '+'} {piece.within(_Binds.SUM)}"
        return _Piece(text, _Binds.SUM)

    def _product(self, factor: int, term: Term) -> _Piece:
        atom = self._whole(term)
        return atom if factor == 1 else _Piece(f"{factor} * {atom.within(_Binds.PRODUCT)}", _Binds.PRODUCT)

    def _whole(self, term: Term) -> _Piece:
        """An integer that is no sum: a place, a quotient, a remainder, a choice."""
        match term.operator:
            case Operator.FLOOR_DIVIDE | Operator.REMAINDER:
                symbol = "//" if term.operator is Operator.FLOOR_DIVIDE else "%"
                divided = self._sum(self._linear(term.arguments[0])).within(_Binds.PRODUCT)
                return _Piece(f"{divided} {symbol} {term.integer}", _Binds.PRODUCT)
            case Operator.VARIABLE if isinstance(self._place(term).type, EnumType):
                return self._position(self._place(term))
            case _:
                return self._piece(term)

    def _position(self, place: Place) -> _Piece:
        """The number that stands for a member: its position in the definition, which a solver may count with."""
        assert isinstance(place.type, EnumType)
        *members, last = enumerate(place.type.members())
        text = str(last[0])
        for code, member in reversed(members):
            text = f"{code} if {self._name(place)} is {place.type.enum.__name__}.{member.name} else {text}"
        return _Piece(text, _Binds.CHOICE if members else _Binds.ATOM)


def _parameter_names(owners: Sequence[type]) -> dict[type, str]:
    """A name for each class, as one would write it: ``Pump`` is ``pump``."""
    names: dict[type, str] = {}
    for owner in owners:
        name = sub(r"(?<!^)(?=[A-Z])", "_", owner.__name__).lower()
        names[owner] = name if name not in names.values() else f"{name}_{len(names)}"
    return names


def _lines(piece: _Piece, start: str, indent: int) -> Iterator[str]:
    """The text of a piece after ``start``, broken at ``and`` and ``or`` where it is too long."""
    if len(start) + len(piece.text) <= _WIDTH or not piece.parts:
        yield start + piece.text
        return
    yield f"{start}("
    margin = " " * (indent + 4)
    for number, part in enumerate(piece.parts):
        begin = margin if number == 0 else f"{margin}{piece.word} "
        inside = part if part.binds > piece.binds else _Piece(f"({part.text})", _Binds.ATOM)
        yield from _lines(inside, begin, indent + 4)
    yield f"{' ' * indent})"
