"""Two readings of each function of a system, made by readers that share no code, compared with each other and with it.

The formulas of both are proved equal for all arguments of the declared types: where the function is defined, and
each leaf of its result. Both are also computed for generated arguments, for which the function itself is run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from types import FunctionType
from typing import Any, Protocol, assert_never

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.equality import Agreement, Equality
from pumpproof.verify.language import tree
from pumpproof.verify.language.boundaries import boundary_values
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.types import BoolType, EnumType, IntType, RecordType, TupleType, Type
from pumpproof.verify.logic.terms import Term, all_of, values_of
from pumpproof.verify.logic.translate import translate
from pumpproof.verify.logic.values import known, leaves, unknown, well_typed
from pumpproof.verify.reading_content import ReadingContent
from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.expression import Expression, evaluate, in_order, negation
from pumpproof.verify.second_reader.functions import FunctionReading, Functions

INPUTS = 24
"""Arguments that are generated for each function."""


@dataclass(frozen=True)
class ReadingRow:
    """The comparison of one function: ``paths`` lead through its code, ``inputs`` were run.

    ``reason`` says why it is not equal; ``input`` shows a difference, as (argument, value). A ``cached`` row was
    compared in an earlier run: it has neither paths nor inputs.
    """

    function: str
    place: str
    paths: int
    verdict: Agreement
    inputs: int
    reason: str = ""
    input: tuple[tuple[str, int | bool], ...] = ()
    cached: bool = False

    def explained(self) -> str:
        """Why it is not equal, with the arguments that show it."""
        at = ", ".join(f"{name} = {value}" for name, value in self.input)
        return f"{self.reason}, for {at}" if at else self.reason


@dataclass(frozen=True)
class _Pair:
    """Both readings of a function, leaf by leaf."""

    function: FunctionType
    tree: tree.Function
    typed: Term
    unknowns: tuple[Term, ...]
    types: tuple[Type, ...]
    first: tuple[Term, ...]
    first_defined: Term
    second: FunctionReading

    @property
    def second_leaves(self) -> tuple[Expression, ...]:
        return tuple(term for _, term in self.second.results)


def read_everything(reader: Reader, system: System) -> None:
    """Read each function of a system with reader 1, also those that no arrow or claim has asked for yet.

    Raises:
        OutsideSubset: a function is outside the subset.
    """
    for function in functions_of(system):
        reader.read(function)


def functions_of(system: System) -> Iterator[Callable[..., object]]:
    """The functions that a system names: initial state, conditions, rows, properties, observers."""
    yield system.initial
    yield from (condition.holds for condition in system.conditions)
    for entry in system.table:
        yield from (
            one
            for one in (getattr(entry, name, None) for name in ("guard", "refuse", "effect"))
            if one is not None
        )
    for known_property in system.properties:
        yield known_property.claim
        if known_property.when is not None:
            yield known_property.when
        if known_property.witness is not None:
            yield known_property.witness
    for observer in system.observers:
        yield observer.begin
        yield from (function for _, function in observer.steps)
        if observer.otherwise is not None:
            yield observer.otherwise


class Known(Protocol):
    """Content addresses of functions whose readings were proved equal before."""

    def are_equal(self, content: bytes) -> bool:
        """Say whether the readings of this content were proved equal."""
        ...

    def add_equal(self, content: bytes) -> None:
        """Record that they were."""
        ...


def compare_readings(
    reader: Reader, functions: Functions | None = None, *, inputs: int = INPUTS, known: Known | None = None
) -> tuple[ReadingRow, ...]:
    """Compare everything that reader 1 has read with the second reading of it, in the order of the source.

    A function whose content is ``known`` to be read equally is not read a second time.
    """
    second, prover, content = functions or Functions(), Equality(), ReadingContent()
    rows: list[ReadingRow] = []
    for function, read in reader.functions():
        address = b"" if known is None else content.of(function, read)
        if known is not None and known.are_equal(address):
            name, place = _named(read)
            rows.append(ReadingRow(name, place, 0, Agreement.EQUAL, 0, cached=True))
            continue
        row = _compared(function, read, second, prover, inputs)
        if known is not None and row.verdict is Agreement.EQUAL:
            known.add_equal(address)
        rows.append(row)
    return tuple(sorted(rows, key=_in_order_of_source))


def _in_order_of_source(row: ReadingRow) -> tuple[str, int, str]:
    file, _, line = row.place.rpartition(":")
    return file, int(line), row.function


def _named(read: tree.Function) -> tuple[str, str]:
    return f"{read.module}.{read.name}", f"{read.span.file}:{read.span.line}"


def _compared(
    function: FunctionType, read: tree.Function, second: Functions, prover: Equality, inputs: int
) -> ReadingRow:
    name, place = _named(read)
    try:
        pair = _pair(function, read, second)
    except CanNotRead as error:
        return ReadingRow(name, place, 0, Agreement.REFUSED, 0, str(error))
    paths = pair.second.paths
    shape = tuple(path for path, _ in pair.second.variables)
    if shape != tuple(term.name for term in pair.unknowns) or len(pair.first) != len(pair.second_leaves):
        reason = "the readers disagree about its arguments or its result"
        return ReadingRow(name, place, paths, Agreement.DIFFERENT, 0, reason)
    done = 0
    for values in _inputs(pair, inputs):
        problem = _executed(pair, values)
        if problem:
            return ReadingRow(name, place, paths, Agreement.DIFFERENT, done, problem, _shown(pair, values))
        done += 1
    verdict, reason, values = prover.ask(
        pair.typed,
        (pair.first_defined, negation(pair.second.raises)),
        zip(pair.first, pair.second_leaves, strict=True),
        pair.unknowns,
    )
    if values:
        reason = _executed(pair, values) or reason
        return ReadingRow(name, place, paths, verdict, done, reason, _shown(pair, values))
    return ReadingRow(name, place, paths, verdict, done, reason)


def _pair(function: FunctionType, read: tree.Function, second: Functions) -> _Pair:
    arguments = [unknown(parameter.type, parameter.name) for parameter in read.parameters]
    translation = translate(read, arguments)
    typed = all_of(
        well_typed(parameter.type, value) for parameter, value in zip(read.parameters, arguments, strict=True)
    )
    return _Pair(
        function,
        read,
        typed,
        tuple(leaf for value in arguments for leaf in leaves(value)),
        tuple(kind for parameter in read.parameters for kind in _leaf_types(parameter.type)),
        tuple(leaves(translation.value)),
        all_of(demand.holds for demand in translation.demands),
        second.read(function),
    )


def _leaf_types(of: Type) -> Iterator[Type]:
    match of:
        case RecordType():
            for _, part in of.fields:
                yield from _leaf_types(part)
        case TupleType():
            for _ in range(of.length):
                yield from _leaf_types(of.item)
        case IntType() | BoolType() | EnumType():
            yield of
        case _:
            assert_never(of)


@dataclass
class _Pool:
    """Integers worth trying in one function."""

    random: Random
    numbers: tuple[int, ...]
    drawn: list[int] = field(default_factory=list)

    def value(self, of: Type) -> int | bool:
        """A value of a leaf: often a boundary, often one that another leaf has, or beside it."""
        match of:
            case BoolType():
                return self.random.random() < 0.5
            case EnumType():
                return self.random.randrange(len(of.members()))
            case IntType():
                choice = self.random.random()
                if choice < 0.4 or not self.drawn:
                    found = self.random.choice(self.numbers)
                elif choice < 0.8:
                    found = self.random.choice(self.drawn) + self.random.choice((-1, 0, 0, 1))
                else:
                    found = self.random.randint(-10, 100)
                self.drawn.append(found)
                return found
            case _:
                raise TypeError(f"{of} is no type of a leaf")


def _inputs(pair: _Pair, count: int) -> Iterator[dict[Term, int | bool]]:
    """Arguments, the same in every run: boundaries of the function, equal and neighbouring values, random ones."""
    constants = boundary_values([pair.tree]).constants
    for number in range(count if pair.unknowns else min(count, 1)):
        random = Random(f"{pair.tree.module}.{pair.tree.name} {number}")  # noqa: S311 -- inputs, not secrets
        pool = _Pool(random, (*constants, -1, 0, 1, 2, 10**12))
        yield {term: pool.value(of) for term, of in zip(pair.unknowns, pair.types, strict=True)}


def _executed(pair: _Pair, values: dict[Term, int | bool]) -> str:
    """Run the function and compute both readings for these arguments; what is wrong, or nothing."""
    by_name = {term.name: value for term, value in values.items()}
    first_defined, *first = values_of((pair.first_defined, *pair.first), values)
    raises, *second = evaluate((pair.second.raises, *pair.second_leaves), by_name)
    pending = iter(values.values())
    arguments = [_built(parameter.type, pending) for parameter in pair.tree.parameters]
    try:
        result = pair.function(*arguments)
    except IndexError:
        plain = None
    else:
        plain = [_number(leaf) for leaf in leaves(known(pair.tree.result, result))]
    if first_defined == bool(raises):
        return f"reader 1 {_does(first_defined)}, reader 2 {_does(not raises)}"
    if not first_defined:
        # Python counts a negative index from the end; the subset gives it no meaning.
        return ""
    if plain is None:
        return "the function raises IndexError, both readers say that it does not"
    for (name, _), one, other, real in zip(pair.second.results, first, second, plain, strict=True):
        if not one == other == real:
            return f"{name}: the function gives {real}, reader 1 {one}, reader 2 {other}"
    return ""


def _does(is_defined: object) -> str:
    return "says that it returns" if is_defined else "says that it raises"


def _number(leaf: Term) -> int | bool:
    return bool(leaf.integer) if leaf.sort == "Bool" else leaf.integer


def _built(of: Type, pending: Iterator[int | bool]) -> Any:
    match of:
        case RecordType():
            return of.record(**{name: _built(part, pending) for name, part in of.fields})
        case TupleType():
            return tuple(_built(of.item, pending) for _ in range(of.length))
        case EnumType():
            return of.members()[next(pending)]
        case IntType() | BoolType():
            return next(pending)
        case _:
            assert_never(of)


def _shown(pair: _Pair, values: dict[Term, int | bool]) -> tuple[tuple[str, int | bool], ...]:
    """The arguments that the formulas of either reading mention."""
    mentioned = {
        term.name
        for term in in_order((pair.second.raises, *pair.second_leaves), {})
        if term.head == "variable"
    }
    mentioned |= {one.name for root in (pair.first_defined, *pair.first) for one in root.variables}
    return tuple((term.name, value) for term, value in values.items() if term.name in mentioned)
