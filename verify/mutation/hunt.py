"""Runs of a mutant that break a property, from known runs on which it differs; each replayed in the machine."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

from pumpproof.statemachine.kernel.machine import EventRefused, StepError, Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import FALSE, Substitution, Term, all_of, any_of, negate
from pumpproof.verify.logic.values import known, leaves, python_value
from pumpproof.verify.mutation.baseline import Baseline
from pumpproof.verify.mutation.proofs import Change, Proofs
from pumpproof.verify.mutation.trails import Site, Trail, reopened
from pumpproof.verify.proof.induction import fill_in
from pumpproof.verify.proof.symbolic import Arrow
from pumpproof.verify.search.bounded import BoundedSearch, violation_of
from pumpproof.verify.search.goals import Goals
from pumpproof.verify.search.guided import explore_system
from pumpproof.verify.search.replay import replay
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Openings
from pumpproof.verify.search.stepper import CAN_RAISE, Ghosts, Specification, Stepper, broken

_SITES = 6_000
"""So many steps of known runs are compared with those of a mutant."""

_FOLLOWED = 12
"""So many runs on which a mutant differs are followed, each for ``_TAIL`` steps."""

_TAIL = 120
_ASKED = 48
"""From so many states of known runs a solver is asked for an event that breaks a property at once."""

_DEPTH = 7
_WRITTEN_OUT = 4
"""For so many properties all runs of at most ``_DEPTH`` steps are written out."""

_RESOURCES = 2_000_000
_GUIDED_STEPS = 8_000


@dataclass(frozen=True)
class Kill:
    """A run of the mutant in the running machine, whose last step breaks the property with this id."""

    property_id: str
    run: Run
    openings: Openings


class Hunt:
    """The search of runs that break one of ``ids``; the effort is counted in steps, so that it is the same anywhere."""

    def __init__(self, base: Baseline, proofs: Proofs, ids: Sequence[str]) -> None:
        self.base = base
        self.proofs = proofs
        self.system: System = proofs.symbolic.system
        self.ids = tuple(ids)
        self.pairs = _pairs(proofs.changes)
        self._tools: dict[Any, tuple[Stepper, Specification]] = {}

    def on_known_runs(self) -> Kill | None:
        """The first run that the running machine confirms, among those on which the mutant differs early."""
        return self._first(chain(self._from_the_start(), self._followed()))

    def shortly(self) -> Kill | None:
        """The same, among runs that a solver or a short guided search finds."""
        return self._first(chain(self._asked(), self._guided()))

    def at_length(self, lemmas: Collection[str]) -> Kill | None:
        """The same, among all short runs too; ``lemmas`` are ids of invariants that the mutant keeps."""
        return self._first(chain(self._asked(), self._guided(), self._bounded(lemmas)))

    def _first(self, candidates: Iterator[Kill]) -> Kill | None:
        for candidate in candidates:
            if self._confirmed(candidate):
                return candidate
        return None

    def _tool(self, limits: Any) -> tuple[Stepper, Specification]:
        if limits not in self._tools:
            self._tools[limits] = (Stepper(self.system, limits), Specification(self.system, limits))
        return self._tools[limits]

    def _confirmed(self, kill: Kill) -> bool:
        """The running machine and its monitor have the last word."""
        try:
            shown = replay(self.system, kill.run, openings=kill.openings, only=(kill.property_id,))
        except (StepError, EventRefused, *CAN_RAISE):
            return False
        return bool(shown.violations)

    def _from_the_start(self) -> Iterator[Kill]:
        """With another initial state, known runs are other runs."""
        for trail in self.base.trails.all[:_FOLLOWED] if self.proofs.initial_changed else ():
            specification = self._tool(trail.limits)[1]
            try:
                state = self.system.initial(trail.limits)
                ghosts = specification.opened(state, range(len(self.system.observers)))
            except CAN_RAISE:
                continue
            facts = specification.facts_of_state(state, ghosts)
            for identifier in self.ids:
                watched = specification.watched[identifier]
                if not watched.of_step() and broken(watched, facts):
                    yield Kill(identifier, Run.of(trail.limits, ()), ())
            events = [taken.event for taken in trail.taken]
            yield from self._watch(trail, 0, state, ghosts, events, trail.openings)

    def _followed(self) -> Iterator[Kill]:
        """Known runs, from the first step on which the mutant differs."""
        differing: dict[Trail, Site] = {}
        for number, site in enumerate(self.base.trails.of(self.pairs)):
            if number >= _SITES or len(differing) >= _FOLLOWED:
                break
            if site.trail not in differing and self._differs(site):
                differing[site.trail] = site
        for site in differing.values():
            trail, at = site.trail, site.number
            _, specification = self._tool(trail.limits)
            ghosts = trail.ghosts(specification, at)
            fresh = reopened(specification, site.taken.before, ghosts)
            events = [taken.event for taken in trail.taken[at : at + _TAIL]]
            begun = tuple(one for one in trail.openings if one[1] <= at)
            yield from self._watch(trail, at, site.taken.before, ghosts, events, begun)
            if fresh != ghosts:
                again = (*begun, *((one.name, at) for one in self.system.observers if one.arbitrary_start))
                yield from self._watch(trail, at, site.taken.before, fresh, events, again)

    def _differs(self, site: Site) -> bool:
        taken = site.taken
        try:
            now = self._tool(site.trail.limits)[0].step(taken.before, taken.event)
        except CAN_RAISE:
            return False
        return (now.after, now.outputs) != (taken.after, taken.outputs)

    def _watch(
        self, trail: Trail, number: int, state: Any, ghosts: Ghosts, events: Sequence[Any], openings: Openings
    ) -> Iterator[Kill]:
        """The first property that breaks when the mutant takes these events after ``number`` steps of a trail."""
        stepper, specification = self._tool(trail.limits)
        everyone = range(len(ghosts))
        watched = [specification.watched[identifier] for identifier in self.ids]
        for count, event in enumerate(events, 1):
            try:
                taken: Taken = stepper.step(state, event)
                facts = specification.facts(taken, ghosts)
                after = specification.advance(facts, type(event), ghosts, everyone)
                of_state = specification.facts_of_state(taken.after, after)
                for one in watched:
                    if one.event in (None, type(event)) and broken(one, facts if one.of_step() else of_state):
                        run = trail.run(number, events[:count])
                        yield Kill(one.property.id, run, openings)
                        return
            except CAN_RAISE:
                return
            state, ghosts = taken.after, after

    def _asked(self) -> Iterator[Kill]:
        """An event that breaks a property at once, from a state of a known run."""
        for change in self.proofs.changes:
            arrow = change.after
            steps = () if arrow is None else self.proofs.steps(arrow)
            wrong = any_of(negate(one.goal) for one in steps if one.subject in self.ids)
            if arrow is None or wrong is FALSE:
                continue
            question = all_of((arrow.enabled, wrong))
            sites = tuple(self.base.trails.of(_pairs((change,))))
            for site in _spread(sites):
                event = self._event(arrow, question, site)
                if event is not None:
                    _, specification = self._tool(site.trail.limits)
                    ghosts = site.trail.ghosts(specification, site.number)
                    begun = tuple(one for one in site.trail.openings if one[1] <= site.number)
                    yield from self._watch(site.trail, site.number, site.taken.before, ghosts, [event], begun)

    def _event(self, arrow: Arrow, question: Term, site: Site) -> Any:
        symbolic, limits = self.proofs.symbolic, site.trail.limits
        _, specification = self._tool(limits)
        values: dict[Term, Term] = {}
        pairs = [(symbolic.before, site.taken.before), (symbolic.limits, limits)]
        pairs += zip(symbolic.ghosts.values(), site.trail.ghosts(specification, site.number), strict=True)
        for unknown, value in pairs:
            values |= zip(leaves(unknown), leaves(known(unknown.type, value)), strict=True)
        left = Substitution(values)(question)
        if left is FALSE:
            return None
        reply = Solver(_RESOURCES).check((left,), tuple(leaves(arrow.event)))
        if reply.answer is not Answer.SATISFIABLE:
            return None
        return python_value(arrow.event.type, fill_in(reply, arrow.event))

    def _guided(self) -> Iterator[Kill]:
        """A guided search, which mines its payloads from the comparisons that the mutant makes."""
        limits = next((trail.limits for trail in self.base.trails.all), None)
        if limits is not None:
            wanted = Goals(violations=self.ids)
            found = explore_system(self.system, limits, wanted, steps=_GUIDED_STEPS)
            for identifier, run in found.violations.items():
                yield Kill(identifier, run, found.openings_of_violations.get(identifier, ()))

    def _bounded(self, lemmas: Collection[str]) -> Iterator[Kill]:
        """Every run up to a length at once, with any valid limits."""
        for identifier in self.ids[:_WRITTEN_OUT]:
            goal = violation_of(self.system.property_named(identifier))
            found = BoundedSearch(self.proofs.symbolic, goal, lemmas=lemmas).up_to(_DEPTH)
            if found is not None:
                yield Kill(identifier, found.run, found.openings)


def _pairs(changes: Sequence[Change]) -> frozenset[tuple[Enum, type]]:
    return frozenset(
        (mode, arrow.event_type)
        for change in changes
        for arrow in (change.before, change.after)
        if arrow is not None
        for mode in arrow.entry.modes
    )


def _spread(sites: Sequence[Site]) -> Sequence[Site]:
    """Sites from the whole list, evenly."""
    return sites[:: max(1, len(sites) // _ASKED)][:_ASKED]
