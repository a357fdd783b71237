"""Put a mutant into effect: as a system whose rows differ, or as other code in the very function that runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from sys import modules
from types import CodeType, FunctionType

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.language.reader import Reader
from pumpproof.verify.mutation.mutants import CodeChange, Mutant, RowChange


class Stillborn(Exception):
    """A mutant that is no program or no system; the message says what refuses it."""


@contextmanager
def applied(system: System, mutant: Mutant) -> Iterator[tuple[System, Reader]]:
    """The system with the mutant in effect, and a reader that sees the changed source; afterwards all is as before.

    Raises:
        Stillborn: the source does not compile, or no system can be constructed from the rows.
    """
    with changed(system, mutant.change) as both:
        yield both


@contextmanager
def changed(system: System, change: CodeChange | RowChange) -> Iterator[tuple[System, Reader]]:
    """The system with a change in effect, as ``applied`` gives it.

    Raises:
        Stillborn: the source does not compile, or no system can be constructed from the rows.
    """
    match change:
        case CodeChange():
            function = vars(modules[change.module])[change.function]
            assert isinstance(function, FunctionType)
            before = function.__code__
            function.__code__ = _code_of(change, before)
            try:
                yield system, Reader({change.path: change.source})
            finally:
                function.__code__ = before
        case RowChange():
            yield _with_row(system, change), Reader()


def _code_of(change: CodeChange, before: CodeType) -> CodeType:
    try:
        module = compile(change.source, change.path, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise Stillborn(f"SyntaxError: {error.msg}") from error
    return next(
        constant
        for constant in module.co_consts
        if isinstance(constant, CodeType)
        and (constant.co_qualname, constant.co_firstlineno) == (before.co_qualname, before.co_firstlineno)
    )


def _with_row(system: System, change: RowChange) -> System:
    table = tuple(change.entry if entry.id == change.id else entry for entry in system.table)
    try:
        return replace(system, table=tuple(entry for entry in table if entry is not None))
    except ValueError as error:
        raise Stillborn(str(error).splitlines()[0]) from error
