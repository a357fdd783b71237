"""k-induction: a property that k steps in a row keep, where one step from just any state would not.

A step is the disjunction of all arrows. With the property go the records of the observers of which it and its lemmas
speak, as one instance each; what is shown of an instance that opens later is shown from its opening.
"""

from collections.abc import Iterator, Sequence

from pumpproof.spec.kernel.properties import Kind
from pumpproof.verify.engines.engine import Budget, Certificate, Finding, Proved, Question, TimedOut, Unknown
from pumpproof.verify.engines.induction import discharged, judged, shown
from pumpproof.verify.logic.terms import Substitution, Term, all_of, any_of, equal, implies, negate, variable
from pumpproof.verify.logic.values import leaves
from pumpproof.verify.proof.obligations import Obligation, Obligations, Stage
from pumpproof.verify.proof.symbolic import Arrow


class KInduction:
    """Tries k = 2, 3, … in turn; ``simple_path`` leaves out runs that come back to a state they were in.

    Where the property becomes inductive with its own preimages, the certificate is that inductive invariant; else
    the obligations of k-induction stand for themselves, and the method says so.
    """

    name = "k-induction"

    def __init__(self, *, simple_path: bool = True) -> None:
        self._simple_path = simple_path

    def attempt(self, question: Question, budget: Budget) -> Finding:
        """See ``Engine``."""
        finding: Finding = Unknown(self.name, "the budget allows no k of 2 or more")
        timed_out: TimedOut | None = None
        for k in range(2, budget.induction_depth + 1):
            obligations = tuple(k_inductive(question, k, simple_path=self._simple_path))
            method = f"{self.name} (k={k})"
            finding = judged(method, Certificate((), obligations), discharged(question, obligations, budget))
            if isinstance(finding, Proved):
                converted = shown(method, question, preimages(question, k - 1), budget)
                return converted if isinstance(converted, Proved) else finding
            timed_out = finding if isinstance(finding, TimedOut) else timed_out
        return timed_out or finding


def preimages(question: Question, depth: int) -> tuple[Term, ...]:
    """That each of the next ``depth`` steps which read nothing of their event keep the property.

    Only such steps can be said without the event, in a term over the state alone.
    """
    obligations, known = question.obligations, question.known
    terms: dict[Term, None] = {}
    if known.kind is Kind.STEP:
        return ()
    last: Sequence[Term] = (obligations.before(known.id),)
    for _ in range(depth):
        last = [
            implies(arrow.enabled, obligations.after(term, arrow))
            for term in last
            for arrow in obligations.symbolic.arrows
            if obligations.after(term, arrow) is not term
        ]
        last = [term for term in last if speaks_of_states_only(obligations, term)]
        terms |= dict.fromkeys(last)
    return tuple(terms)


def speaks_of_states_only(obligations: Obligations, term: Term) -> bool:
    """Say whether a term reads nothing but the state before a step, limits and records."""
    symbolic = obligations.symbolic
    values = (symbolic.before, symbolic.limits, *symbolic.ghosts.values())
    return term.variables <= {leaf for value in values for leaf in leaves(value)}


def k_inductive(question: Question, k: int, *, simple_path: bool = False) -> Iterator[Obligation]:
    """The obligations of k-induction: first the runs of fewer than ``k`` steps, then the step from ``k`` states.

    For a step property they are about steps: the first ``k - 1`` of a run, then one after ``k - 1`` others.
    """
    assert k >= 1
    paths = _Paths(question, k, simple_path)
    yield from paths.from_initial_state()
    yield from paths.from_openings()
    yield from paths.steps()


class _Paths:
    def __init__(self, question: Question, k: int, simple_path: bool) -> None:
        self.obligations, self.known, self.k = question.obligations, question.known, k
        self.symbolic = self.obligations.symbolic
        self.simple_path = simple_path and self.known.kind is Kind.INVARIANT
        by_id = {one.id: one for one in self.symbolic.system.properties}
        self.lemmas = [by_id[identifier] for identifier in self.known.uses]
        spoken_of = {
            ghost for one in (self.known, *self.lemmas) for ghost in self.symbolic.binding(one).ghosts
        }
        self.records = [record for record in self.symbolic.ghosts if record in spoken_of]
        self.state = self._leaves()
        self.lemma_terms = tuple(self.obligations.before(one.id) for one in self.lemmas)
        self.claim = self._claim()

    def _leaves(self) -> tuple[Term, ...]:
        values = (self.symbolic.before, *(self.symbolic.ghosts[record] for record in self.records))
        return tuple(leaf for value in values for leaf in leaves(value))

    def _claim(self) -> Term:
        """The property of a state; of a step property, that the step which is taken from there has it."""
        if self.known.kind is Kind.INVARIANT:
            return self.obligations.before(self.known.id)
        return all_of(
            implies(arrow.enabled, self.obligations.step_claim(self.known, arrow).holds)
            for arrow in self._arrows()
        )

    def _arrows(self) -> tuple[Arrow, ...]:
        event = self.symbolic.binding(self.known).event
        return tuple(arrow for arrow in self.symbolic.arrows if event in (None, arrow.event_type))

    def frame(self, number: int, replaced: dict[Term, Term] | None = None) -> Substitution:
        """The renaming to the state and the event of step ``number`` of a path; the last is not renamed."""
        events = (self.symbolic.event(event) for event in self.symbolic.system.events)
        names = (*self.state, *(leaf for value in events for leaf in leaves(value)))
        if number < 0:
            renamed = {leaf: variable(f"{leaf.name} [{number}]", leaf.sort) for leaf in names}
        else:
            renamed = {leaf: leaf for leaf in names}
        return Substitution(renamed | (replaced or {}))

    def taken(self, frame: Substitution, following: Substitution) -> Term:
        """One of the arrows leads from one frame to the next."""
        return any_of(
            all_of((frame(arrow.enabled), *self._changes(arrow, frame, following)))
            for arrow in self.symbolic.arrows
        )

    def _changes(self, arrow: Arrow, frame: Substitution, following: Substitution) -> Iterator[Term]:
        for leaf in self.state:
            yield equal(following(leaf), frame(self._after(leaf, arrow)))

    def _after(self, leaf: Term, arrow: Arrow) -> Term:
        return self.obligations.after(leaf, arrow)

    def from_initial_state(self) -> Iterator[Obligation]:
        """The property in every run of fewer than ``k`` steps from the initial state."""
        initial, _ = self.symbolic.initial
        replaced = dict(zip(leaves(self.symbolic.before), leaves(initial), strict=True))
        for record in self.records:
            opened, _ = self.symbolic.opened(record, initial)
            replaced |= dict(zip(leaves(self.symbolic.ghosts[record]), leaves(opened), strict=True))
        yield from self._begun(Stage.INITIAL, "initial state", replaced, ())

    def from_openings(self) -> Iterator[Obligation]:
        """The property in fewer than ``k`` steps after an observer opened in any state."""
        for record in self.symbolic.binding(self.known).ghosts:
            observer = self.symbolic.observer(record)
            if observer.arbitrary_start:
                value = self.symbolic.ghosts[record]
                opened, _ = self.symbolic.opened(record, self.symbolic.before)
                own = frozenset(leaves(value))
                assumed = tuple(term for term in self.lemma_terms if own.isdisjoint(term.variables))
                first = self.frame(1 - self._begins())
                replaced = dict(zip(leaves(value), map(first, leaves(opened)), strict=True))
                yield from self._begun(Stage.OPENING, f"opening of {observer.name}", replaced, assumed)

    def _begins(self) -> int:
        """How many states of a run are shown without the step: for a step property one fewer."""
        return self.k if self.known.kind is Kind.INVARIANT else self.k - 1

    def _begun(
        self, stage: Stage, where: str, replaced: dict[Term, Term], assumed: tuple[Term, ...]
    ) -> Iterator[Obligation]:
        count = self._begins()
        first = self.frame(1 - count, replaced)
        frames = [first, *(self.frame(number) for number in range(2 - count, 1))]
        known: list[Term] = [first(term) for term in assumed]
        for number, frame in enumerate(frames):
            place = where if number == 0 else f"{number} steps after the {where}"
            hypotheses = (*self.obligations.background, *self._typed(frames[: number + 1]), *known)
            yield Obligation(self.known.id, stage, place, hypotheses, frame(self.claim))
            if number + 1 < len(frames):
                known += [frame(term) for term in (*self.lemma_terms, self.claim)]
                known.append(self.taken(frame, frames[number + 1]))

    def _typed(self, frames: Sequence[Substitution]) -> tuple[Term, ...]:
        return tuple(frame(self.symbolic.typed) for frame in frames)

    def steps(self) -> Iterator[Obligation]:
        """The property of one more step, after ``k - 1`` steps all of whose states have it."""
        frames = [self.frame(number) for number in range(1 - self.k, 1)]
        hypotheses = [*self.obligations.background, *self._typed(frames)]
        for number, frame in enumerate(frames):
            last = number + 1 == len(frames)
            hypotheses += [frame(term) for term in self.lemma_terms]
            if self.known.kind is Kind.INVARIANT or not last:
                hypotheses.append(frame(self.claim))
            if not last:
                hypotheses.append(self.taken(frame, frames[number + 1]))
        if self.simple_path:
            hypotheses += self._all_different(frames)
        for arrow in self._arrows():
            goal = (
                self.obligations.after(self.claim, arrow)
                if self.known.kind is Kind.INVARIANT
                else self.obligations.step_claim(self.known, arrow).holds
            )
            unchanged = self.known.kind is Kind.INVARIANT and goal is self.claim
            yield Obligation(
                self.known.id,
                Stage.STEP,
                arrow.name,
                (*hypotheses, arrow.enabled),
                goal,
                arrow,
                unchanged=unchanged,
            )

    def _all_different(self, frames: Sequence[Substitution]) -> Iterator[Term]:
        for number, frame in enumerate(frames):
            for other in frames[:number]:
                yield any_of(negate(equal(frame(leaf), other(leaf))) for leaf in self.state)
