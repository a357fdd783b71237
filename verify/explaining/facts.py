"""What a property is judged on where it fails: the last step of a run, or the step of a situation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pumpproof.spec.kernel.binding import Binding, Slot, Vocabulary, bind_property
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.obligations import Stage
from pumpproof.verify.proof.verdicts import Situation
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper


@dataclass(frozen=True)
class Facts:
    """``taken`` is the step that fails, None where a first state or an opening does.

    ``state`` is the state of which an invariant speaks; ``ghosts`` are the records that the property is judged with.
    """

    limits: Any
    taken: Taken | None
    state: Any
    ghosts: Mapping[type, object]

    def arguments(self, bindings: tuple[Binding, ...]) -> dict[str, object]:
        """The values of the parameters of a claim, by name."""
        return {binding.name: self._value(binding) for binding in bindings}

    def _value(self, binding: Binding) -> object:
        match binding.slot:
            case Slot.STATE:
                return self.state
            case Slot.LIMITS:
                return self.limits
            case Slot.GHOST:
                return self.ghosts[binding.type]
            case Slot.BEFORE | Slot.AFTER | Slot.EVENT | Slot.OUTPUTS:
                assert self.taken is not None, "a property of steps is judged on a step"
                return getattr(self.taken, binding.slot.name.lower())


def steps_of(system: System, run: Run) -> tuple[Taken, ...]:
    """The steps of a run that was replayed before."""
    stepper = Stepper(system, run.limits)
    state = system.initial(run.limits)
    steps: list[Taken] = []
    for event in run.events():
        steps.append(stepper.step(state, event))
        state = steps[-1].after
    return tuple(steps)


def of_run(
    system: System, run: Run, steps: tuple[Taken, ...], ghosts: tuple[tuple[str, object], ...]
) -> Facts:
    """The end of a run, where ``ghosts`` are the records that show its property broken, by name of the observer."""
    state = steps[-1].after if steps else system.initial(run.limits)
    return Facts(run.limits, steps[-1] if steps else None, state, _by_record(system, ghosts))


def of_situation(system: System, known: Property, situation: Situation) -> Facts | None:
    """The step, the first state or the opening that a situation tells of; None where the step raises."""
    specification = Specification(system, situation.limits)
    records: dict[str, object] = dict(situation.ghosts)
    state: Any = situation.before
    ghosts = tuple(records.get(observer.name) for observer in system.observers)
    try:
        if situation.event is None:
            is_first = Stage.INITIAL.value in situation.obligation
            state = system.initial(situation.limits) if is_first else state
            ghosts = tuple(
                specification.open(number, state)
                if is_first or observer.name in situation.obligation
                else ghosts[number]
                for number, observer in enumerate(system.observers)
            )
            return Facts(situation.limits, None, state, _records(system, ghosts))
        taken = Stepper(system, situation.limits).step(situation.before, situation.event)
        if known.kind is Kind.INVARIANT:
            needed = range(len(system.observers))
            facts = specification.facts(taken, ghosts)
            ghosts = specification.advance(facts, type(taken.event), ghosts, needed)
    except CAN_RAISE:
        return None
    return Facts(situation.limits, taken, taken.after, _records(system, ghosts))


def bound(system: System, known: Property) -> tuple[Binding, ...]:
    """What the parameters of a claim stand for."""
    records = tuple(observer.record for observer in system.observers)
    words = Vocabulary(system.state, system.limits, system.outputs, system.events, records)
    return bind_property(known, words).claim


def _by_record(system: System, ghosts: tuple[tuple[str, object], ...]) -> dict[type, object]:
    named = dict(ghosts)
    return {one.record: named[one.name] for one in system.observers if one.name in named}


def _records(system: System, ghosts: tuple[Any, ...]) -> dict[type, object]:
    return {observer.record: ghost for observer, ghost in zip(system.observers, ghosts, strict=True)}
