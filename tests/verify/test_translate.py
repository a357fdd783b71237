"""A translated function, at concrete values, is the function: same value, and a demand fails where Python raises."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import loaded, model_files, system_of
from typed_values import at, of_type

from pumpproof.spec.kernel.types import Length
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.statemachine.pump.system import SYSTEM as REFERENCE_PUMP
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.logic.terms import FALSE, TRUE, all_of
from pumpproof.verify.logic.translate import Translation, translate
from pumpproof.verify.logic.values import Value, python_value, unknown

READER = Reader()


@dataclass
class Read:
    """A function, read once and translated once with unknown arguments."""

    function: Any
    types: list[Any]
    unknowns: list[Value]
    translation: Translation
    result: Any

    def holds_at(self, values: list[Any]) -> bool:
        """Whether every demand holds at these values."""
        demands = all_of(demand.holds for demand in self.translation.demands)
        found = at(demands, self.unknowns, self.types, values)
        assert found in (TRUE, FALSE)
        return found is TRUE

    def value_at(self, values: list[Any]) -> object:
        """The translated result at these values."""
        return python_value(self.result, at(self.translation.value, self.unknowns, self.types, values))


def read(function: Any) -> Read:
    tree = READER.read(function)
    types = [parameter.type for parameter in tree.parameters]
    unknowns = [unknown(kind, parameter.name) for kind, parameter in zip(types, tree.parameters, strict=True)]
    return Read(function, types, unknowns, translate(tree, tuple(unknowns)), tree.result)


class Colour(Enum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


@dataclass(frozen=True)
class Store:
    colour: Colour
    items: tuple[int, int, int]
    days: Annotated[tuple[int, ...], Length(4)]
    ready: bool
    level: int


def divides(store: Store, n: int) -> int:
    return (store.level - n) // 7 - (n - store.level) % 7


def chains(store: Store, n: int) -> bool:
    return 0 <= n < store.level <= 60 or not store.ready


def chooses(store: Store, n: int) -> int:
    if store.colour is Colour.RED:
        total = n
    elif store.colour == Colour.GREEN and store.ready:
        total = -n
    else:
        total = 2 * n - store.level
    return total if total != 3 else 0


def replaces(store: Store, n: int) -> Store:
    later = replace(store, level=n, ready=n > 2)
    return replace(later, colour=Colour.BLUE if later.ready else store.colour, items=(n, later.level, 0))


def builds_with_keywords_in_any_order(store: Store, n: int) -> Store:
    return Store(level=n, ready=True, days=store.days, items=(1, 2, n), colour=Colour.GREEN)


def reduces(store: Store, n: int) -> int:
    return (
        max(store.items)
        - min(n, store.level)
        + sum(store.days[i] for i in range(1, 4))
        + sum(store.items[:2])
    )


def compares_records(store: Store, n: int) -> bool:
    return store == replace(store, level=n) or store.items != (n, n, n)


def indexes(store: Store, n: int) -> int:
    return store.items[n]


def indexes_behind_a_guard(store: Store, n: int) -> int:
    if 0 <= n < 3 and store.items[n] > 0:
        return store.days[n + 1]
    return store.items[0]


def indexes_if_not_ready(store: Store, n: int) -> bool:
    return store.ready or store.items[n] > store.level


def stops_early(store: Store, n: int) -> bool:
    return all(store.items[i + n] > 0 for i in range(2)) or any(store.days[i] == n for i in range(4))


def indexes_in_vain(store: Store, n: int) -> int:
    unused = store.items[n]
    return 1 if store.ready else unused - unused


def calls_another(store: Store, n: int) -> int:
    return indexes(store, n) if n < 2 else divides(store, n)


FUNCTIONS = [
    divides,
    chains,
    chooses,
    replaces,
    builds_with_keywords_in_any_order,
    reduces,
    compares_records,
    indexes,
    indexes_behind_a_guard,
    indexes_if_not_ready,
    stops_early,
    indexes_in_vain,
    calls_another,
]
READ = {function.__name__: read(function) for function in FUNCTIONS}
STORES = of_type(READ["divides"].types[0])


@pytest.mark.parametrize("name", READ)
@given(store=STORES, n=st.integers(0, 6))
@settings(max_examples=40)
def test_a_demand_fails_exactly_where_python_raises_and_else_the_values_are_equal(
    name: str, store: Store, n: int
) -> None:
    one = READ[name]
    try:
        expected = one.function(store, n)
    except IndexError:
        assert not one.holds_at([store, n])
        return
    assert one.holds_at([store, n])
    found = one.value_at([store, n])
    assert found == expected
    assert type(found) is type(expected)


@given(store=STORES, n=st.integers(-3, -1))
@settings(max_examples=20)
def test_a_negative_index_fails_a_demand_although_python_would_count_from_the_end(
    store: Store, n: int
) -> None:
    assert READ["indexes"].function(store, n) == store.items[n]
    assert not READ["indexes"].holds_at([store, n])


def test_a_demand_says_what_and_where() -> None:
    (demand,) = READ["indexes"].translation.demands
    assert demand.what == "the index must be at least 0 and less than 3"
    assert str(demand.span).endswith(f"test_translate.py:{indexes.__code__.co_firstlineno + 1}")


def index_into_nothing(items: tuple[int, int, int], n: int) -> int:
    return items[1:1][n]


def test_an_index_into_an_empty_tuple_fails_its_demand_for_every_index() -> None:
    tree = READER.read(index_into_nothing)
    unknowns = [unknown(parameter.type, parameter.name) for parameter in tree.parameters]
    (demand,) = translate(tree, unknowns).demands
    assert demand.what == "the index must be at least 0 and less than 0"
    assert at(demand.holds, unknowns, [one.type for one in tree.parameters], [(1, 2, 3), 0]) is FALSE


def decisions(system: System) -> list[Any]:
    """Every guard, refusal and effect of a system."""
    found: dict[Any, None] = {}
    for entry in system.table:
        match entry:
            case Row():
                found |= {entry.guard: None, entry.effect: None}
            case Command():
                found |= {entry.refuse: None, entry.effect: None}
            case _:
                pass
    return list(found)


def claims(system: System) -> list[Any]:
    """Every function of the specification of a system."""
    properties = [one for known in system.properties for one in (known.claim, known.when) if one is not None]
    observers = [one.begin for one in system.observers]
    observers += [step for one in system.observers for _, step in one.steps]
    observers += [one.otherwise for one in system.observers if one.otherwise is not None]
    return [*properties, *observers, *(condition.holds for condition in system.conditions)]


def same_as_python(one: Read, values: list[Any]) -> None:
    if one.holds_at(values):
        assert one.value_at(values) == one.function(*values)
        return
    try:
        one.function(*values)
    except IndexError:
        return
    # Python did not raise, so an index was negative: the demand is the stricter of the two.


MODELS = [path for verdict in ("proved", "refuted", "vacuous") for path in model_files(verdict)]


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
@given(data=st.data())
@settings(max_examples=25)
def test_every_function_of_a_model_is_its_translation(path: Any, data: st.DataObject) -> None:
    system = system_of(loaded(path))
    one = read(data.draw(st.sampled_from([*decisions(system), *claims(system)])))
    same_as_python(one, [data.draw(of_type(kind)) for kind in one.types])


_reference: dict[Any, Read] = {}


@pytest.mark.parametrize("functions", [decisions, claims], ids=["decisions", "claims"])
@given(data=st.data())
@settings(max_examples=120)
def test_every_function_of_the_reference_pump_is_its_translation(functions: Any, data: st.DataObject) -> None:
    function = data.draw(st.sampled_from(functions(REFERENCE_PUMP)))
    if function not in _reference:
        _reference[function] = read(function)
    one = _reference[function]
    same_as_python(one, [data.draw(of_type(kind)) for kind in one.types])
