"""Mutation campaign: do the properties of a system notice faults that are put into its rows one at a time?

    python -m tests.campaigns.mutants [--system MODULE:NAME] [--only FILE[/FUNCTION]] [--jobs N] [--limit N] [--json F]

Exit codes: 0 every mutant in a row that writes outputs, holds or alarms was noticed; 1 some was not; 4 the arguments
are wrong; 5 the tool failed on a mutant; 130 interrupted.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import NoReturn

from pumpproof.statemachine.kernel.system import System
from tests.campaigns.judgement import Fate, Result, as_data, judge, marks, report, sensitive_rows
from tests.campaigns.mutations import Mutant, mutants_of
from tests.campaigns.trial import Finding, Trial, system_named

REFERENCE_PUMP = "pumpproof.statemachine.pump.system:SYSTEM"

TIME_LIMIT_S = 600.0
"""Wall-clock limit of one trial; a trial that reaches it counts as a fault of the tool, never as a kill."""


class Stopped(RuntimeError):
    """The campaign ends; no further trial begins."""


class BrokenBaseline(RuntimeError):
    """The unchanged system could not be verified, so that nothing can be said of its mutants."""


class Trials:
    """Carries out trials in processes of their own, and leaves none of them behind."""

    def __init__(self, folder: Path, time_limit_s: float = TIME_LIMIT_S) -> None:
        self.folder = folder
        self._time_limit_s = time_limit_s
        self._running: set[subprocess.Popen[str]] = set()
        self._lock = threading.Lock()
        self._stopped = False

    def carry_out(self, trial: Trial) -> Finding:
        """Carry out one trial and wait for its end.

        Raises:
            Stopped: ``stop`` was called.
        """
        process = self._start()
        try:
            out, err = process.communicate(json.dumps(asdict(trial)), timeout=self._time_limit_s)
        except subprocess.TimeoutExpired:
            return Finding(fault=f"the trial took longer than {self._time_limit_s:.0f} s")
        finally:
            self._end(process)
        if self._stopped:
            raise Stopped
        if process.returncode != 0:
            return Finding(fault=err.strip() or f"the trial ended with exit code {process.returncode}")
        return Finding.from_json(out)

    def stop(self) -> None:
        """End every running trial; none begins afterwards."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                process.kill()

    def _start(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._stopped:
                raise Stopped
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.campaigns.trial"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).resolve().parents[2],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            )
            self._running.add(process)
            return process

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        with self._lock:
            self._running.discard(process)


@contextmanager
def trials(time_limit_s: float = TIME_LIMIT_S) -> Iterator[Trials]:
    """A temporary folder and the processes that work in it; both are gone afterwards, however it ends."""
    with TemporaryDirectory(prefix="pumpproof-mutants-") as folder:
        running = Trials(Path(folder).resolve(), time_limit_s)
        try:
            yield running
        finally:
            running.stop()


def run_campaign(
    running: Trials,
    name: str,
    system: System,
    mutants: Sequence[Mutant],
    jobs: int,
    done: Callable[[Result], None],
) -> tuple[Result, ...]:
    """Try every mutant; results come in the order of the mutants, whatever the number of jobs.

    Raises:
        BrokenBaseline: the unchanged system could not be verified.
    """
    folder = str(running.folder)
    baseline = running.carry_out(Trial(name, folder))
    if baseline.fault or baseline.rejected:
        raise BrokenBaseline(f"{name} could not be verified:\n{baseline.fault or baseline.rejected}")

    def one(number: int, mutant: Mutant) -> Result:
        file = running.folder / str(number) / mutant.path.name
        file.parent.mkdir()
        file.write_bytes(mutant.source())
        started = time.perf_counter()
        finding = running.carry_out(Trial(name, folder, module=mutant.module, file=str(file)))
        result = judge(mutant, system, baseline, finding, time.perf_counter() - started)
        done(result)
        return result

    with ThreadPoolExecutor(jobs) as pool:
        futures: list[Future[Result]] = [pool.submit(one, i, mutant) for i, mutant in enumerate(mutants)]
        try:
            return tuple(future.result() for future in futures)
        finally:
            running.stop()
            pool.shutdown(wait=True, cancel_futures=True)


def chosen(mutants: Sequence[Mutant], only: Sequence[str], limit: int | None) -> tuple[Mutant, ...]:
    """The mutants of these files or functions, at most ``limit``.

    Raises:
        ValueError: one of ``only`` names no mutant.
    """
    for place in only:
        if not any(_lies_in(mutant, place) for mutant in mutants):
            known = ", ".join(dict.fromkeys(mutant.path.name for mutant in mutants))
            raise ValueError(
                f"--only {place} names no mutant; write FILE or FILE/FUNCTION, the files are {known}"
            )
    selected = [m for m in mutants if not only or any(_lies_in(m, place) for place in only)]
    return tuple(selected[:limit])


def _lies_in(mutant: Mutant, place: str) -> bool:
    return place in (mutant.path.name, mutant.place)


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Wrong arguments have the exit code that they have in every command of the project."""
        self.print_usage(sys.stderr)
        self.exit(4, f"{self.prog}: {message}\n")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = _Arguments(prog="python -m tests.campaigns.mutants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--system", default=REFERENCE_PUMP, metavar="MODULE:NAME")
    parser.add_argument("--only", action="append", default=[], metavar="FILE[/FUNCTION]")
    parser.add_argument("--jobs", type=_positive, default=1, metavar="N")
    parser.add_argument("--limit", type=_positive, metavar="N", help="the first N mutants only")
    parser.add_argument(
        "--no-extra", action="store_true", help="leave out the mutants that are counted apart"
    )
    parser.add_argument("--json", type=Path, metavar="F", help="write every mutant and its fate")
    parser.add_argument("--list", action="store_true", help="show the mutants and try none")
    return parser


class _Progress:
    """One line that is written over and over on a terminal; nothing elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._gaps = 0
        self._lock = threading.Lock()
        self._shown = sys.stderr.isatty()

    def __call__(self, result: Result) -> None:
        with self._lock:
            self._done += 1
            self._gaps += result.fate.is_gap
            self._show(f"{self._done}/{self._total} mutants, {self._gaps} not noticed  {result.mutant.place}")

    def _show(self, text: str) -> None:
        if self._shown:
            sys.stderr.write(f"\r\x1b[K{text[:100]}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the terminal as it was."""
        self._show("")


class _Terminated(BaseException):
    """The process was asked to end."""


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise _Terminated


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign from the command line; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        system = system_named(options.system)
        mutants = [m for m in mutants_of(system) if not (options.no_extra and m.kind.extra)]
        mutants = list(chosen(mutants, options.only, options.limit))
    except (ImportError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 4
    if options.list:
        sys.stdout.writelines(
            f"{m.path.name}:{m.line} {m.owner}: {m.kind.value}: {m.difference}\n" for m in mutants
        )
        return 0
    signal.signal(signal.SIGTERM, _terminated)
    progress = _Progress(len(mutants))
    started = time.perf_counter()
    try:
        with trials() as running:
            results = run_campaign(running, options.system, system, mutants, options.jobs, progress)
    except BrokenBaseline as error:
        sys.stderr.write(f"{error}\n")
        return 5
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    except _Terminated:
        sys.stderr.write("terminated\n")
        return 128 + signal.SIGTERM
    finally:
        progress.end()
    return _conclude(results, system, options.json, time.perf_counter() - started)


def _conclude(results: Sequence[Result], system: System, file: Path | None, seconds: float) -> int:
    sensitive = sensitive_rows(system)
    sys.stdout.writelines(f"{line}\n" for line in report(results, sensitive))
    if file is not None:
        file.write_text(json.dumps(as_data(results, sensitive), indent=2) + "\n", encoding="utf-8")
    gaps = [result for result in results if result.fate.is_gap and marks(result.mutant, sensitive)]
    each = sum(result.seconds for result in results) / max(len(results), 1)
    sys.stdout.write(
        f"\n{len(results)} mutants in {seconds:.0f} s, {each:.1f} s each; "
        f"{len(gaps)} not noticed in rows that write outputs, holds or alarms (marked !)\n"
    )
    if any(result.fate is Fate.FAULT for result in results):
        return 5
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
