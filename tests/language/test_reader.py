"""What the reader makes of a function: names, places, and statements as one expression."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from pumpproof.verify.language import tree
from pumpproof.verify.language.evaluate import evaluate
from pumpproof.verify.language.formula import to_text
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.types import BOOL, INT
from pumpproof.verify.language.walk import called_functions, nodes

Load = Callable[[str], Any]


def body(load: Load, text: str, name: str = "read") -> str:
    function = Reader().read(getattr(load(text), name))
    return to_text(function.body)


SIMPLE = '''\
LIMIT = 60


def fits(pulses: int, cap: int) -> bool:
    """Whether the pulses fit."""
    return 0 < pulses <= cap


def read(pulses: int) -> bool:
    return fits(cap=LIMIT, pulses=pulses)
'''


class TestBuiltIns:
    @pytest.mark.parametrize(
        ("alias", "call"),
        [("any", "f(n > i for i in range(3))"), ("all", "f(n > i for i in range(3))")],
    )
    def test_a_built_in_by_another_name_means_what_it_is(self, load: Load, alias: str, call: str) -> None:
        module = load(f"f = {alias}\n\n\ndef read(n: int) -> bool:\n    return {call}\n")
        function = Reader().read(module.read)
        assert [evaluate(function, {"n": n}) for n in range(5)] == [module.read(n) for n in range(5)]


class TestFunctions:
    def test_the_same_object_gives_the_same_tree(self, load: Load) -> None:
        module = load(SIMPLE)
        reader = Reader()
        read = reader.read(module.read)
        assert reader.read(module.read) is read
        assert called_functions(read) == (reader.read(module.fits), read)

    def test_name_parameters_place_and_documentation_are_kept(self, load: Load) -> None:
        module = load(SIMPLE)
        fits = Reader().read(module.fits)
        assert (fits.name, fits.module) == ("fits", module.__name__)
        assert fits.parameters == (tree.Parameter("pulses", INT), tree.Parameter("cap", INT))
        assert fits.result == BOOL
        assert str(fits.span) == f"{module.__file__}:4"
        assert fits.documentation == "Whether the pulses fit."

    def test_keyword_arguments_are_put_in_the_order_of_the_parameters(self, load: Load) -> None:
        assert body(load, SIMPLE) == "fits(pulses, LIMIT)"

    def test_every_node_has_its_place(self, load: Load) -> None:
        module = load(SIMPLE)
        fits = Reader().read(module.fits)
        assert {node.span.file for node in nodes(fits.body)} == {module.__file__}
        assert {node.span.line for node in nodes(fits.body)} == {6}
        assert isinstance(fits.body, tree.AllOf)
        assert (fits.body.span.column, fits.body.span.end_column) == (11, 28)

    def test_a_decorator_that_returns_the_function_is_no_hindrance(self, load: Load) -> None:
        text = "def keep(function):\n    return function\n\n\n@keep\ndef read(n: int) -> int:\n    return n\n"
        assert body(load, text) == "n"

    def test_of_two_definitions_the_one_given_is_read(self, load: Load) -> None:
        text = (
            "def read(n: int) -> int:\n    return 1\n\n\nfirst = read\n\n\n"
            "def read(n: int) -> int:\n    return 2\n"
        )
        assert (body(load, text, "first"), body(load, text)) == ("1", "2")

    def test_annotations_may_be_postponed(self, load: Load) -> None:
        text = "from __future__ import annotations\n\n\ndef read(n: int) -> bool:\n    return n > 0\n"
        assert body(load, text) == "n > 0"

    def test_an_imported_function_and_constant_keep_the_names_of_the_caller_and_the_callee(
        self, load: Load
    ) -> None:
        first = load(SIMPLE)
        text = (
            f"from {first.__name__} import LIMIT as CAP, fits as holds\n\n\n"
            "def read(n: int) -> bool:\n    return holds(n, CAP)\n"
        )
        assert body(load, text) == "fits(n, CAP)"


class TestStatements:
    def check(self, load: Load, text: str, expected: str) -> None:
        """The text of the tree, and its agreement with the running code on small inputs."""
        module = load(text)
        function = Reader().read(module.read)
        assert to_text(function.body) == expected
        for values in itertools.product((False, True), range(-3, 4)):
            arguments: dict[str, object] = dict(zip(("c", "n"), values))
            assert evaluate(function, arguments) == module.read(**arguments)

    def test_one_name_bound_in_both_branches_is_one_conditional(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n"
            "    if c:\n        x = n\n    elif n > 1:\n        x = 2\n    else:\n        x = 3\n"
            "    return x * 2\n"
        )
        self.check(
            load,
            text,
            "x * 2\nwhere x =\n      if c then n\n      otherwise if n > 1 then 2\n      otherwise 3",
        )

    def test_an_item_of_a_table_is_a_factor_or_a_divisor_where_its_index_is_known(self, load: Load) -> None:
        text = (
            "WEIGHTS = (5, 3)\n\n\n"
            "def read(c: bool, n: int) -> int:\n"
            "    return sum(n * WEIGHTS[k] + n // WEIGHTS[1 - k] for k in range(2))\n"
        )
        self.check(load, text, "sum(n * (5, 3)[k] + n // (5, 3)[1 - k] | k = 0..1)")

    def test_a_name_that_is_assigned_again_is_a_new_name(self, load: Load) -> None:
        text = "def read(c: bool, n: int) -> int:\n    x = n\n    x += 1\n    x = x * 2\n    return x\n"
        self.check(load, text, "x#3\nwhere x = n\n  and x#2 = x + 1\n  and x#3 = x#2 * 2")

    def test_names_of_a_branch_that_use_each_other_keep_their_order(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n    x = n\n    y = 1\n"
            "    if c and n > 0:\n        x = x + 1\n        y = x + y\n"
            "    return 10 * x + y\n"
        )
        self.check(
            load,
            text,
            "10 * x#3 + y#3\n"
            "where x = n\n"
            "  and y = 1\n"
            "  and condition = c and n > 0\n"
            "  and x#3 =\n"
            "      if condition then x + 1\n"
            "      otherwise x\n"
            "  and y#3 =\n"
            "      if condition then\n"
            "        x#2 + y\n"
            "        where x#2 = x + 1\n"
            "      otherwise y",
        )

    def test_a_condition_is_not_read_with_the_names_that_it_changes(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n    x = n\n    y = 5\n"
            "    if x > 0:\n        x = -1\n        y = 7\n"
            "    return 10 * x + y\n"
        )
        module = load(text)
        function = Reader().read(module.read)
        assert evaluate(function, {"c": True, "n": 3}) == module.read(True, 3) == -3

    def test_a_temporary_of_one_branch_may_be_used_afresh(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n"
            "    if c:\n        t = n + 1\n        x = t * 2\n        y = t * 3\n"
            "    else:\n        x = n\n        y = 0\n"
            "    t = x + y\n    return t\n"
        )
        module = load(text)
        function = Reader().read(module.read)
        for values in itertools.product((False, True), range(-3, 4)):
            assert evaluate(function, dict(zip(("c", "n"), values))) == module.read(*values)

    def test_a_branch_that_returns_ends_there(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n"
            "    if c:\n        x = 1\n    else:\n        return n\n"
            "    return x + n\n"
        )
        self.check(load, text, "if c then\n  x + n\n  where x = 1\notherwise n")

    def test_a_loop_is_unrolled(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n    x = 0\n"
            "    for i in range(1, 3):\n        x += n * i\n    return x\n"
        )
        self.check(load, text, "x#3\nwhere x = 0\n  and x#2 = x + n * 1\n  and x#3 = x#2 + n * 2")

    def test_a_comprehension_variable_may_hide_a_local(self, load: Load) -> None:
        text = (
            "def read(c: bool, n: int) -> int:\n    i = n\n"
            "    return sum(i + sum(i for i in range(2)) for i in range(3)) + i\n"
        )
        self.check(load, text, "sum(i#2 + sum(i#3 | i#3 = 0..1) | i#2 = 0..2) + i\nwhere i = n")


class TestRecords:
    TEXT = (
        "from dataclasses import dataclass\nfrom enum import Enum\n\n\n"
        "class Mode(Enum):\n    IDLE = 1\n    ON = 2\n\n\n"
        "@dataclass(frozen=True)\nclass Outputs:\n    pulses: int = 0\n    mode: Mode = Mode.IDLE\n\n\n"
        "@dataclass(frozen=True, slots=True, kw_only=True)\nclass Step:\n    n: int\n"
        "    outputs: Outputs = Outputs(pulses=3)\n\n\n"
        "def read(n: int) -> Step:\n    return Step(n=n)\n\n\n"
        "def by_position(n: int) -> Outputs:\n    return Outputs(n, mode=Mode.ON)\n"
    )

    def test_defaults_are_written_out_also_those_that_are_records(self, load: Load) -> None:
        assert body(load, self.TEXT) == "Step(n := n, outputs := Outputs(pulses := 3, mode := Mode.IDLE))"

    def test_positions_and_keywords_become_fields_in_order(self, load: Load) -> None:
        assert body(load, self.TEXT, "by_position") == "Outputs(pulses := n, mode := Mode.ON)"


class TestSlicesOfEachTurn:
    TEXT = (
        "from typing import Annotated\n\nfrom pumpproof.spec.kernel.types import Length\n\n"
        "Minutes = Annotated[tuple[int, ...], Length(61)]\n\n\n"
        "def read(minutes: Minutes, cap: int) -> bool:\n"
        "    return all(sum(minutes[: k + 1]) <= cap for k in range(61))\n"
    )

    def test_a_sum_of_a_growing_slice_is_read_as_a_loop(self, load: Load) -> None:
        assert body(load, self.TEXT) == "all(sum(minutes[0..k + 1)) <= cap | k = 0..60)"

    @pytest.mark.parametrize("cap", [60, 61])
    def test_it_means_every_prefix(self, load: Load, cap: int) -> None:
        function = Reader().read(load(self.TEXT).read)
        assert evaluate(function, {"minutes": (1,) * 61, "cap": cap}) is (cap == 61)
