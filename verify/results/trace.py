"""Runs and situations step by step: each is replayed in the running machine, and what changed is noted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from traceback import extract_tb
from typing import Any

from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.machine import Machine, StepError, Taken
from pumpproof.statemachine.kernel.monitor import EVERY_STEP, NEVER, Monitor, Opening, Snapshot, Violation
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.verdicts import Situation
from pumpproof.verify.record import Verification
from pumpproof.verify.results.values import Change, differences, record_fields
from pumpproof.verify.search.replay import ReplayMismatch, judging_only, replay
from pumpproof.verify.search.run import Run

Ghosts = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Stretch:
    """Steps ``first`` to ``last`` (counted from 1), all with an equal event.

    ``taken`` are the entries of the table that took them, each with how often. ``changes`` compares the state (and in
    a situation the ghosts) before the first with the one after the last. ``outputs`` holds what differs from empty
    outputs: sums of integers, otherwise the last such value.
    """

    first: int
    last: int
    event: object
    taken: tuple[tuple[str, int], ...]
    changes: tuple[Change, ...]
    outputs: Ghosts


@dataclass(frozen=True)
class Trace:
    """A replayed run or situation.

    ``start`` is the state before the first step. ``ghosts`` are the observers' records of which the property speaks:
    in a situation before its step, in a run those with which its end breaks the property. ``raised`` says what the
    last step raised, if it did.
    """

    limits: object
    start: object
    stretches: tuple[Stretch, ...]
    ghosts: Ghosts
    raised: str = ""

    def __len__(self) -> int:
        return self.stretches[-1].last if self.stretches else 0


@dataclass(frozen=True)
class Traces:
    """Every trace of a verification, made once: by property id, and by name of a check."""

    counterexamples: dict[str, Trace]
    situations: dict[str, Trace]
    of_checks: dict[str, tuple[Trace, ...]]

    @staticmethod
    def of(verification: Verification) -> "Traces":
        """Replay everything that the verification found.

        Raises:
            ReplayMismatch: a counterexample does not break its property.
        """
        system = verification.system
        return Traces(
            {
                result.property.id: replay_counterexample(system, result.property, result.counterexample.run)
                for result in verification.properties
                if result.counterexample is not None
            },
            {
                result.property.id: replay_situation(system, result.property, result.situation)
                for result in verification.properties
                if result.situation is not None and result.counterexample is None
            },
            {
                result.name: tuple(replay_situation(system, None, one) for one in result.situations)
                for result in verification.checks
            },
        )


def replay_counterexample(system: System, known: Property, run: Run) -> Trace:
    """The run in the running machine, with a monitor that must see its end break the property.

    Raises:
        ReplayMismatch: it does not.
    """
    steps, violation = _replayed(system, known, run)
    if violation is None:
        raise ReplayMismatch(
            f"{known.id}: the counterexample of {len(run)} steps does not break it in the running machine"
        )
    start = steps[0].before if steps else violation.state
    return Trace(run.limits, start, tuple(_stretches(system, run, steps)), violation.ghosts)


def replay_witness(system: System, run: Run) -> Trace:
    """A run that shows something and breaks nothing, in the running machine.

    Raises:
        InvalidLimits, StepError, EventRefused: the machine does not take the run.
    """
    steps = replay(system, run, only=()).steps
    start = steps[0].before if steps else system.initial(run.limits)
    return Trace(run.limits, start, tuple(_stretches(system, run, steps)), ())


def replay_situation(system: System, known: Property | None, situation: Situation) -> Trace:
    """The step of a situation in the running machine, from the state that the situation gives."""
    ghosts = () if known is None else _ghosts_of(system, known, situation.ghosts)
    trace = Trace(situation.limits, situation.before, (), ghosts)
    if situation.event is None:
        return trace
    try:
        taken = Machine(system, situation.limits, state=situation.before).step(situation.event)
        changes = (
            *differences(taken.before, taken.after),
            *_ghost_changes(system, situation, taken, tuple(name for name, _ in ghosts)),
        )
    except Exception as error:  # noqa: BLE001  whatever a function of the system raises belongs to the trace
        label = ((situation.entry, 1),) if situation.entry else ()
        stretch = Stretch(1, 1, situation.event, label, (), ())
        return replace(trace, stretches=(stretch,), raised=_raised(error))
    stretch = Stretch(1, 1, situation.event, ((_label(taken), 1),), changes, _outputs(system, [taken]))
    return replace(trace, stretches=(stretch,))


def _replayed(system: System, known: Property, run: Run) -> tuple[tuple[Taken, ...], Violation | None]:
    """The steps, and how the last breaks the property: observers open where the event changes, if need be anywhere."""
    at_the_end = tuple((observer.name, len(run)) for observer in system.observers)
    turns = {0, *accumulate(count for _, count in run.parts)}
    policies: tuple[Opening, ...] = (lambda _observer, number, _state: number in turns, EVERY_STEP)
    steps: tuple[Taken, ...] = ()
    for policy in policies:
        replayed = replay(system, run, openings=at_the_end, policy=policy, only=(known.id,))
        steps = replayed.steps
        for violation in replayed.violations:
            if violation.step_number == len(steps):
                return steps, violation
    return steps, None


def _ghosts_of(system: System, known: Property, ghosts: Ghosts) -> Ghosts:
    names = {observer.name for observer in judging_only(system, (known.id,)).observers}
    return tuple((name, record) for name, record in ghosts if name in names)


def _ghost_changes(
    system: System, situation: Situation, taken: Taken, names: tuple[str, ...]
) -> Iterator[Change]:
    records: dict[str, Any] = dict(situation.ghosts)
    live = tuple((records[one.name],) if one.name in records else () for one in system.observers)
    monitor = Monitor(replace(system, properties=()), situation.limits, NEVER)
    monitor.restore(Snapshot(situation.before, 0, None, live))
    monitor.observe(taken)
    for name in names:
        (after,) = monitor.live(name)
        yield from differences(records[name], after, name)


def _stretches(system: System, run: Run, steps: Sequence[Taken]) -> Iterator[Stretch]:
    """One stretch for each part of the run; the last step always stands alone."""
    bounds = sorted({*accumulate((count for _, count in run.parts), initial=0), max(len(run) - 1, 0)})
    for first, last in pairwise(bounds):
        part = steps[first:last]
        if not part:
            return
        taken: dict[str, int] = {}
        for step in part:
            taken[_label(step)] = taken.get(_label(step), 0) + 1
        changes = tuple(differences(part[0].before, part[-1].after))
        yield Stretch(
            first + 1, first + len(part), part[0].event, tuple(taken.items()), changes, _outputs(system, part)
        )


def _label(taken: Taken) -> str:
    outcome = {True: " accepted", False: " refused", None: ""}[taken.accepted]
    return taken.entry_id + outcome


def _outputs(system: System, steps: Sequence[Taken]) -> Ghosts:
    shown: list[tuple[str, object]] = []
    for name, empty in record_fields(system.outputs()):
        values = [getattr(step.outputs, name) for step in steps]
        given = [value for value in values if value != empty]
        if given:
            shown.append((name, sum(given) if type(empty) is int else given[-1]))
    return tuple(shown)


def _raised(error: Exception) -> str:
    if isinstance(error, StepError):
        return str(error)
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
