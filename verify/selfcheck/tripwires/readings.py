"""The two readers of source code."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import FunctionType
from unittest.mock import patch

from pumpproof.verify.checks import readings as checks
from pumpproof.verify.equality import Agreement
from pumpproof.verify.judge import ToolFault
from pumpproof.verify.language import tree
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.types import UnsupportedType
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.reading_content import ReadingContent
from pumpproof.verify.readings import ReadingRow, compare_readings
from pumpproof.verify.second_reader.errors import CanNotRead
from pumpproof.verify.second_reader.functions import FunctionReading, Functions
from pumpproof.verify.selfcheck import constructs, outside
from pumpproof.verify.selfcheck.tripwires.proofs import symbolic

_INPUTS = 4


def every_construct() -> Iterator[str]:
    """Both readers read each construct as Python runs it."""
    reader = Reader()
    for function in constructs.READ:
        reader.read(function)
    rows = compare_readings(reader, inputs=_INPUTS)
    if len(rows) != len(constructs.READ):
        yield f"{len(constructs.READ) - len(rows)} functions that are not compared"
    for row in rows:
        if row.verdict is not Agreement.EQUAL:
            yield f"{row.function.rpartition('.')[2]}: {row.verdict.value}: {row.explained()}"


def outside_the_subset() -> Iterator[str]:
    """Neither reader takes what has no exact reading."""
    reader = Reader()
    for function in constructs.REFUSED:
        if _read(lambda function=function: reader.read(function), OutsideSubset):  # type: ignore[misc]
            yield f"{function.__name__}, by reader 1"
        # Reader 2 follows what runs: a loop of unknown length would take it through ever more paths.
        if function is not constructs.while_unknown and _read(
            lambda function=function: Functions().read(function),  # type: ignore[misc]
            CanNotRead,
        ):
            yield f"{function.__name__}, by reader 2"


def outside_its_place() -> Iterator[str]:
    """The first reader takes nothing whose meaning depends on more than its own text."""
    reader = Reader()
    for function in outside.REFUSED:
        if _read(lambda function=function: reader.read(function), (OutsideSubset, UnsupportedType)):  # type: ignore[misc]
            yield getattr(function, "__name__", "a function")


def _read(action: Callable[[], object], refusal: type[Exception] | tuple[type[Exception], ...]) -> bool:
    try:
        action()
    except refusal:
        return False
    return True


@dataclass
class _Mistaken(Functions):
    """Reads one function where another stands."""

    instead: dict[str, Callable[..., object]]

    def __post_init__(self) -> None:
        super().__init__()

    def read(self, function: Callable[..., object]) -> FunctionReading:
        """See ``Functions``."""
        return super().read(self.instead.get(getattr(function, "__name__", ""), function))


def strictly(x: int, y: int) -> bool:
    """Differs from the next one where both are equal."""
    return x < y


def loosely(x: int, y: int) -> bool:
    """Differs from the last one where both are equal."""
    return x <= y


def guarded(lamp: constructs.Lamp, i: int) -> int:
    """Raises for fewer indices than the next one, and gives the same where both are defined."""
    return lamp.levels[i] if i < 3 else 0


def unguarded(lamp: constructs.Lamp, i: int) -> int:
    """Raises for more indices than the last one."""
    return lamp.levels[i]


def differences() -> Iterator[str]:
    """Two readings that differ are found to differ."""
    pairs: tuple[tuple[FunctionType, FunctionType], ...] = (
        (strictly, loosely),  # type: ignore[assignment]
        (guarded, unguarded),
    )
    for one, other in pairs:
        for inputs in (0, 24):
            reader = Reader()
            reader.read(one)
            rows = compare_readings(reader, _Mistaken({one.__name__: other}), inputs=inputs)
            if [row.verdict for row in rows] != [Agreement.DIFFERENT]:
                yield f"{one.__name__} read as {other.__name__}, with {inputs} inputs"


def stale_source() -> Iterator[str]:
    """Code that is not what its source says is not read."""
    reader = Reader()
    reader.read(strictly)
    reader.read(constructs.bounded)
    original = strictly.__code__
    changed = loosely.__code__.replace(
        co_name=original.co_name, co_qualname=original.co_qualname, co_firstlineno=original.co_firstlineno
    )
    try:
        strictly.__code__ = changed
        if _read(lambda: Reader().read(strictly), OutsideSubset):
            yield "a function whose code is not that of its source"
        strictly.__code__ = loosely.__code__
        if not reader.changed_since_reading():
            yield "a function that was replaced while it was verified"
    finally:
        strictly.__code__ = original
    with patch.object(constructs, "BOUND", 7):
        if not reader.changed_since_reading():
            yield "a constant that was bound anew while it was verified"


class _Alike(Reader):
    """Reads one function where another stands, as a second reader may do too."""

    def functions(self) -> tuple[tuple[FunctionType, tree.Function], ...]:
        """See ``Reader``."""
        assert isinstance(strictly, FunctionType)
        return ((strictly, self.read(loosely)),)


def shared_mistakes() -> Iterator[str]:
    """What both readers misread alike shows when the function is run."""
    rows = compare_readings(_Alike(), _Mistaken({strictly.__name__: loosely}), inputs=24)
    if [row.verdict for row in rows] != [Agreement.DIFFERENT]:
        yield "a function that both readers take for another"


def refused_by_one() -> Iterator[str]:
    """A function with one reading only is not read alike, and two readings that differ are a fault of the tool."""
    refused = ReadingRow("known", "known:1", 0, Agreement.REFUSED, 0, "refused")
    with patch.object(checks, "compare_readings", return_value=(refused,)):
        said = checks.check_readings(symbolic(), NoCache()).verdict
    if said is not Verdict.UNKNOWN:
        yield f"a function that reader 2 refuses, as {said.value}"
    different = ReadingRow("known", "known:1", 0, Agreement.DIFFERENT, 0, "different")
    with patch.object(checks, "compare_readings", return_value=(different,)), suppress(ToolFault):
        checks.check_readings(symbolic(), NoCache())
        yield "a function of which the readings differ, as no fault of the tool"


def one_more(x: int) -> int:
    """Called from a generator expression only."""
    return x + 1


def through_generator(lamp: constructs.Lamp) -> int:
    """Calls another function for each item."""
    return sum(one_more(level) for level in lamp.levels)


def content_of_readings() -> Iterator[str]:
    """A function that calls another one is another function after a change of that one."""
    original = one_more.__code__
    read = Reader().read(through_generator)
    before = ReadingContent().of(through_generator, read)  # type: ignore[arg-type]
    try:
        one_more.__code__ = original.replace(co_consts=(None, 2))
        if ReadingContent().of(through_generator, read) == before:  # type: ignore[arg-type]
            yield "a change of what a generator expression calls"
    finally:
        one_more.__code__ = original


READINGS = (
    every_construct,
    outside_the_subset,
    outside_its_place,
    differences,
    stale_source,
    shared_mistakes,
    refused_by_one,
    content_of_readings,
)
