"""Reader 2 reads each construct of the subset exactly, and refuses by name what it can not."""

import re
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import constructs
import pytest
from constructs import READ_BY_BOTH

from pumpproof.verify.equality import Agreement
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.readings import compare_readings
from pumpproof.verify.second_reader import CanNotRead, exploration
from pumpproof.verify.second_reader.functions import Functions

Function = Callable[..., object]


@pytest.mark.parametrize("function", READ_BY_BOTH, ids=lambda function: function.__name__)
def test_a_construct_is_read_as_reader_1_reads_it_and_as_it_runs(function: Function) -> None:
    reader = Reader()
    reader.read(function)
    rows = compare_readings(reader, inputs=100)
    assert [(row.verdict, row.inputs, row.reason) for row in rows] == [(Agreement.EQUAL, 100, "")] * len(rows)
    assert all(row.paths >= 1 for row in rows)


def paths(function: Function) -> int:
    return Functions().read(function).paths


def test_every_path_of_a_function_is_counted() -> None:
    assert paths(constructs.arithmetic) == 1
    assert paths(constructs.conditional) == 3
    assert paths(constructs.locals_and_returns) == 3
    assert paths(constructs.forking_loop) == 16


def test_the_items_of_a_comprehension_do_not_multiply_the_paths() -> None:
    assert paths(constructs.set_item) == 1
    assert paths(constructs.nested) == 1


def test_an_index_of_a_written_tuple_forks_once_for_each_item_and_once_for_what_is_beyond() -> None:
    assert paths(constructs.written_tuple) == 4


def test_a_caller_uses_the_merged_reading_of_what_it_calls() -> None:
    assert paths(constructs.calls) == 1


REFUSED: dict[Function, str] = {
    constructs.product: "a product of two unknowns",
    constructs.divided_by_unknown: "a division by something unknown or not positive",
    constructs.unknown_divisor: "__rfloordiv__ of an unknown integer",
    constructs.negative_divisor: "a division by something unknown or not positive",
    constructs.truth_of_an_int: "__bool__ of an unknown integer",
    constructs.truth_as_int: "an unknown truth value used as an integer",
    constructs.int_as_truth: "an unknown integer used as a truth value",
    constructs.power: "__pow__ of an unknown integer",
    constructs.bits: "__and__ of an unknown truth value",
    constructs.absolute: "code that raises NameError: name 'abs' is not defined",
    constructs.true_division: "__truediv__ of an unknown integer",
    constructs.identity_of_truths: "identity of a and b",
    constructs.identity_of_locals: "identity of one and two",
    constructs.identity_of_integers: "identity of x and y",
    constructs.caught: "a try or with statement",
    constructs.unknown_range: "a range with a step or with unknown bounds",
    constructs.unknown_slice: "a slice with a step, or with unknown or negative bounds",
    constructs.negative_index: "a negative index (-1)",
    constructs.filtered: "a generator with a filter",
    constructs.as_text: "__format__ of an unknown integer",
    constructs.as_key: "__hash__ of an unknown integer",
    constructs.ordered_truths: "__lt__ of an unknown truth value",
    constructs.unknown_field: "Lamp.colour, no field",
    constructs.assigned_field: "an assignment to .level",
    constructs.wrong_result: "an unknown integer used as a truth value",
    constructs.two_types: "an unknown truth value used as an integer",
    constructs.with_default: "with_default with unusual parameters, a closure or a decorator",
    constructs.endless: "recursion of endless",
    constructs.too_many_paths: "code with more than 200 paths",
    constructs.written_tuple_in_a_loop: "an unknown index, in a loop, of a tuple written in a function",
    constructs.while_unknown: "code with more than 200 paths",
    constructs.writes_global: "an assignment to a global name",
}


@pytest.mark.parametrize("function", REFUSED, ids=lambda function: function.__name__)
def test_what_has_no_exact_reading_is_refused_with_its_place(
    function: Function, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exploration, "MOST_PATHS", 200)
    with pytest.raises(CanNotRead) as refused:
        Functions().read(function)
    assert isinstance(function, FunctionType)
    first = function.__code__.co_firstlineno
    file, line, _ = str(refused.value).split(":", 2)
    assert REFUSED[function] in str(refused.value)
    assert Path(file).name == "constructs.py"
    assert first <= int(line) <= first + 8
    assert re.search("has no second reading; ", str(refused.value))
