"""The guard that would have stopped a violation: a comparison that excludes the step, and is checked to be enough.

Candidates are comparisons that already stand in the property (carried back through the effect of the arrow), in other
invariants, in guards or among the modes of the row, and their strict, non-strict and negated forms; and comparisons
with zero of what the property and the lemmas it uses speak of. One is proposed only if

* it is false where the step was taken,
* with it the arrow keeps the property, by SMT, from what is proved and the property itself,
* the arrow can still be taken with it, and
* every step of this arrow stays possible in the known runs that keep the property.

Of several the weakest is taken, and of equally weak ones the shortest.
"""

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.machine import EventRefused, Taken
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.explaining.facts import steps_of
from pumpproof.verify.explaining.source import spellings, written
from pumpproof.verify.language.tree import Span
from pumpproof.verify.logic.smt import Answer, Solver, Z3Terms
from pumpproof.verify.logic.terms import (
    Operator,
    Term,
    all_of,
    evaluate,
    in_order,
    integer,
    less_or_equal,
    negate,
)
from pumpproof.verify.logic.values import known, leaves
from pumpproof.verify.proof.obligations import Obligation, Obligations
from pumpproof.verify.proof.symbolic import Arrow, SymbolicSystem
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.stepper import CAN_RAISE, Specification
from pumpproof.verify.search.stepper import broken as breaks

RESOURCE_LIMIT = 3_000_000
"""z3 resource count of one query."""

MOST_CANDIDATES = 200


@dataclass(frozen=True)
class Remedy:
    """A conjunct for the guard, or for what a command accepts, of ``entry``, as source text with the names there.

    ``keeps`` is the id of the property that the arrow keeps with it. ``runs`` are the known runs that take the arrow
    and still can. ``is_command`` says that the step would then be refused; otherwise another row has to take the event.
    """

    condition: str
    entry: str
    function: str
    span: Span
    keeps: str
    runs: int
    is_command: bool


class Remedies:
    """Looks for guards in one system. ``proved`` are ids of invariants that hold; ``runs`` are known runs."""

    def __init__(self, symbolic: SymbolicSystem, proved: Collection[str], runs: Iterable[Run]) -> None:
        self._symbolic = symbolic
        self._obligations = Obligations(symbolic)
        self._proved = proved
        self._runs = tuple(dict.fromkeys(runs))
        self._names = arrow_names(symbolic.system)
        self._terms = Z3Terms()
        self._steps: tuple[tuple[Taken, ...], ...] | None = None

    def stopping(self, broken: Property, step: Taken, limits: object) -> Remedy | None:
        """A guard that stops ``step``, with which its arrow keeps ``broken``; None if none was found."""
        name = self._names[arrow_key(step)]
        arrow = next(one for one in self._symbolic.arrows if one.name == name)
        function = _guarding(arrow)
        if function is None or step.accepted is False:
            return None
        parameters = tuple(inspect.signature(function).parameters)
        names = {
            term: spelling
            for value, parameter in zip(
                (self._symbolic.before, arrow.event, self._symbolic.limits), parameters
            )
            for term, spelling in spellings(value.type, value, parameter).items()
        }
        obligations = [one for one in self._obligations.of_property(broken) if one.arrow is arrow]
        here = self._values(step, limits, arrow)
        texts: dict[Term, str] = {}
        for candidate in self._candidates(arrow, broken, [one.goal for one in obligations], names.keys()):
            text = written(candidate, names)
            if (
                text is not None
                and text not in texts.values()
                and not evaluate(candidate, _part(here, candidate))
            ):
                texts[candidate] = text
            if len(texts) == MOST_CANDIDATES:
                break
        enough = self._enough(texts, arrow, broken, obligations)
        kept = self._kept_steps(name, arrow, broken) if enough else []
        fitting = [
            one for one in enough if all(evaluate(one, _part(values, one)) for run in kept for values in run)
        ]
        if not fitting:
            return None
        best = self._weakest(sorted(fitting, key=lambda one: (len(texts[one]), texts[one])), arrow)
        read = self._symbolic.function(function)
        return Remedy(
            texts[best], name, read.name, read.span, broken.id, len(kept), isinstance(arrow.entry, Command)
        )

    def _candidates(
        self, arrow: Arrow, broken: Property, goals: Sequence[Term], names: Collection[Term]
    ) -> Iterator[Term]:
        """Conditions over the state, the event and the limits, those of the goals first."""
        symbolic = self._symbolic
        sources = [*goals]
        sources += [arrow.situation, *(one.guard for one in symbolic.arrows)]
        sources += [
            self._obligations.before(one.id)
            for one in symbolic.system.properties
            if one.kind is Kind.INVARIANT
        ]
        seen: set[Term] = set()
        readable = frozenset(names)
        spoken_of = frozenset[Term]().union(
            *(goal.variables for goal in goals),
            *(self._obligations.before(one).variables for one in broken.uses),
        )
        for leaf in leaves(symbolic.before):
            if leaf in spoken_of and leaf.sort == "Int":
                yield from _forms(less_or_equal(leaf, integer(0)))
        for source in sources:
            for term in in_order(source, seen.__contains__):
                seen.add(term)
                if term.sort == "Bool" and term.variables and term.variables <= readable:
                    yield from _forms(term)

    def _enough(
        self, candidates: Iterable[Term], arrow: Arrow, broken: Property, obligations: Sequence[Obligation]
    ) -> list[Term]:
        """The candidates with which the arrow keeps the property and can still be taken."""
        solver = self._solver(self._hypotheses(arrow, broken))
        goal = all_of(one.goal for one in obligations)
        return [
            one
            for one in candidates
            if solver.check((one, negate(goal))).answer is Answer.UNSATISFIABLE
            and solver.check((one,)).answer is Answer.SATISFIABLE
        ]

    def _solver(self, hypotheses: Iterable[Term]) -> Solver:
        solver = Solver(RESOURCE_LIMIT, self._terms)
        solver.push(hypotheses)
        return solver

    def _hypotheses(self, arrow: Arrow, broken: Property) -> tuple[Term, ...]:
        """What may be relied on: valid limits, the proved lemmas, and before the step the property itself."""
        own = (broken.id,) if broken.kind is Kind.INVARIANT else ()
        used = [one for one in broken.uses if one in self._proved]
        relied = [self._obligations.before(identifier) for identifier in (*own, *used)]
        return (*self._obligations.background, *relied, arrow.enabled)

    def _weakest(self, fitting: Sequence[Term], arrow: Arrow) -> Term:
        solver = self._solver((*self._obligations.background, arrow.enabled))

        def implies(one: Term, other: Term) -> bool:
            return solver.check((one, negate(other))).answer is Answer.UNSATISFIABLE

        best, *others = fitting
        for other in others:
            if implies(best, other) and not implies(other, best):
                best = other
        return best

    def _kept_steps(self, name: str, arrow: Arrow, broken: Property) -> list[list[dict[Term, int | bool]]]:
        """For each known run that takes the arrow and keeps the property, the steps that must stay possible."""
        kept: list[list[dict[Term, int | bool]]] = []
        for run, steps in zip(self._runs, self._all_steps(), strict=True):
            taking = {
                (step.before, step.event): step for step in steps if self._names[arrow_key(step)] == name
            }
            if taking and not self._breaks(run, steps, broken):
                kept.append([self._values(step, run.limits, arrow) for step in taking.values()])
        return kept

    def _breaks(self, run: Run, steps: tuple[Taken, ...], known: Property) -> bool:
        """Whether a run breaks a property, with observers that open in its initial state."""
        specification = Specification(self._symbolic.system, run.limits)
        watched = specification.watched[known.id]
        ghosts = specification.opened(steps[0].before, watched.ghosts)
        for step in steps:
            facts = specification.facts(step, ghosts)
            after = specification.advance(facts, type(step.event), ghosts, watched.ghosts)
            if not watched.of_step():
                facts = specification.facts_of_state(step.after, after)
            elif watched.event not in (None, type(step.event)):
                ghosts = after
                continue
            if breaks(watched, facts):
                return True
            ghosts = after
        return False

    def _all_steps(self) -> tuple[tuple[Taken, ...], ...]:
        if self._steps is None:
            self._steps = tuple(map(self._steps_of, self._runs))
        return self._steps

    def _steps_of(self, run: Run) -> tuple[Taken, ...]:
        try:
            return steps_of(self._symbolic.system, run)
        except (EventRefused, *CAN_RAISE):
            return ()  # A run that ends in a step that raises is no use that a guard has to keep.

    def _values(self, step: Taken, limits: object, arrow: Arrow) -> dict[Term, int | bool]:
        symbolic = self._symbolic
        values: dict[Term, int | bool] = {}
        for value, concrete in (
            (symbolic.before, step.before),
            (arrow.event, step.event),
            (symbolic.limits, limits),
        ):
            pairs = zip(leaves(value), leaves(known(value.type, concrete)), strict=True)
            values |= {leaf: bool(one.integer) if leaf.sort == "Bool" else one.integer for leaf, one in pairs}
        return values


def _guarding(arrow: Arrow) -> Callable[..., object] | None:
    match arrow.entry:
        case Row():
            return arrow.entry.guard
        case Command():
            return arrow.entry.refuse
        case _:
            return None


def _forms(term: Term) -> Iterator[Term]:
    """A comparison, and what is stricter, weaker or opposite; a truth value and its negation."""
    match term.operator:
        case Operator.LESS_OR_EQUAL:
            left, right = term.arguments
            yield from (term, negate(less_or_equal(right, left)), less_or_equal(right, left), negate(term))
        case Operator.EQUAL | Operator.VARIABLE:
            yield from (term, negate(term))
        case _:
            return


def _part(values: Mapping[Term, int | bool], term: Term) -> dict[Term, int | bool]:
    return {name: values[name] for name in term.variables}
