"""Everything outside the subset is refused by name, with its file and line and what to write instead.

The cases are in ``refused/*.txt``: after ``## name`` comes the source of a module that binds ``read``, and on
the line where it is refused ``# <- CONSTRUCT || INSTEAD``. The text of ``prelude.txt`` stands before each.
"""

import builtins
import dataclasses
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pumpproof.verify.language.genuine import SUBSET_BUILTINS
from pumpproof.verify.language.reader import OutsideSubset, Reader
from pumpproof.verify.language.source import SourceFiles

Load = Callable[[str], Any]

FOLDER = Path(__file__).parent / "refused"
PRELUDE = (FOLDER / "prelude.txt").read_text(encoding="utf-8")
MARK = "  # <- "


@dataclass(frozen=True)
class Case:
    """A module that must be refused, and how."""

    text: str
    line: int
    construct: str
    instead: str


def cases() -> list[object]:
    found: list[object] = []
    for path in sorted(FOLDER.glob("*.txt")):
        sections = path.read_text(encoding="utf-8").split("## ")[1:]
        for section in sections:
            name, _, source = section.partition("\n")
            text = PRELUDE + source
            [(line, expected)] = [
                (number, content.partition(MARK)[2])
                for number, content in enumerate(text.splitlines(), start=1)
                if MARK in content
            ]
            construct, _, instead = expected.partition(" || ")
            found.append(pytest.param(Case(text, line, construct, instead), id=f"{path.stem}: {name}"))
    return found


def test_there_are_cases_of_every_kind() -> None:
    kinds = {path.stem for path in FOLDER.glob("*.txt")}
    assert kinds == {"prelude", "statements", "expressions", "records", "types", "functions", "globals"}
    assert len(cases()) > 200


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
@pytest.mark.parametrize("case", cases())
def test_is_refused_by_name_and_place(case: Case, load: Load) -> None:
    module = load(case.text)
    with pytest.raises(OutsideSubset) as caught:
        Reader().read(module.read)
    expected = f"{module.__file__}:{case.line}: {case.construct} is outside the subset; {case.instead}"
    assert str(caught.value) == expected


def refusal(function: object) -> OutsideSubset:
    with pytest.raises(OutsideSubset) as caught:
        Reader().read(function)  # type: ignore[arg-type]
    return caught.value


REPLACES = """
from dataclasses import dataclass, replace
from enum import Enum
Kind = Enum("Kind", "A B")
@dataclass(frozen=True)
class Made:
    kind: Kind
    count: int
def read(made: Made) -> Made:
    return replace(made, count=0)
"""


def forgetful(obj: Any, /, **changes: Any) -> Any:
    return obj.__class__(**{**vars(obj), **changes, "count": 0})


IDENTITY = "def read(n: int) -> int:\n    return n\n"


class TestWhatIsNotAFunction:
    INSTEAD = "give a plain function defined with def at module level"

    def test_a_builtin(self) -> None:
        assert str(refusal(len)) == f"<unknown>:0: the built-in len is outside the subset; {self.INSTEAD}"

    def test_a_class(self) -> None:
        construct = "the class int given as a function"
        assert str(refusal(int)) == f"<unknown>:0: {construct} is outside the subset; {self.INSTEAD}"

    def test_a_callable_object(self) -> None:
        class Doubler:
            def __call__(self, number: int) -> int:
                return 2 * number

        assert refusal(Doubler()).construct == "a callable object of type Doubler"


class TestWhatIsReadIsWhatRuns:
    def test_a_function_from_an_interactive_session_has_no_source(self) -> None:
        scope: dict[str, object] = {"__name__": "__main__"}
        exec(compile(IDENTITY, "<stdin>", "exec"), scope)
        found = refusal(scope["read"])
        assert str(found) == (
            "<stdin>:1: the function read, which has no source file, is outside the subset; define it in a module"
        )

    def test_a_file_edited_after_loading_is_refused(self, load: Load) -> None:
        module = load(IDENTITY)
        path = Path(str(module.__file__))
        path.write_text(IDENTITY.replace("return n", "return n + 1"), encoding="utf-8")
        found = refusal(module.read)
        assert str(found) == (
            f"{path}:1: read: the source file is not what was loaded, which is outside the subset; load it again"
        )

    def test_a_comment_added_after_loading_is_harmless_below_the_function(self, load: Load) -> None:
        module = load(IDENTITY)
        path = Path(str(module.__file__))
        path.write_text(IDENTITY + "# A remark.\n", encoding="utf-8")
        assert Reader().read(module.read).name == "read"

    def test_a_file_that_no_longer_parses_is_refused(self, load: Load) -> None:
        module = load(IDENTITY)
        Path(str(module.__file__)).write_text("def read(:\n", encoding="utf-8")
        assert refusal(module.read).construct == "read: the source file is not what was loaded, which"

    def test_a_file_that_was_removed_is_refused(self, load: Load) -> None:
        module = load(IDENTITY)
        Path(str(module.__file__)).unlink()
        assert refusal(module.read).construct == "the function read, which has no source file,"

    def test_code_moved_into_other_globals_is_refused(self, load: Load) -> None:
        module = load("LIMIT = 1\n\n\ndef read(n: int) -> int:\n    return n + LIMIT\n")
        moved = types.FunctionType(module.read.__code__, {"LIMIT": 2, "__builtins__": builtins}, "read")
        moved.__annotations__ = {"n": int, "return": int}
        assert refusal(moved).construct == "read with the globals of another file"

    def test_code_replaced_by_an_edited_copy_is_refused(self, load: Load) -> None:
        module = load(IDENTITY.replace("return n", "return n + 1"))
        code = module.read.__code__
        constants = tuple(2 if constant == 1 else constant for constant in code.co_consts)
        module.read.__code__ = code.replace(co_consts=constants)
        assert module.read(1) == 3
        assert refusal(module.read).construct == "read: the source file is not what was loaded, which"

    def test_a_replaced_builtin_is_refused(self, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
        module = load("def read(n: int) -> int:\n    return min(n, 1)\n")
        with monkeypatch.context() as patch:
            patch.setattr(builtins, "min", max)
            found = refusal(module.read)
        assert found.construct == "the built-in min, which has been replaced"

    def test_a_builtin_replaced_before_the_toolkit_was_loaded_is_refused(
        self, load: Load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = load("def read(n: int) -> int:\n    return min(n, 1)\n")
        with monkeypatch.context() as patch:
            patch.setattr(builtins, "min", max)
            patch.setitem(SUBSET_BUILTINS, "min", max)
            found = refusal(module.read)
        assert found.construct == "the built-in min, which has been replaced"

    def test_other_code_in_replace_is_refused(self, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
        module = load(REPLACES)
        with monkeypatch.context() as patch:
            patch.setattr(dataclasses.replace, "__code__", forgetful.__code__)
            found = refusal(module.read)
        assert str(found) == (
            f"{module.__file__}:10: dataclasses.replace, which is not that of the standard library, "
            "is outside the subset; leave the standard library as it is"
        )

    def test_another_function_under_replace_is_refused(
        self, load: Load, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        used = next(name for name in ("_replace", "_is_dataclass_instance") if hasattr(dataclasses, name))
        module = load(REPLACES)
        with monkeypatch.context() as patch:
            patch.setattr(dataclasses, used, lambda *_: True)
            found = refusal(module.read)
        assert found.construct == f"dataclasses.{used}, which is not that of the standard library,"

    def test_a_rebound_import_is_refused(self, load: Load) -> None:
        first = load("def helper(n: int) -> int:\n    return n\n")
        text = f"from {first.__name__} import helper\n\n\ndef read(n: int) -> int:\n    return helper(n)\n"
        second = load(text)
        first.helper = load(IDENTITY).read
        assert refusal(second.read).construct == "the global helper, which is no longer what was imported"

    def test_an_imported_constant_is_followed_to_where_it_is_bound_twice(self, load: Load) -> None:
        first = load("LIMIT = 1\nLIMIT = 2\n")
        text = (
            f"from {first.__name__} import LIMIT as CAP\n\n\ndef read(n: int) -> int:\n    return n + CAP\n"
        )
        found = refusal(load(text).read)
        assert found.construct == "the global LIMIT, which its module binds or deletes 2 times"

    def test_a_constant_from_compiled_code_is_refused(self, load: Load) -> None:
        text = "from sys import maxsize\n\n\ndef read(n: int) -> int:\n    return n + maxsize\n"
        assert sys.maxsize > 0
        found = refusal(load(text).read)
        assert found.construct == "maxsize, whose module has no Python source"

    def test_changes_after_reading_are_reported(self, load: Load) -> None:
        text = (
            "LIMIT = 1\n\n\ndef helper(n: int) -> int:\n    return n\n\n\n"
            "def read(n: int) -> int:\n    return helper(n) + LIMIT\n"
        )
        module = load(text)
        reader = Reader()
        reader.read(module.read)
        assert reader.changed_since_reading() == ()
        module.LIMIT = 2
        module.helper.__code__ = module.read.__code__
        name = module.__name__
        assert reader.changed_since_reading() == (f"{name}.helper", f"{name}.LIMIT")

    def test_what_python_gives_is_looked_at_again(self, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
        reader = Reader()
        reader.read(load(REPLACES).read)
        assert reader.changed_since_reading() == ()
        with monkeypatch.context() as patch:
            patch.setattr(builtins, "max", min)
            patch.setattr(dataclasses.replace, "__code__", forgetful.__code__)
            assert reader.changed_since_reading() == ("builtins.max", "dataclasses.replace")

    def test_types_are_looked_at_again(self, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
        reader, module = Reader(), load(REPLACES)
        reader.read(module.read)
        with monkeypatch.context() as patch:
            patch.setattr(module.Made, "__bool__", lambda _: False, raising=False)
            patch.setattr(module.Kind.B, "_name_", "A")
            name = module.__name__
            assert reader.changed_since_reading() == (f"{name}.Kind", f"{name}.Made")


def test_a_file_is_compiled_once(load: Load) -> None:
    module = load(IDENTITY)
    sources = SourceFiles()
    path = str(module.__file__)
    assert sources.load(path) is sources.load(path)
