"""What the names of a function mean when it is run on symbolic values.

The code object is the one that runs in the pump. Its global names are given anew: a function of ours stands for its
merged reading, a record for its constructor on symbolic fields, a built-in function for its symbolic form. Every other
name is left out, so that using it is refused.
"""

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import MISSING
from enum import Enum
from types import CellType, CodeType, FunctionType, GeneratorType
from typing import Any

from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.exploration import Outcome, explore, path
from pumpproof.verify.second_reader.expression import (
    Expression,
    add,
    below,
    conjunction,
    disjunction,
    if_else,
    integer,
    negation,
)
from pumpproof.verify.second_reader.proxies import (
    Items_,
    UnknownRecord,
    UnknownTuple,
    boolean,
    condition,
    hidden,
    items_seen,
    number,
    record_parts,
    shape_seen,
    shown,
    whole,
)
from pumpproof.verify.second_reader.shapes import (
    Fields,
    Group,
    Items,
    Shape,
    Value,
    Whole,
    fields_of,
    leaves_of,
    words,
)

Call = Callable[..., Any]


def globals_for(function: FunctionType, callee: Callable[[FunctionType], Call]) -> dict[str, Any]:
    """The global names for the code of a function; ``callee`` makes what stands for another function."""
    known: dict[str, Any] = {"__builtins__": {}}
    built_in: dict[str, Any] = getattr(function, "__builtins__", {})
    for name in _names(function.__code__):
        if name in function.__globals__:
            meaning = _meaning(function.__globals__[name], callee)
        elif name in built_in:
            meaning = _BUILT_IN.get(_key(built_in[name]), MISSING)
        else:
            continue
        if meaning is not MISSING:
            known[name] = meaning
    return known


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _key(value: object) -> int:
    return id(value)


def _meaning(value: object, callee: Callable[[FunctionType], Call]) -> Any:
    if _key(value) in _BUILT_IN:
        return _BUILT_IN[_key(value)]
    if type(value) in (int, bool) or isinstance(value, Enum):
        return value
    if type(value) is tuple:
        try:
            shape = shape_seen(value)
        except CanNotRead:
            return MISSING
        return shown(shape, hidden(shape, value))
    if isinstance(value, type) and issubclass(value, Enum):
        return value
    if isinstance(value, type) and dataclasses.is_dataclass(value):
        return _Constructor(value)
    return callee(value) if isinstance(value, FunctionType) else MISSING


class _Constructor:
    """A record made of symbolic fields."""

    def __init__(self, record: type) -> None:
        self.record = record

    def __call__(self, *positional: object, **named: object) -> UnknownRecord:
        shape = fields_of(self.record)
        declared = dataclasses.fields(self.record)
        names = [item.name for item in declared if not item.kw_only]
        if len(positional) > len(names) or not shape.parts.keys() >= named.keys():
            raise CanNotRead(f"a call of {self.record.__name__} with other arguments", "give its fields")
        given = dict(zip(names, positional, strict=False))
        if given.keys() & named.keys():
            raise CanNotRead(f"a field of {self.record.__name__} given twice", "give it once")
        given |= named
        parts: list[Value] = []
        for item in declared:
            if item.name not in given and item.default is MISSING:
                raise CanNotRead(f"a call of {self.record.__name__} without {item.name}", "give every field")
            parts.append(hidden(shape.parts[item.name], given.get(item.name, item.default)))
        return UnknownRecord(shape, Group(tuple(parts)))


def _replace(record: object, /, **changes: object) -> UnknownRecord:
    shape = shape_seen(record)
    if not isinstance(shape, Fields) or not shape.parts.keys() >= changes.keys():
        raise CanNotRead("replace of something else than fields of a record", "name fields of the record")
    if isinstance(record, UnknownRecord):
        parts = record_parts(record)[1].parts
    else:
        value = hidden(shape, record)
        assert isinstance(value, Group)
        parts = value.parts
    return UnknownRecord(
        shape,
        Group(
            tuple(
                hidden(part, changes[name]) if name in changes else old
                for (name, part), old in zip(shape.parts.items(), parts, strict=True)
            )
        ),
    )


def outcomes(generator: "GeneratorType[Any, Any, Any]") -> tuple[Shape | None, list[Outcome]]:
    """The items of a generator expression, each explored on all its paths and merged by itself.

    So a decision inside one item never multiplies with those of the others.
    """
    frame = generator.gi_frame
    if frame is None or generator.gi_code.co_name != "<genexpr>":
        raise CanNotRead(
            "a generator that is not written in place", "write it inside tuple, sum, min, max, all or any"
        )
    local = dict(frame.f_locals)
    source = local.pop(".0")
    code = generator.gi_code
    cells = tuple(CellType(local[name]) for name in code.co_freevars)
    body = FunctionType(code, frame.f_globals, code.co_name, None, cells)
    place = f"{code.co_filename}:{code.co_firstlineno}"
    found: list[Outcome] = []
    for one in _one_by_one(source):

        def run(one: Callable[[], Iterator[Any]] = one) -> tuple[Shape, Value]:
            try:
                item = next(body(one()))
            except StopIteration:
                raise CanNotRead("a generator with a filter", "write the condition into the item") from None
            shape = shape_seen(item)
            return shape, hidden(shape, item)

        found.append(explore(run, place, within=path()))
    shapes = {outcome.shape for outcome in found if outcome.shape is not None}
    if len(shapes) > 1:
        raise CanNotRead("a generator with items of several types", "give items of one type")
    return next(iter(shapes), None), found


def _one_by_one(source: object) -> list[Callable[[], Iterator[Any]]]:
    """An iterator for each single item, so that each can be read again on every path."""
    if isinstance(source, _Turns):
        return [lambda turn=turn: iter((turn,)) for turn in source.rest]  # type: ignore[misc]
    if isinstance(source, Items_):
        shape = source.shape
        return [lambda part=part: Items_(shape, (part,)) for part in source.rest]  # type: ignore[misc]
    return [lambda item=item: iter((item,)) for item in source]  # type: ignore[misc, attr-defined]


class _Turns:
    """A known range of integers that counts its turns."""

    def __init__(self, turns: range) -> None:
        self.rest = list(turns)

    def __iter__(self) -> "_Turns":
        return self

    def __next__(self) -> int:
        path().turns += 1
        if not self.rest:
            raise StopIteration
        return self.rest.pop(0)


class _Range:
    def __init__(self, *bounds: object) -> None:
        known = [bound for bound in bounds if type(bound) is int]
        if not 1 <= len(bounds) <= 2 or len(known) != len(bounds):
            raise CanNotRead("a range with a step or with unknown bounds", "use one or two known bounds")
        self._turns = range(*known)

    def __iter__(self) -> _Turns:
        return _Turns(self._turns)


def _values(source: object) -> tuple[Shape | None, list[Value]]:
    """The items that a built-in function takes, all of them evaluated."""
    if isinstance(source, UnknownTuple):
        return source.shape.item, list(source.value.parts)
    if not isinstance(source, GeneratorType):
        seen = list(items_seen(source))
        if not seen:
            return None, []
        first = shape_seen(seen[0])
        return first, [hidden(first, item) for item in seen]
    shape, found = outcomes(source)
    for outcome in found:
        path().may_raise(outcome.raises)
        if outcome.value is None:
            raise IndexError("an item that always raises")
    return shape, [outcome.value for outcome in found if outcome.value is not None]


def _tuple(source: object) -> UnknownTuple:
    shape, values = _values(source)
    if shape is None:
        raise CanNotRead("the empty tuple", "give a tuple at least one item")
    return UnknownTuple(Items(shape, len(values)), Group(tuple(values)))


def _integers(source: object) -> list[Expression]:
    shape, values = _values(source)
    if shape is not None and not isinstance(shape, Whole):
        raise CanNotRead(f"a sum, min or max of {words(shape)}", "use integers")
    return [leaf for value in values for leaf in leaves_of(value)]


def _sum(source: object) -> Any:
    total = integer(0)
    for term in _integers(source):
        total = add(total, term)
    return whole(total)


def _least(*sources: object) -> Any:
    return _best(sources, below)


def _greatest(*sources: object) -> Any:
    return _best(sources, lambda new, best: below(best, new))


def _best(sources: tuple[object, ...], better: Callable[[Expression, Expression], Expression]) -> Any:
    terms = [number(one) for one in sources] if len(sources) > 1 else _integers(*sources)
    if not terms:
        raise CanNotRead("min or max of nothing", "give at least one item")
    best = terms[0]
    for term in terms[1:]:
        best = if_else(better(term, best), term, best)
    return whole(best)


def _all(source: object) -> Any:
    return _search(source, stop_at=False)


def _any(source: object) -> Any:
    return _search(source, stop_at=True)


def _search(source: object, *, stop_at: bool) -> Any:
    """``all`` and ``any``: an item is evaluated only if no earlier one has decided."""
    if not isinstance(source, GeneratorType):
        found = [condition(item) for item in items_seen(source)]
    else:
        found = []
        for outcome in outcomes(source)[1]:
            undecided = conjunction(negation(one) if stop_at else one for one in found)
            path().may_raise(conjunction((undecided, outcome.raises)))
            if outcome.value is not None:
                assert outcome.shape is not None
                found.append(condition(shown(outcome.shape, outcome.value)))
    return boolean(disjunction(found) if stop_at else conjunction(found))


def _length(source: object) -> int:
    if isinstance(source, UnknownTuple) or type(source) is tuple:
        return len(source)
    raise CanNotRead("len of something else than a tuple", "use a tuple")


_BUILT_IN: dict[int, Any] = {
    id(all): _all,
    id(any): _any,
    id(len): _length,
    id(max): _greatest,
    id(min): _least,
    id(range): _Range,
    id(sum): _sum,
    id(tuple): _tuple,
    id(dataclasses.replace): _replace,
}
