"""The names in which certificates speak of a system, each with the term that it stands for.

A reader of a certificate knows a system by these names: ``situation``, ``guard``, ``after``, ``outputs`` and
``ghost`` of each arrow, ``initial``, ``opened``, ``condition``, ``property`` and ``defined``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.verify.certificates.text import Definition, applied, quoted
from pumpproof.verify.logic.terms import Term, all_of
from pumpproof.verify.logic.translate import Demand
from pumpproof.verify.logic.values import RecordValue, leaves, unknown
from pumpproof.verify.proof.symbolic import Arrow, Claim, SymbolicSystem


@dataclass(frozen=True, eq=False)
class Said:
    """A formula as text, with the definitions that its names need."""

    text: str
    definitions: tuple[Definition, ...] = ()


@dataclass(frozen=True, eq=False)
class Images:
    """What a step or an opening puts in the place of variables: for each its new value, and a name for that.

    A name is defined when it is first asked for.
    """

    values: Mapping[Term, Term]
    define: Callable[[Term], Said]
    _said: dict[Term, Said] = field(default_factory=dict)

    def said(self, variable: Term) -> Said:
        """The name of the new value of a variable that is replaced, with its definition."""
        if variable not in self._said:
            self._said[variable] = self.define(variable)
        return self._said[variable]

    def keep(self, variables: Iterable[Term]) -> bool:
        """Say whether each of these variables keeps its value."""
        return all(self.values.get(variable, variable) is variable for variable in variables)

    def beside(self, *others: "Images") -> "Images":
        """These and others, where no two replace the same variable."""
        parts = (self, *others)
        owners = {variable: one for one in parts for variable in one.values}
        values = {variable: one.values[variable] for variable, one in owners.items()}
        return Images(values, lambda variable: owners[variable].said(variable))


def _never(variable: Term) -> Said:
    raise KeyError(variable.name)


UNCHANGED = Images({}, _never)


class SystemVocabulary:
    """Definitions of one system, made when they are asked for and then shared."""

    def __init__(self, symbolic: SymbolicSystem) -> None:
        self._symbolic = symbolic
        self._claims: dict[str, Claim] = {}
        self._made: dict[str, Definition] = {}
        self._images: dict[object, Images] = {}
        self._plain: dict[str, Said] = {}
        self._order = {leaf: number for number, leaf in enumerate(self._variables())}

    def _variables(self) -> list[Term]:
        symbolic = self._symbolic
        records = [symbolic.before, symbolic.limits, *map(symbolic.event, symbolic.system.events)]
        records += [*self._any_after, *symbolic.ghosts.values()]
        return [leaf for record in records for leaf in leaves(record)]

    @cached_property
    def _any_after(self) -> tuple[RecordValue, RecordValue]:
        """State and outputs after a step of which nothing is known."""
        after = unknown(self._symbolic.state_type, "after")
        outputs = unknown(self._symbolic.outputs_type, "outputs")
        assert isinstance(after, RecordValue) and isinstance(outputs, RecordValue)
        return after, outputs

    def in_order(self, variables: frozenset[Term]) -> tuple[Term, ...]:
        """Variables in the order in which the system declares them."""
        return tuple(sorted(variables, key=self._order.__getitem__))

    def _definition(self, name: str, body: Callable[[], Term], *, function: bool = False) -> Definition:
        if name not in self._made:
            term = body()
            self._made[name] = Definition(name, term, self.in_order(term.variables) if function else ())
        return self._made[name]

    def _closed(self, name: str, body: Callable[[], Term]) -> Said:
        if name not in self._plain:
            self._plain[name] = Said(quoted(name), (self._definition(name, body),))
        return self._plain[name]

    @cached_property
    def typed(self) -> Said:
        """The types of state, limits and ghosts."""
        return self._closed("typed", lambda: self._symbolic.typed)

    @cached_property
    def conditions(self) -> tuple[Said, ...]:
        """Each condition of valid limits."""
        return tuple(
            self._closed(f"condition {condition.id}", lambda claim=claim: claim.holds)  # type: ignore[misc]
            for condition, claim in self._symbolic.conditions
        )

    def situation(self, arrow: Arrow) -> Said:
        """Mode and event of an arrow."""
        return self._closed(f"situation {arrow.name}", lambda: arrow.situation)

    def guard(self, arrow: Arrow) -> Said:
        """The guard of an arrow."""
        return self._closed(f"guard {arrow.name}", lambda: arrow.guard)

    def taken(self, arrow: Arrow) -> tuple[Said, ...]:
        """That an arrow is taken."""
        return self.situation(arrow), self.guard(arrow)

    def _shared(self, key: object, images: Callable[[], Images]) -> Images:
        """Images that many obligations ask for, made once."""
        if key not in self._images:
            self._images[key] = images()
        return self._images[key]

    def initial(self) -> Images:
        """The initial state in the place of the state before."""
        before, initial = self._symbolic.before, self._symbolic.initial[0]
        return self._shared("initial", lambda: self._leaves("initial", "before", before, initial))

    def after(self, arrow: Arrow, ghosts: Sequence[type] = ()) -> Images:
        """State and records after an arrow, in the place of those before."""
        return self._shared((arrow, tuple(ghosts)), partial(self._after, arrow, ghosts))

    def _after(self, arrow: Arrow, ghosts: Sequence[type]) -> Images:
        before = self._symbolic.before
        if not ghosts:
            return self._leaves(f"after {arrow.name}", "before", before, arrow.after)
        records = (
            self._shared((arrow, record), partial(self._record_after, arrow, record)) for record in ghosts
        )
        return self.after(arrow).beside(*records)

    def _record_after(self, arrow: Arrow, record: type) -> Images:
        symbolic = self._symbolic
        ghost = _ghost(symbolic.observer(record))
        stepped, _ = symbolic.ghost_after(arrow, record)
        return self._leaves(f"{ghost} {arrow.name}", ghost, symbolic.ghosts[record], stepped)

    def step(self, arrow: Arrow) -> Images:
        """State and outputs after an arrow, in the place of those that a step property speaks of."""
        after, outputs = self._any_after
        return self._shared(
            arrow,
            lambda: self._leaves(f"after {arrow.name}", "after", after, arrow.after).beside(
                self._leaves(f"outputs {arrow.name}", "outputs", outputs, arrow.outputs)
            ),
        )

    def _leaves(
        self, prefix: str, record: str, old: RecordValue, new: RecordValue, *, function: bool = False
    ) -> Images:
        """A name for each leaf of ``new``, by the leaf of ``old``; ``record`` is the name of the latter."""
        values = dict(zip(leaves(old), leaves(new), strict=True))

        def define(leaf: Term) -> Said:
            name = f"{prefix} {leaf.name.removeprefix(f'{record}.')}"
            return Said(quoted(name), (self._definition(name, lambda: values[leaf], function=function),))

        return Images(values, define)

    def opened(self, record: type) -> Images:
        """The record of an observer that opens, as functions of the state, in the place of its record."""
        return self._shared(record, lambda: self._opened(record))

    def _opened(self, record: type) -> Images:
        symbolic = self._symbolic
        observer = symbolic.observer(record)
        begun, _ = symbolic.opened(record, symbolic.before)
        name = f"opened {observer.name!r}"
        return self._leaves(name, _ghost(observer), symbolic.ghosts[record], begun, function=True)

    def claim(self, known: Property) -> Claim:
        """A property of the state before, or of a step of which nothing is known."""
        if known.id not in self._claims:
            symbolic = self._symbolic
            if known.kind is Kind.INVARIANT:
                self._claims[known.id] = symbolic.claim(known, state=symbolic.before)
            else:
                event = symbolic.binding(known).event
                some = next(one for one in symbolic.arrows if event in (None, one.event_type))
                after, outputs = self._any_after
                self._claims[known.id] = symbolic.claim(
                    known, arrow=replace(some, after=after, outputs=outputs)
                )
        return self._claims[known.id]

    def holds(self, known: Property, images: Images = UNCHANGED, opened: Images = UNCHANGED) -> Said:
        """A property, with ``images`` in the place of what it reads; ``opened`` records take the state from these."""
        if images is UNCHANGED and opened is UNCHANGED:
            name = f"property {known.id}"
            if name not in self._plain:
                self._plain[name] = self.apply(self._claim_of(known), UNCHANGED)
            return self._plain[name]
        return self.apply(self._claim_of(known), images, opened)

    def _claim_of(self, known: Property) -> Definition:
        return self._definition(f"property {known.id}", lambda: self.claim(known).holds, function=True)

    def is_defined(self, known: Property, images: Images = UNCHANGED) -> Said:
        """That evaluating a property does not raise."""
        name = f"defined property {known.id}"
        return self.apply(
            self._definition(name, lambda: _all(self.claim(known).demands), function=True), images
        )

    def defined(self, place: str, demands: Sequence[Demand]) -> Definition:
        """That evaluation does not raise in a place where it needs these demands."""
        return self._definition(f"defined {place}", lambda: _all(demands))

    def apply(self, function: Definition, images: Images, opened: Images = UNCHANGED) -> Said:
        """A function with ``images`` in the place of its parameters."""
        arguments = [self._argument(parameter, images, opened) for parameter in function.parameters]
        needed = {one: None for argument in arguments for one in argument.definitions}
        return Said(applied(function.name, [one.text for one in arguments]), (function, *needed))

    def _argument(self, parameter: Term, images: Images, opened: Images) -> Said:
        if parameter in opened.values:
            (function,) = opened.said(parameter).definitions
            return self.apply(function, images)
        if parameter in images.values:
            return images.said(parameter)
        return Said(quoted(parameter.name))


def _ghost(observer: Observer) -> str:
    return f"ghost {observer.name!r}"


def _all(demands: Sequence[Demand]) -> Term:
    return all_of(demand.holds for demand in demands)
