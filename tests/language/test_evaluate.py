"""Evaluation of the tree equals plain execution, on generated programs of the subset."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from pumpproof.verify.language import tree
from pumpproof.verify.language.evaluate import DefinednessError, evaluate
from pumpproof.verify.language.formula import to_latex, to_text
from pumpproof.verify.language.reader import OutsideSubset, Reader

Load = Callable[[str], Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

PRELUDE = """\
from dataclasses import dataclass, replace
from enum import Enum

LIMIT = 5
ODD = (1, 3, 5)


class Mode(Enum):
    IDLE = "idle"
    RUNNING = "running"
    FAULT = "fault"


@dataclass(frozen=True)
class Pump:
    count: int
    on: bool
    mode: Mode = Mode.IDLE
    counts: tuple[int, int, int] = (4, 5, 6)


def helper(x: int, flag: bool) -> int:
    if flag:
        return x // 3
    y = x % 4
    return y - 1


"""
SIGNATURE = "def program(a: int, b: int, p: bool, m: Mode, t: tuple[int, int, int], r: Pump) -> int:\n"
PARAMETERS = {"a": "int", "b": "int", "p": "bool", "m": "mode", "t": "tuple", "r": "pump"}


@dataclass
class Writer:
    """Writes a program; ``scope`` holds the names that may be used, with their kind."""

    draw: Draw
    scope: dict[str, str] = field(default_factory=lambda: dict(PARAMETERS))
    fresh: int = 0

    def pick(self, *options: Any) -> Any:
        return self.draw(st.sampled_from(options))

    def small(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def name(self, kind: str) -> str:
        return str(self.pick(*(name for name, known in self.scope.items() if known == kind)))

    def of(self, kind: str, depth: int) -> str:
        writers = {
            "int": self.integer,
            "bool": self.truth,
            "tuple": self.items,
            "mode": self.mode,
            "pump": self.pump,
        }
        return writers[kind](depth)

    def integer(self, depth: int) -> str:
        if depth <= 0:
            return str(self.pick(self.name("int"), str(self.small(-3, 9)), "LIMIT", "r.count"))
        x, d = self.integer, depth - 1
        match self.small(0, 17):
            case 0:
                return f"({x(d)} + {x(d)})"
            case 1:
                return f"({x(d)} - {x(d)})"
            case 2:
                return f"({x(d)} * {self.small(-3, 3)})"
            case 3:
                return f"(LIMIT * {x(d)})"
            case 4:
                return f"({x(d)} // {self.small(1, 7)})"
            case 5:
                return f"({x(d)} % {self.small(1, 7)})"
            case 6:
                return f"(-{x(d)})"
            case 7:
                return f"({x(d)} if {self.truth(d)} else {x(d)})"
            case 8:
                return f"{self.items(d)}[{x(d)} % 3]"
            case 9:
                return f"{self.name('tuple')}[{self.name('int')}]"
            case 10:
                return f"{self.pick('min', 'max')}({x(d)}, {x(d)})"
            case 11:
                return f"{self.pick('sum', 'min', 'max')}({self.items(d)})"
            case 12:
                return f"sum({self.loop(self.integer, d)})"
            case 13:
                return f"sum({self.items(d)}[{self.pick(':2', '1:', '1:2', '3:', ':')}])"
            case 14:
                return f"helper({x(d)}, flag={self.truth(d)})"
            case 15:
                return f"{self.pump(d)}.count"
            case 16:
                return "sum(sum(t[: k + 1]) for k in range(3))"
            case _:
                return f"len({self.name('tuple')})"

    def truth(self, depth: int) -> str:
        if depth <= 0:
            return str(self.pick("True", "False", self.name("bool"), "r.on"))
        x, d = self.integer, depth - 1
        compare = ["<", "<=", ">", ">=", "==", "!="]
        match self.small(0, 12):
            case 0 | 1:
                return f"({x(d)} {self.pick(*compare)} {x(d)})"
            case 2:
                return f"({x(d)} {self.pick(*compare)} {x(d)} {self.pick(*compare)} {x(d)})"
            case 3:
                return f"({self.truth(d)} and {self.truth(d)})"
            case 4:
                return f"({self.truth(d)} or {self.truth(d)} or {self.truth(d)})"
            case 5:
                return f"(not {self.truth(d)})"
            case 6:
                return f"({self.mode(d)} {self.pick('is', 'is not', '==', '!=')} {self.mode(d)})"
            case 7:
                return f"({self.mode(d)} {self.pick('in', 'not in')} (Mode.IDLE, {self.name('mode')}))"
            case 8:
                return f"({x(d)} {self.pick('in', 'not in')} {self.pick('ODD', '(2,)', '(a, b, 0)')})"
            case 9:
                return f"{self.pick('any', 'all')}({self.loop(self.truth, d)})"
            case 10:
                return f"{self.pick('any', 'all')}(x > {x(d)} for x in {self.name('tuple')})"
            case 11:
                return f"({self.items(d)} {self.pick('==', '!=')} {self.items(d)})"
            case _:
                return f"({self.truth(d)} if {self.truth(d)} else {self.truth(d)})"

    def items(self, depth: int) -> str:
        if depth <= 0:
            return str(self.pick(self.name("tuple"), "r.counts", "ODD"))
        x, d = self.integer, depth - 1
        match self.small(0, 3):
            case 0:
                return f"({x(d)}, {x(d)}, {x(d)})"
            case 1:
                return f"({self.items(d)}[1:] + ({x(d)},))"
            case 2:
                return f"tuple({self.loop(self.integer, d, turns=3)})"
            case _:
                return f"({self.items(d)} if {self.truth(d)} else {self.items(d)})"

    def mode(self, depth: int) -> str:
        return str(self.pick("Mode.IDLE", "Mode.FAULT", "r.mode", self.name("mode")))

    def pump(self, depth: int) -> str:
        d = depth - 1
        match self.small(0, 2) if depth > 0 else 0:
            case 0:
                return self.name("pump")
            case 1:
                return f"replace({self.pump(d)}, count={self.integer(d)}, on={self.truth(d)})"
            case _:
                return f"Pump({self.integer(d)}, mode={self.mode(d)}, on={self.truth(d)})"

    def loop(self, write: Callable[[int], str], depth: int, turns: int | None = None) -> str:
        variable = str(self.pick("i", "j"))
        outer = self.scope
        self.scope = {**outer, variable: "int"}
        body = write(depth)
        self.scope = outer
        start = self.small(-1, 1)
        return f"{body} for {variable} in range({start}, {start + (turns or self.small(1, 3))})"

    def assignment(self, pad: str) -> str:
        kind = str(self.pick("int", "int", "bool", "tuple", "pump", "mode"))
        known = [
            name
            for name, of in self.scope.items()
            if of == kind and name not in PARAMETERS and name[0] == "v"
        ]
        if known and self.pick(True, False):
            name = str(self.pick(*known))
            if kind == "int" and self.pick(True, False):
                return f"{pad}{name} {self.pick('+=', '-=')} {self.integer(2)}\n"
        else:
            self.fresh += 1
            name = f"v{self.fresh}"
        text = f"{pad}{name} = {self.of(kind, 2)}\n"
        self.scope[name] = kind
        return text

    def statement(self, pad: str, depth: int) -> str:
        match self.small(0, 4) if depth > 0 else 0:
            case 0 | 1:
                return self.assignment(pad)
            case 2:
                return self.conditional(pad, depth)
            case 3:
                return f"{pad}if {self.truth(2)}:\n" + self.block(pad + "    ", depth - 1, returns=True)
            case _:
                return self.unrolled(pad)

    def conditional(self, pad: str, depth: int) -> str:
        """An if without return: both branches bind one new name at least."""
        self.fresh += 1
        name, kind = f"v{self.fresh}", str(self.pick("int", "bool", "tuple"))
        condition, before = self.truth(2), dict(self.scope)
        texts = []
        scopes = []
        for _ in range(2):
            self.scope = dict(before)
            inside = pad + "    "
            text = "".join(self.assignment(inside) for _ in range(self.small(0, 2)))
            if depth > 1 and self.pick(True, False):
                text += self.conditional(inside, depth - 1)
            text += f"{inside}{name} = {self.of(kind, 2)}\n"
            text += "".join(self.assignment(inside) for _ in range(self.small(0, 1)))
            texts.append(text)
            scopes.append(self.scope)
        self.scope = {**before, name: kind}
        return f"{pad}if {condition}:\n{texts[0]}{pad}else:\n{texts[1]}"

    def unrolled(self, pad: str) -> str:
        self.fresh += 1
        total, variable = f"v{self.fresh}", f"n{self.fresh}"
        text = f"{pad}{total} = {self.integer(1)}\n{pad}for {variable} in range({self.small(1, 3)}):\n"
        self.scope[total] = "int"
        outer = self.scope
        self.scope = {**outer, variable: "int"}
        text += f"{pad}    {total} = {self.integer(1)} + {total}\n"
        if self.pick(True, False):
            text += f"{pad}    if {self.truth(1)}:\n{pad}        {total} -= {variable}\n"
        self.scope = outer
        return text

    def block(self, pad: str, depth: int, *, returns: bool) -> str:
        before = dict(self.scope)
        text = "".join(self.statement(pad, depth) for _ in range(self.small(0, 3)))
        if returns and depth > 0 and self.pick(True, False, False):
            text += f"{pad}if {self.truth(1)}:\n" + self.block(pad + "    ", depth - 1, returns=True)
            text += f"{pad}else:\n" + self.block(pad + "    ", depth - 1, returns=True)
        else:
            text += f"{pad}return {self.integer(2)}\n"
        self.scope = before
        return text


@st.composite
def programs(draw: Draw) -> str:
    return PRELUDE + SIGNATURE + Writer(draw).block("    ", 2, returns=True)


SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
integers = st.integers(-7, 7)
triples = st.tuples(integers, integers, integers)


def outcome(function: tree.Function, arguments: dict[str, object]) -> object:
    try:
        return evaluate(function, arguments)
    except DefinednessError as error:
        return error


def check(load: Load, text: str, data: st.DataObject) -> None:
    module = load(text)
    try:
        function = Reader().read(module.program)
    except OutsideSubset as error:
        # The variable of a loop was drawn as an index that is known to be outside its tuple.
        if re.search(r"\], (index \d+ of|a negative index)", str(error)) is None:
            raise
        reject()
    modes = st.sampled_from(list(module.Mode))
    pumps = st.builds(module.Pump, integers, st.booleans(), modes, triples)
    inputs = st.tuples(integers, integers, st.booleans(), modes, triples, pumps)
    for values in data.draw(st.lists(inputs, min_size=3, max_size=3)):
        arguments = dict(zip(PARAMETERS, values))
        try:
            expected = module.program(**arguments)
        except IndexError:
            with pytest.raises(DefinednessError):
                evaluate(function, arguments)
            continue
        found = outcome(function, arguments)
        # Python counts a negative index from the end; the tree refuses it, and an obligation excludes it.
        assert found == expected or (isinstance(found, DefinednessError) and ": index -" in str(found))
    assert to_text(function)
    assert to_latex(function).count("{") == to_latex(function).count("}")


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW_TO_DRAW)
@given(text=programs(), data=st.data())
def test_generated_programs_mean_what_they_do(load: Load, text: str, data: st.DataObject) -> None:
    check(load, text, data)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=SLOW_TO_DRAW)
@given(text=programs(), data=st.data())
def test_many_generated_programs_mean_what_they_do(load: Load, text: str, data: st.DataObject) -> None:
    check(load, text, data)


TUPLES = """\
def item(t: tuple[int, int, int], i: int) -> int:
    return t[i]


def guarded(t: tuple[int, int, int], i: int) -> bool:
    return 0 <= i < 3 and t[i] > 0


def unused(t: tuple[int, int, int], i: int) -> int:
    x = t[i]
    return i


def unused_in_branch(t: tuple[int, int, int], i: int) -> int:
    if i > 0:
        x = t[i]
        y = 1
        z = 2
    else:
        y = 3
        z = 4
    return y + z


def stops_early(t: tuple[int, int, int], i: int) -> bool:
    return any(t[i + k] > 0 for k in range(3))


def quotient(t: tuple[int, int, int], i: int) -> int:
    return 10 * (i // 4) + i % 4
"""


class TestDefinedness:
    @pytest.mark.parametrize("index", [-1, 3])
    def test_an_index_outside_the_tuple_is_an_error_with_its_place(self, load: Load, index: int) -> None:
        module = load(TUPLES)
        with pytest.raises(DefinednessError) as caught:
            evaluate(Reader().read(module.item), {"t": (1, 2, 3), "i": index})
        assert str(caught.value) == f"{module.__file__}:2: index {index} of a tuple of 3"

    def test_an_index_behind_a_false_condition_is_not_evaluated(self, load: Load) -> None:
        function = Reader().read(load(TUPLES).guarded)
        assert evaluate(function, {"t": (1, 2, 3), "i": 7}) is False

    def test_a_value_that_is_not_used_is_evaluated_all_the_same(self, load: Load) -> None:
        function = Reader().read(load(TUPLES).unused)
        with pytest.raises(DefinednessError):
            evaluate(function, {"t": (1, 2, 3), "i": 3})

    def test_a_value_that_is_not_used_after_its_branch_is_evaluated_in_that_branch(self, load: Load) -> None:
        function = Reader().read(load(TUPLES).unused_in_branch)
        assert evaluate(function, {"t": (1, 2, 3), "i": -5}) == 7
        assert evaluate(function, {"t": (1, 2, 3), "i": 2}) == 3
        with pytest.raises(DefinednessError):
            evaluate(function, {"t": (1, 2, 3), "i": 3})

    def test_any_over_a_comprehension_stops_at_the_first_hit(self, load: Load) -> None:
        module = load(TUPLES)
        function = Reader().read(module.stops_early)
        arguments = {"t": (0, 0, 5), "i": 1}
        assert evaluate(function, arguments) is module.stops_early(**arguments) is True
        with pytest.raises(DefinednessError):
            evaluate(function, {"t": (0, 0, 0), "i": 1})


@pytest.mark.parametrize("value", range(-9, 10))
def test_quotient_and_remainder_of_negatives_are_those_of_python(load: Load, value: int) -> None:
    function = Reader().read(load(TUPLES).quotient)
    assert evaluate(function, {"t": (0, 0, 0), "i": value}) == 10 * (value // 4) + value % 4


class TestArguments:
    def test_a_bool_is_no_int(self, load: Load) -> None:
        with pytest.raises(TypeError, match=r"^item: i must be of type int, not True$"):
            evaluate(Reader().read(load(TUPLES).item), {"t": (1, 2, 3), "i": True})

    def test_a_tuple_of_another_length_is_refused(self, load: Load) -> None:
        with pytest.raises(TypeError, match=r"^item: t must be of type tuple of 3 int, not \(1, 2\)$"):
            evaluate(Reader().read(load(TUPLES).item), {"t": (1, 2), "i": 0})

    def test_a_missing_argument_is_named(self, load: Load) -> None:
        with pytest.raises(TypeError, match=r"^item takes t, i, not i$"):
            evaluate(Reader().read(load(TUPLES).item), {"i": 0})

    def test_a_subclass_of_a_record_is_refused(self, load: Load) -> None:
        module = load(PRELUDE + "def read(r: Pump) -> int:\n    return r.count\n")
        other = type("Other", (module.Pump,), {})(1, True)
        with pytest.raises(TypeError, match="r must be of type Pump"):
            evaluate(Reader().read(module.read), {"r": other})
