"""Replay of a run in the running machine, under the running monitor: what alone makes a finding count."""

import copy
from collections.abc import Collection
from dataclasses import dataclass, replace

from pumpproof.spec.kernel.binding import Vocabulary, bind_property
from pumpproof.statemachine.kernel.machine import Machine, Taken
from pumpproof.statemachine.kernel.monitor import NEVER, Monitor, Violation
from pumpproof.statemachine.kernel.monitor import Opening as OpeningPolicy
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.kernel.table import Command, Entry, Ignored, Refused, Row
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings


class ReplayMismatch(RuntimeError):
    """The running machine does something else than a formula or a search said it does: a fault of this tool."""


@dataclass(frozen=True)
class Replay:
    """What the running machine did.

    ``reached`` are the ids of the properties that had something to say; ``first_reached`` gives the number of steps
    after which each first had.
    """

    steps: tuple[Taken, ...]
    violations: tuple[Violation, ...]
    first_reached: dict[str, int]

    @property
    def reached(self) -> tuple[str, ...]:
        """Ids of the properties that had something to say."""
        return tuple(self.first_reached)


def replay(
    system: System,
    run: Run,
    *,
    openings: Openings = (),
    policy: OpeningPolicy | None = None,
    only: Collection[str] | None = None,
    machine: Machine | None = None,
) -> Replay:
    """Take a run in the running machine, from its initial state, and let a fresh monitor judge each step.

    Observers that may open anywhere open in the initial state and where ``openings`` says, or as ``policy`` says.
    ``only`` limits the judgement to these properties, which is quicker. ``machine`` is one to use again; it must
    have the limits of the run, and it is put into its initial state first.

    Raises:
        InvalidLimits, StepError, EventRefused: the machine does not take the run.
    """
    if machine is None:
        machine = Machine(system, run.limits)
    else:
        machine.state = system.initial(run.limits)
    if only is not None and not only:
        return Replay(tuple(machine.step(event) for event in run.events()), (), {})
    judged = system if only is None else judging_only(system, only)
    monitor = Monitor(judged, run.limits, policy or NEVER)
    free = [observer.name for observer in judged.observers if observer.arbitrary_start]
    opens_after: dict[int, list[str]] = {0: [*free]} if policy is None else {}
    for name, count in openings:
        if name in free:
            opens_after.setdefault(count, []).append(name)
    violations = list(monitor.start(machine.state))
    first_reached: dict[str, int] = {}
    steps: list[Taken] = []

    def open_now() -> None:
        for name in opens_after.get(len(steps), ()):
            violations.extend(monitor.open(name))
        if len(monitor.reached) > len(first_reached):
            new = sorted(monitor.reached - first_reached.keys())
            first_reached.update(dict.fromkeys(new, len(steps)))

    open_now()
    for event in run.events():
        taken = machine.step(event)
        steps.append(taken)
        violations += monitor.observe(taken)
        open_now()
    return Replay(tuple(steps), tuple(violations), first_reached)


def judging_only(system: System, ids: Collection[str]) -> System:
    """The same system that claims nothing but these properties, with the observers that they speak of."""
    records = tuple(observer.record for observer in system.observers)
    words = Vocabulary(system.state, system.limits, system.outputs, system.events, records)
    kept = tuple(replace(known, uses=()) for known in system.properties if known.id in ids)
    spoken_of = {ghost for known in kept for ghost in bind_property(known, words).ghosts}
    part = copy.copy(
        system
    )  # a part of a valid system is valid, and to check each again would cost more than a run
    object.__setattr__(part, "properties", kept)
    object.__setattr__(part, "observers", tuple(one for one in system.observers if one.record in spoken_of))
    return part


ArrowKey = tuple[str, bool | None, type]
"""What tells arrows apart in a step of the running machine: entry, whether accepted, event."""


def arrow_key(taken: Taken) -> ArrowKey:
    """The arrow that a step took."""
    return (taken.entry_id, taken.accepted, type(taken.event))


def arrow_names(system: System) -> dict[ArrowKey, str]:
    """Every arrow of the table by what the running machine says of it, named as in the proofs."""
    return {key: name for entry in system.table for key, name in _arrows(entry)}


def _arrows(entry: Entry) -> list[tuple[ArrowKey, str]]:
    match entry:
        case Row():
            return [((entry.id, None, entry.event), entry.id)]
        case Command():
            return [
                ((entry.id, True, entry.event), f"{entry.id} accepted"),
                ((entry.id, False, entry.event), f"{entry.id} refused"),
            ]
        case Refused():
            return [((entry.id, False, event), f"{entry.id} {event.__name__}") for event in entry.events]
        case Ignored():
            return [((entry.id, None, event), f"{entry.id} {event.__name__}") for event in entry.events]
