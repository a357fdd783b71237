"""A run from the initial state to each goal, found by search and with the help of a solver; or why there is none."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pumpproof.verify.generation.goals import Goal, holds
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import Substitution, Term
from pumpproof.verify.logic.values import known, leaves
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.aims import Aim, Formulas
from pumpproof.verify.search.archive import Node
from pumpproof.verify.search.explorer import Search
from pumpproof.verify.search.goals import Goals
from pumpproof.verify.search.guided import STEPS
from pumpproof.verify.search.pursuit import SITUATIONS, Plan, Pursuit
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import events, run_of
from pumpproof.verify.search.stepper import CAN_RAISE
from pumpproof.verify.search.ways import script_of

_RESOURCE_LIMIT = 2_000_000
_NEARBY = (0, 4, 16, 64, 1_000)
"""Situations after at most so many steps are tried first, so that the tests are short."""

_SHORT = 64
"""For a goal that is two events away, situations after at most so many steps are tried."""

_EFFORT = 10_000
"""For a goal that is not one event away: so much effort, in steps of the table."""

BY_ITSELF = "no state and event do this with these limits, whatever the pump did before"
BY_INVARIANTS = "the proved invariants exclude it with these limits"
NOT_FOUND = "no run was found, and no proof that there is none"


@dataclass(frozen=True)
class Findings:
    """Runs by the names of their goals, and the reason for each goal without one."""

    runs: Mapping[str, Run]
    unreachable: Mapping[str, str]
    not_found: tuple[str, ...]


def find_runs(
    symbolic: SymbolicSystem, limits: Any, goals: Sequence[Goal], invariants: Sequence[Term]
) -> Findings:
    """Look for a run to each goal with these limits; ``invariants`` are proved, and may exclude a goal."""
    return _Finder(symbolic, limits, invariants).find(goals)


class _Finder:
    def __init__(self, symbolic: SymbolicSystem, limits: Any, invariants: Sequence[Term]) -> None:
        self._symbolic = symbolic
        self._names = arrow_names(symbolic.system)
        self._search = Search(
            symbolic.system,
            symbolic,
            limits,
            Goals(tuple(self._names.values())),
            random.Random(0),  # noqa: S311 -- reproducible, not secret
            STEPS,
        )
        self._search.begin(())
        self._search.run()
        self._exercised = self._go_through_exercises()
        self._formulas = Formulas(symbolic, limits)
        self._pursuit = Pursuit(self._formulas, self._search.stepper, self._search.specification)
        constants = leaves(known(symbolic.limits_type, limits))
        self._with_limits = Substitution(dict(zip(leaves(symbolic.limits), constants, strict=True)))
        self._invariants = tuple(map(self._with_limits, invariants))
        self._runs: dict[str, Run] = {}

    def _go_through_exercises(self) -> list[list[Any]]:
        """A hard use of the system leads to situations that no short run does; the events of each exercise."""
        first = self._search.archive.nodes()[0].first()
        exercised: list[list[Any]] = []
        for exercise in self._search.system.exercises:
            if exercise.limits is None:
                script = script_of(exercise, self._search.stepper, first.state, exercise.steps)
                self._search.follow(first, script)
                exercised.append([*events(script)])
        return exercised

    def find(self, goals: Sequence[Goal]) -> Findings:
        """Ask the quick questions of every goal before a longer one of any."""
        open_goals = {one.name: one for one in goals}
        nodes = self._search.archive.nodes()
        self._one_event(open_goals, [[node for node in nodes if node.length <= most] for most in _NEARBY])
        unreachable = {name: why for name, goal in open_goals.items() if (why := self._excluded(goal))}
        for name in unreachable:
            del open_goals[name]
        # A question is about a limited number of situations, and none is to be left out.
        self._one_event(
            open_goals, [nodes[first : first + SITUATIONS] for first in range(0, len(nodes), SITUATIONS)]
        )
        self._in_exercises(open_goals)
        self._two_events(open_goals, [node for node in nodes if node.length <= _SHORT])
        return Findings(self._runs, unreachable, tuple(open_goals))

    def _in_exercises(self, open_goals: dict[str, Goal]) -> None:
        """What the first step of each kind in an exercise shows."""
        stepper = self._search.stepper
        seen = set()
        for sent in self._exercised:
            before = self._search.archive.nodes()[0].first().state
            for number, event in enumerate(sent, start=1):
                taken = stepper.step(before, event)
                kind = (self._names[arrow_key(taken)], taken.outputs.refusal)
                if kind not in seen:
                    seen.add(kind)
                    for goal in [one for one in open_goals.values() if one.arrow.name == kind[0]]:
                        if holds(self._symbolic, goal, before, event, stepper.limits):
                            self._runs[goal.name] = Run.of(stepper.limits, sent[:number])
                            del open_goals[goal.name]
                before = taken.after

    def _aim(self, goal: Goal) -> Aim:
        return self._formulas.aim(goal.formula, goal.arrow)

    def _one_event(self, open_goals: dict[str, Goal], places: Sequence[Sequence[Node]]) -> None:
        for name, goal in [*open_goals.items()]:
            for nodes in places:
                if nodes and self._take(goal, self._pursuit.one_event((self._aim(goal),), nodes)):
                    del open_goals[name]
                    break

    def _two_events(self, open_goals: dict[str, Goal], nodes: Sequence[Node]) -> None:
        for name, goal in [*open_goals.items()]:
            plan = self._pursuit.two_events((self._aim(goal),), nodes, _EFFORT)
            if plan is not None and self._take(goal, (plan,)):
                del open_goals[name]

    def _take(self, goal: Goal, plans: Iterable[Plan]) -> bool:
        """Take plans step by step, and keep the first run that shows the goal in its last step."""
        for plan in plans:
            self._search.follow(plan.node, plan.parts)
            script = (*plan.node.script(), *plan.parts)
            run = run_of(script, self._search.stepper.limits)
            if goal.name not in self._runs and self._shows(goal, run):
                self._runs[goal.name] = run
        return goal.name in self._runs

    def _shows(self, goal: Goal, run: Run) -> bool:
        stepper = self._search.stepper
        state = stepper.system.initial(stepper.limits)
        before = state
        last: Any = None
        try:
            for event in run.events():
                before, last = state, event
                state = stepper.step(state, event).after
        except CAN_RAISE:
            return False
        if type(last) is not goal.arrow.event_type:
            return False
        return holds(self._symbolic, goal, before, last, stepper.limits)

    def _excluded(self, goal: Goal) -> str | None:
        """Why nothing shows the goal, if that is so."""
        formula = self._with_limits(goal.formula)
        typed = self._with_limits(self._symbolic.typed)
        for assumed, reason in (((typed,), BY_ITSELF), ((typed, *self._invariants), BY_INVARIANTS)):
            if Solver(_RESOURCE_LIMIT).check((*assumed, formula)).answer is Answer.UNSATISFIABLE:
                return reason
        return None
