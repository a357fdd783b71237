"""Parameters are bound by type: the one home of the rule for properties, observers and rows.

A function says what it speaks about by the types of its parameters. The runtime monitor and the prover both
ask here, so that a claim can never mean one thing to the one and something else to the other.

* A function of a state (an invariant, an observer's ``begin``) may ask for the state under any name, for the
  limits and for records of observers.
* A function of a step may ask for the state as ``before`` and as ``after``, for one event, for the outputs,
  for the limits and for records of observers.
* A function of a row is called as ``f(state, event, limits)``, under any names.
"""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import FunctionType

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Kind, Property


class Slot(Enum):
    """What a parameter stands for."""

    STATE = "the state"
    BEFORE = "the state before the step"
    AFTER = "the state after the step"
    EVENT = "the event"
    OUTPUTS = "the outputs of the step"
    LIMITS = "the limits"
    GHOST = "the record of an observer"


@dataclass(frozen=True)
class Binding:
    """One parameter: its name, what it stands for, and its class (the event class, the record class, ...)."""

    name: str
    slot: Slot
    type: type


class BindingError(TypeError):
    """A parameter that cannot be bound; the message names function, file and line, and what was expected."""


@dataclass(frozen=True)
class Vocabulary:
    """The types that parameters may have. ``ghosts`` are the records of the observers in reach.

    Raises:
        BindingError: one type stands for two things, so that binding by type would be ambiguous.
    """

    state: type
    limits: type
    outputs: type
    events: tuple[type, ...] = ()
    ghosts: tuple[type, ...] = ()

    def __post_init__(self) -> None:
        known = (self.state, self.limits, self.outputs, *self.events, *self.ghosts)
        for number, one in enumerate(known):
            if one in known[:number]:
                raise BindingError(
                    f"{one.__name__} stands for two things among state, limits, outputs, events and records "
                    "of observers; parameters are bound by type, so each needs a class of its own"
                )


@dataclass(frozen=True)
class PropertyBinding:
    """How a property is evaluated. ``ghosts`` are the records that claim, ``when`` or ``witness`` ask for, each once.

    ``event`` is the only event type of which a step property speaks, or None where it speaks of every step.
    """

    claim: tuple[Binding, ...]
    when: tuple[Binding, ...] | None
    event: type | None
    ghosts: tuple[type, ...]
    witness: tuple[Binding, ...] | None = None


@dataclass(frozen=True)
class ObserverBinding:
    """How an observer is run: parameters of ``begin``, of each event's step function, of ``otherwise``."""

    begin: tuple[Binding, ...]
    steps: tuple[tuple[type, tuple[Binding, ...]], ...]
    otherwise: tuple[Binding, ...] | None


def bind(function: Callable[..., object], vocabulary: Vocabulary, step: bool) -> tuple[Binding, ...]:
    """Bind the parameters of a function of a step (``step``) or of a state, in the order of its signature.

    Raises:
        BindingError: see the class.
    """
    return _bind(function, vocabulary, step)


def bind_property(known: Property, vocabulary: Vocabulary) -> PropertyBinding:
    """Bind the claim, the ``when`` and the ``witness`` of a property.

    Raises:
        BindingError: as ``bind``, and when two of them speak of different events.
    """
    step = known.kind is Kind.STEP
    claim = bind(known.claim, vocabulary, step)
    when = None if known.when is None else bind(known.when, vocabulary, step)
    witness = None if known.witness is None else bind(known.witness, vocabulary, step)
    asked = (*claim, *(when or ()), *(witness or ()))
    events = {binding.type: binding for binding in asked if binding.slot is Slot.EVENT}
    if len(events) > 1:
        names = " and ".join(sorted(event.__name__ for event in events))
        raise BindingError(
            f"{known.id}: claim, `when` and `witness` speak of different events, {names}; all need the same one"
        )
    ghosts = {binding.type for binding in asked if binding.slot is Slot.GHOST}
    return PropertyBinding(
        claim,
        when,
        next(iter(events), None),
        tuple(ghost for ghost in vocabulary.ghosts if ghost in ghosts),
        witness,
    )


def bind_observer(observer: Observer, vocabulary: Vocabulary) -> ObserverBinding:
    """Bind the functions of an observer; of all records they may ask for the observer's own only.

    Raises:
        BindingError: as ``bind``; also for a step function that asks for another event than its own.
    """

    def words(events: tuple[type, ...], ghosts: tuple[type, ...]) -> Vocabulary:
        return Vocabulary(vocabulary.state, vocabulary.limits, vocabulary.outputs, events, ghosts)

    own = (observer.record,)
    return ObserverBinding(
        bind(observer.begin, words((), ()), step=False),
        tuple((event, bind(function, words((event,), own), step=True)) for event, function in observer.steps),
        None if observer.otherwise is None else bind(observer.otherwise, words((), own), step=True),
    )


def bind_row(function: Callable[..., object], vocabulary: Vocabulary, event: type) -> tuple[Binding, ...]:
    """Bind a guard, a refusal or an effect, which is called as ``f(state, event, limits)``.

    Raises:
        BindingError: the function has not exactly these three parameters in this order.
    """
    expected = ((Slot.STATE, vocabulary.state), (Slot.EVENT, event), (Slot.LIMITS, vocabulary.limits))
    hints = _parameters(function)
    wanted = ", ".join(known.__name__ for _, known in expected)
    if len(hints) != len(expected):
        raise BindingError(
            f"{describe(function)}: has {len(hints)} parameters; "
            f"the functions of a row have three, ({wanted})"
        )
    for (name, hint), (slot, known) in zip(hints, expected, strict=True):
        if hint is not known:
            raise BindingError(
                f"{describe(function)}: parameter `{name}` is annotated {_name(hint)}; "
                f"expected {known.__name__}, {slot.value}: the parameters of this row are ({wanted})"
            )
    return tuple(Binding(name, slot, known) for (name, _), (slot, known) in zip(hints, expected, strict=True))


def describe(function: Callable[..., object]) -> str:
    """Name of a function with the file and line of its definition, as messages give it."""
    if isinstance(function, FunctionType):
        return f"{function.__code__.co_filename}:{function.__code__.co_firstlineno}: {function.__qualname__}"
    return repr(function)


@lru_cache(maxsize=4096)
def _bind(function: Callable[..., object], vocabulary: Vocabulary, step: bool) -> tuple[Binding, ...]:
    bindings: list[Binding] = []
    for name, hint in _parameters(function):
        found = _slot(function, name, hint, vocabulary, step)
        for known in bindings:
            if known.slot is found.slot and (found.slot is not Slot.GHOST or known.type is found.type):
                raise BindingError(
                    f"{describe(function)}: parameters `{known.name}` and `{name}` both stand for "
                    f"{found.slot.value}; expected at most one"
                    + (": write one function per event" if found.slot is Slot.EVENT else "")
                )
        bindings.append(found)
    return tuple(bindings)


def _parameters(function: Callable[..., object]) -> tuple[tuple[str, object], ...]:
    """Names and resolved annotations of the parameters, all of which must be plain."""
    if not isinstance(function, FunctionType):
        raise BindingError(f"{function!r} is not a plain function; expected one defined with `def`")
    try:
        hints = typing.get_type_hints(function)
    except (NameError, AttributeError, TypeError, SyntaxError) as error:
        raise BindingError(
            f"{describe(function)}: an annotation cannot be resolved ({error}); "
            "define or import the type at the top of the module"
        ) from error
    parameters = []
    for parameter in inspect.signature(function, follow_wrapped=False).parameters.values():
        where = f"{describe(function)}: parameter `{parameter.name}`"
        if parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
            raise BindingError(f"{where} is {parameter.kind.description}; expected a plain parameter")
        if parameter.default is not inspect.Parameter.empty:
            raise BindingError(
                f"{where} has a default; every parameter is bound by its type, so remove the default"
            )
        if parameter.name not in hints:
            raise BindingError(f"{where} has no annotation; parameters are bound by type, so name its type")
        parameters.append((parameter.name, hints[parameter.name]))
    return tuple(parameters)


def _slot(
    function: Callable[..., object], name: str, hint: object, vocabulary: Vocabulary, step: bool
) -> Binding:
    where = f"{describe(function)}: parameter `{name}`"
    if hint is vocabulary.state:
        if not step:
            return Binding(name, Slot.STATE, vocabulary.state)
        if name not in ("before", "after"):
            raise BindingError(
                f"{where} is a {_name(hint)}; in a function of a step it must be called `before` or `after`"
            )
        return Binding(name, Slot.BEFORE if name == "before" else Slot.AFTER, vocabulary.state)
    if hint is vocabulary.limits:
        return Binding(name, Slot.LIMITS, vocabulary.limits)
    for ghost in vocabulary.ghosts:
        if hint is ghost:
            return Binding(name, Slot.GHOST, ghost)
    if hint is vocabulary.outputs:
        if not step:
            raise BindingError(f"{where} asks for outputs; a function of a state has none, only a step has")
        return Binding(name, Slot.OUTPUTS, vocabulary.outputs)
    for event in vocabulary.events:
        if hint is event:
            if not step:
                raise BindingError(
                    f"{where} asks for an event; a function of a state has none, only a step has"
                )
            return Binding(name, Slot.EVENT, event)
    raise BindingError(f"{where} is annotated {_name(hint)}; expected one of {_choices(vocabulary, step)}")


def _choices(vocabulary: Vocabulary, step: bool) -> str:
    known = [vocabulary.state, vocabulary.limits]
    if step:
        known += [vocabulary.outputs, *vocabulary.events]
    return ", ".join(one.__name__ for one in [*known, *vocabulary.ghosts])


def _name(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) else repr(hint)
