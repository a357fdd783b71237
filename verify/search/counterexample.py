"""From properties that could not be proved to runs of the machine that break them, where any can be found."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pumpproof.spec.kernel.properties import Property, Role
from pumpproof.statemachine.kernel.machine import EventRefused, StepError
from pumpproof.statemachine.kernel.monitor import Violation
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Situation
from pumpproof.verify.record import Counterexample
from pumpproof.verify.search.bounded import BoundedSearch, violation_of
from pumpproof.verify.search.confirm import confirm
from pumpproof.verify.search.exercises import broken_in_exercises
from pumpproof.verify.search.guided import Exploration, Goals, explore
from pumpproof.verify.search.limits import NoValidLimits, some_valid_limits
from pumpproof.verify.search.replay import replay
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Stretch
from pumpproof.verify.search.shorten import VIOLATION, Found, Shortener
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper

BOUNDED = "bounded search"
GUIDED = "guided search"
KNOWN_RUN = "a run that was already known"
EXERCISE = "an exercise of the system"

STEPS = 20_000
"""Budget of a guided search for one valuation of the limits, in steps of the table."""

MOST_LEAVES = 40
"""In a system with more variables than this, to write out steps takes longer than to try the runs that are known."""

_DEPTH = 8
_DEPTH_BELOW_A_FIND = 24
_RESOURCES = 20_000_000
"""Budget of the bounded searches for all properties together, in z3's resource count."""

_STEPS_TO_SHORTEN = 12_000

Failing = Mapping[str, Situation | None]
"""Properties by id that could not be proved, each with a step that breaks it, if the solver gave one."""


def _nothing(_what: str) -> None:
    """Tell nobody."""


def find_counterexamples(
    symbolic: SymbolicSystem,
    failing: Failing,
    exploration: Exploration,
    *,
    steps: int = STEPS,
    proved: Collection[str] = (),
    shortest: bool = True,
    tell: Callable[[str], None] = _nothing,
) -> dict[str, Counterexample]:
    """Replayed runs that break properties; of a property without one nothing is known, least of all that it holds.

    Properties that formalise a requirement come first; where one is broken, lemmas are searched for quickly only. In a
    small system a bounded search comes first, because what it finds is known to be shortest; then the runs of
    ``exploration``; then, with the limits of the exploration, of a situation, and with small ones, the exercises of
    the system. A guided search is made only where all this breaks nothing. Last, where a run is not known to be
    shortest, a bounded search looks for a shorter one, unless ``shortest`` is False: then any run is good enough.
    ``proved`` are ids of invariants that are proved, on which a bounded search may rely. ``tell`` hears what is tried.

    Raises:
        ReplayMismatch: the running machine does not do what a formula or a search says.
    """
    found: dict[str, Counterexample] = {}
    for lemmas in (False, True):
        wanted = {
            known.id: known
            for known in symbolic.system.properties
            if known.id in failing and (known.role is Role.LEMMA) == lemmas
        }
        if wanted:
            hunt = _Hunt(symbolic, wanted, failing, exploration, steps, proved, tell)
            found |= hunt.run(at_length=not found, shortest=shortest)
    return found


class _Hunt:
    """The search for violations of some properties."""

    def __init__(
        self,
        symbolic: SymbolicSystem,
        wanted: Mapping[str, Property],
        failing: Failing,
        exploration: Exploration,
        steps: int,
        proved: Collection[str],
        tell: Callable[[str], None],
    ) -> None:
        self.symbolic = symbolic
        self.tell = tell
        self.wanted = wanted
        self.situations = [failing[identifier] for identifier in wanted]
        self.exploration = exploration
        self.steps = steps
        self.found: dict[str, Counterexample] = {}
        limits = next((run.limits for run in exploration.reached.values()), None)
        self._searches = {
            identifier: BoundedSearch(symbolic, violation_of(known), lemmas=proved, limits=limits)
            for identifier, known in wanted.items()
        }
        self._is_small = sum(1 for _ in leaves(symbolic.before)) <= MOST_LEAVES

    def run(self, *, at_length: bool, shortest: bool) -> dict[str, Counterexample]:
        """What is found quickly, and ``at_length`` also what takes exercises and guided searches."""
        if self._is_small:
            self._bounded(_DEPTH)
        self._take_violations(self.exploration)
        self._known_runs()
        if at_length:
            self._exercise()
        if shortest or (at_length and not self.found):
            self._bounded(_DEPTH)
        if at_length:
            self._guided()
        if shortest:
            self._bounded(_DEPTH_BELOW_A_FIND)
        return self.found

    def _exercise(self) -> None:
        for limits in (None, *self._limits_to_try()):
            if not self._open():
                return
            self.tell(f"exercises of the system, {len(self._open())} open")
            for broken in broken_in_exercises(self.symbolic.system, self._open(), limits):
                self._confirm(broken.found, broken.limits, EXERCISE)

    def _guided(self) -> None:
        for limits in self._limits_to_try():
            if self.found:
                return
            self.tell(f"guided search, {len(self._open())} open")
            self._take_violations(
                explore(self.symbolic, limits, Goals(violations=tuple(self._open())), steps=self.steps)
            )

    def _open(self) -> list[str]:
        return [identifier for identifier in self.wanted if identifier not in self.found]

    def _bounded(self, depth: int) -> None:
        """Search every length up to ``depth``, or every one below that of a run that is already found, if that is less.

        What no run is known of comes first, because all share one budget.
        """
        for identifier in sorted(self._searches, key=self.found.__contains__):
            search, known = self._searches[identifier], self.found.get(identifier)
            shorter = _DEPTH if known is None else min(depth, len(known.run) - 1)
            if known is not None and (known.shortest or len(known.run) > depth > _DEPTH):
                continue
            left = _RESOURCES - sum(one.spent for one in self._searches.values())
            if left < 0:
                return
            self.tell(f"{identifier}, runs of up to {shorter} events")
            found = search.up_to(shorter, left)
            if found is not None:
                self.found[identifier] = Counterexample(found.run, found.shortest, BOUNDED, found.openings)
            elif known is not None and search.impossible >= len(known.run) - 1:
                self.found[identifier] = replace(known, shortest=True)

    def _take_violations(self, exploration: Exploration) -> None:
        for identifier in self._open():
            if identifier in exploration.violations:
                openings = exploration.openings_of_violations.get(identifier, ())
                run = exploration.violations[identifier]
                self.found[identifier] = Counterexample(run, False, GUIDED, openings)

    def _known_runs(self) -> None:
        """Runs that were found for other ends, up to the step that breaks a property."""
        for run in dict.fromkeys(self.exploration.reached.values()):
            only = self._open()
            for violation in self._violations(run, only) if only else ():
                if violation.property_id not in self.found:
                    script = tuple(Stretch(event, count) for event, count in run.parts)
                    self._confirm(Found(VIOLATION, violation.property_id, script), run.limits, KNOWN_RUN)

    def _violations(self, run: Run, only: list[str]) -> tuple[Violation, ...]:
        """What a run breaks; a run that this system does not take to its end shows nothing."""
        try:
            return replay(self.symbolic.system, run, only=only).violations
        except (StepError, EventRefused, *CAN_RAISE):
            return ()

    def _confirm(self, found: Found, limits: Any, found_by: str) -> None:
        """Cut a script at the step that breaks the property, shorten it, and replay it in the running machine."""
        system = self.symbolic.system
        shortener = Shortener(Stepper(system, limits), Specification(system, limits), _STEPS_TO_SHORTEN)
        cut = shortener.up_to_goal(VIOLATION, found.name, found.script)
        if cut is None:
            return
        shorter = shortener.shorten(Found(VIOLATION, found.name, cut), _STEPS_TO_SHORTEN)
        (one,) = confirm(system, limits, [shortener.plainer(shorter, _STEPS_TO_SHORTEN)])
        self.found[found.name] = Counterexample(one.run, False, found_by, one.openings)

    def _limits_to_try(self) -> Iterator[Any]:
        """Valid limits, each once: those of known runs, of the first situations, and small ones."""
        tried: list[Any] = []
        for limits in (*self._known_limits(), *self._small_limits()):
            if limits not in tried:
                tried.append(limits)
                yield limits

    def _known_limits(self) -> Iterator[Any]:
        yield from dict.fromkeys(run.limits for run in self.exploration.reached.values())
        for situation in self.situations:
            conditions = self.symbolic.system.conditions
            if situation is not None and all(one.holds(situation.limits) for one in conditions):
                yield situation.limits
                return

    def _small_limits(self) -> Iterator[Any]:
        try:
            yield some_valid_limits(self.symbolic)
        except NoValidLimits:
            return  # Then nothing can be run at all; the proofs say that their hypotheses contradict each other.
