"""Entry point: from arguments to an exit code. Whatever happens, one of the documented codes comes out."""

import contextlib
import gc
import logging
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from types import FrameType
from typing import cast

import typer

from pumpproof.cli.commands import app
from pumpproof.cli.errors import BadInput
from pumpproof.verify.results.exits import ExitCode

INTERRUPTED = 130
BROKEN_PIPE = 141
REPEATED_AFTER_S = 0.05

_interrupts: list[int] = []
"""The interrupts so far: after one, what was being made may lack the attributes that its finalizer reads."""

_UsageError: type[Exception] = typer.BadParameter.__bases__[0]
"""Typer's base of all usage errors, whichever click it carries."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(
        200_000, 50, 50
    )  # terms live until the end; to look through them again and again costs a tenth
    listen_for_interrupts()
    code = run(sys.argv[1:])
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(
                OSError, ValueError
            ):  # closed, or its reader is gone: `run` has judged that
                stream.flush()
    os._exit(
        code
    )  # everything is written; to take the terms apart one by one would cost a tenth of a warm run


def listen_for_interrupts() -> None:
    """Let no interrupt get lost in a finalizer, and no finalizer complain of an object that one left half-made."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    sys.unraisablehook = _judge_what_a_finalizer_raised


def _interrupt(number: int, frame: FrameType | None) -> None:
    _interrupts.append(number)
    signal.default_int_handler(number, frame)


def _judge_what_a_finalizer_raised(lost: "sys.UnraisableHookArgs") -> None:
    """Interrupt once more, shortly, where an interrupt came within a finalizer, from which nothing can be raised.

    After an interrupt a missing attribute is that of an object left half-made, and no news.
    """
    if issubclass(lost.exc_type, KeyboardInterrupt):
        again = threading.Timer(
            REPEATED_AFTER_S, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)
        )
        again.daemon = True
        again.start()
    elif not (_interrupts and issubclass(lost.exc_type, AttributeError)):
        sys.__unraisablehook__(lost)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns its exit code."""
    return guarded(lambda: _parsed(arguments)())  # noqa: PLW0108  parsing may raise, too


def guarded(action: Callable[[], int]) -> int:
    """Do something; returns its exit code, or that of what it raises."""
    try:
        code = action()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BadInput as error:
        code = _say(str(error), ExitCode.INPUT)
        _discard_output()
    except KeyboardInterrupt:
        code = _say("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _discard_output()
        code = BROKEN_PIPE
    except Exception as error:  # noqa: BLE001  the last resort, which names the error and never passes for a verdict
        code = _say(_fault(error), ExitCode.FAULT)
    return code


def _parsed(arguments: Sequence[str]) -> Callable[[], int]:
    """What to do, as a function that does it.

    Raises:
        BadInput: the arguments can not be understood, or Python leaves assertions out.
    """
    if not __debug__:
        raise BadInput(
            "the toolkit's own checks are assertions, which python -O and PYTHONOPTIMIZE remove; run without them"
        )
    try:
        result = app(list(arguments), prog_name="pumpproof", standalone_mode=False)
    except _UsageError as error:
        said = getattr(error, "format_message", error.__str__)()
        stop = "" if said.endswith((".", "?", "!")) else "."
        raise BadInput(f"{said}{stop} `pumpproof --help` shows what there is.") from error
    except SystemExit as error:
        raise BrokenPipeError from error
    if callable(result):
        return cast("Callable[[], int]", result)
    code = int(result or 0)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return lambda: code


def _say(message: str, code: int) -> int:
    """Print a message on standard error, with the traceback if it is asked for."""
    try:
        if os.environ.get("PUMPPROOF_TRACEBACK") == "1" and code != INTERRUPTED:
            traceback.print_exc()
        if sys.stderr is not None:
            sys.stderr.write(f"pumpproof: {message}\n")
            sys.stderr.flush()
    except OSError:
        _discard_output()
    return code


def _fault(error: Exception) -> str:
    said = f": {error}" if str(error) else ""
    return (
        f"fault of the tool, so nothing is proved: {type(error).__name__}{said}\n"
        "Please report it, with what PUMPPROOF_TRACEBACK=1 prints when you run the same command again."
    )


def _discard_output() -> None:
    """Nobody reads: let the interpreter flush into nothing at its end."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except (OSError, ValueError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, stream.fileno())
            os.close(nothing)
