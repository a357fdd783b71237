"""Everything that explains a failed property: what is false, what let it happen, what would have stopped it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from pumpproof.spec.kernel.properties import Property
from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.table import Command, Row
from pumpproof.verify.explaining.clause import Clause, violated_clause
from pumpproof.verify.explaining.facts import Facts, bound, of_run, of_situation, steps_of
from pumpproof.verify.explaining.remedy import Remedies, Remedy
from pumpproof.verify.explaining.unseen import Unseen, unseen
from pumpproof.verify.judge import rests_on
from pumpproof.verify.language.tree import Span
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import PropertyResult, Verification
from pumpproof.verify.results.trace import Traces
from pumpproof.verify.search.replay import arrow_key, arrow_names, replay
from pumpproof.verify.search.run import Run


@dataclass(frozen=True)
class Place:
    """A function that decided, and where it stands."""

    role: str
    function: str
    span: Span


@dataclass(frozen=True)
class LetHappen:
    """The arrow that took a step, why it is there, and its functions. ``step`` counts from 1; 0 is before any step.

    ``is_refusal`` says that the step did nothing but refuse its event.
    """

    step: int
    arrow: str
    why: str
    places: tuple[Place, ...]
    is_refusal: bool = False


@dataclass(frozen=True)
class Explanation:
    """Why a property fails.

    ``clause`` is the part of the claim that is false. ``broke_first`` names the lemma that the run breaks before the
    property, if there is one, with the step that does: ``let_happen`` and ``remedy`` then speak of that step.
    ``is_run`` says that a run shows it; a counterexample to induction has none, and comes with ``unseen``, what no
    known run ever showed.
    """

    is_run: bool
    clause: Clause | None
    broke_first: tuple[str, int] | None
    let_happen: LetHappen | None
    remedy: Remedy | None
    unseen: tuple[Unseen, ...]


def explain(
    verification: Verification, traces: Traces, only: Collection[str] | None = None
) -> dict[str, Explanation]:
    """An explanation of each property, or of ``only`` these, that has a counterexample or a situation, by its id."""
    failing = [
        one
        for one in verification.properties
        if (one.counterexample or one.situation) and (only is None or one.property.id in only)
    ]
    if not failing:
        return {}
    explainer = _Explainer(verification, traces)
    return {
        one.property.id: explainer.of_run(one)
        if one.counterexample is not None
        else explainer.of_situation(one)
        for one in failing
    }


class _Explainer:
    def __init__(self, verification: Verification, traces: Traces) -> None:
        self.system = verification.system
        self.traces = traces
        self.symbolic = SymbolicSystem(verification.system)
        self.properties = {known.id: known for known in self.system.properties}
        self.proved = frozenset(
            one.property.id for one in verification.properties if one.verdict is Verdict.PROVED
        )
        self.runs = _known_runs(verification)
        self.remedies = Remedies(self.symbolic, self.proved, self.runs)

    def of_run(self, result: PropertyResult) -> Explanation:
        """Of a run that breaks the property."""
        known, counterexample = result.property, result.counterexample
        assert counterexample is not None
        run = counterexample.run
        steps = steps_of(self.system, run)
        facts = of_run(self.system, run, steps, self.traces.counterexamples[known.id].ghosts)
        first, number = self._breaks_first(known, run, counterexample.openings)
        step = steps[number - 1] if number else None
        remedy = None if step is None else self.remedies.stopping(first, step, run.limits)
        return Explanation(
            True,
            self._clause(known, facts),
            None if first is known else (first.id, number),
            self._let_happen(step, number),
            remedy,
            (),
        )

    def of_situation(self, result: PropertyResult) -> Explanation:
        """Of a step that breaks the property from a state that no run is known to reach."""
        known, situation = result.property, result.situation
        assert situation is not None
        facts = of_situation(self.system, known, situation)
        ghosts = self.traces.situations[known.id].ghosts
        strange = unseen(self.system, self.runs, situation.limits, situation.before, ghosts)
        if facts is None:
            return Explanation(False, None, None, None, None, strange)
        step = facts.taken
        return Explanation(
            False,
            self._clause(known, facts),
            None,
            self._let_happen(step, 0 if step is None else 1),
            None,
            strange,
        )

    def _clause(self, known: Property, facts: Facts) -> Clause | None:
        arguments = facts.arguments(bound(self.system, known))
        return violated_clause(self.symbolic.function(known.claim), arguments)

    def _breaks_first(
        self, known: Property, run: Run, openings: tuple[tuple[str, int], ...]
    ) -> tuple[Property, int]:
        """What the run breaks first, of the property and the lemmas in its closure, and the step that does."""
        lemmas = [one for one in rests_on(known, self.properties) if one not in self.proved]
        broken: dict[str, int] = {}
        if lemmas:
            replayed = replay(self.system, run, openings=openings, only=lemmas)
            for violation in replayed.violations:
                broken.setdefault(violation.property_id, violation.step_number)
        number, name = min(((number, name) for name, number in broken.items()), default=(len(run), known.id))
        return (known, len(run)) if number >= len(run) else (self.properties[name], number)

    def _let_happen(self, step: Taken | None, number: int) -> LetHappen:
        if step is None:
            place = self._place("initial state", self.system.initial)
            return LetHappen(number, "", "", (place,))
        name = arrow_names(self.system)[arrow_key(step)]
        entry = next(one for one in self.system.table if one.id == step.entry_id)
        places: tuple[Place, ...] = ()
        match entry:
            case Row():
                places = (self._place("guard", entry.guard), self._place("effect", entry.effect))
            case Command():
                places = (self._place("refusal", entry.refuse),)
                places += (self._place("effect", entry.effect),) if step.accepted else ()
            case _:
                pass
        return LetHappen(number, name, entry.why, places, step.accepted is False)

    def _place(self, role: str, function: Callable[..., object]) -> Place:
        read = self.symbolic.function(function)
        return Place(role, read.name, read.span)


def _known_runs(verification: Verification) -> tuple[Run, ...]:
    """Witnesses of properties and runs that take rows; those that break something only show what must not be."""
    reached = [row.reached for row in verification.rows]
    witnesses = [one.witness for one in verification.properties]
    return tuple(dict.fromkeys(run for run in (*reached, *witnesses) if run is not None))
