"""A run from the initial state to each goal, found by search and with the help of a solver; or why there is none."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from typing import Any

from pumpproof.verify.generation.goals import Goal, holds
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import Substitution, Term, add, all_of, integer, less_or_equal
from pumpproof.verify.logic.values import known, leaves
from pumpproof.verify.proof.symbolic import Outcome, SymbolicSystem
from pumpproof.verify.search.aims import Aim, Formulas
from pumpproof.verify.search.archive import Node
from pumpproof.verify.search.explorer import Search
from pumpproof.verify.search.goals import every_goal
from pumpproof.verify.search.guided import STEPS
from pumpproof.verify.search.pursuit import Plan, Pursuit
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.run import Run
from pumpproof.verify.search.script import Stretch, events, run_of
from pumpproof.verify.search.stepper import CAN_RAISE
from pumpproof.verify.search.ways import script_of

_RESOURCE_LIMIT = 2_000_000
_NEARBY = (0, 4, 16, 64, 1_000)
"""Situations after at most so many steps are tried first, so that the tests are short."""

_SOME = 6
_USES = 12
_QUESTIONS = 30
_LONGEST_WAIT = 4_000
_APART = 30
"""A wait goes on for so many events; of the situations on the way, some are kept, so many events apart."""

_EFFORT = 20_000
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
        self._search = Search(
            symbolic.system,
            symbolic,
            limits,
            every_goal(symbolic.system),
            random.Random(0),  # noqa: S311 -- reproducible, not secret
            STEPS,
        )
        self._search.begin(())
        self._search.run()
        self._go_through_exercises()
        self._formulas = Formulas(symbolic, limits)
        self._pursuit = Pursuit(self._formulas, self._search.stepper, self._search.specification)
        constants = leaves(known(symbolic.limits_type, limits))
        self._with_limits = Substitution(dict(zip(leaves(symbolic.limits), constants, strict=True)))
        self._invariants = tuple(map(self._with_limits, invariants))
        self._names = arrow_names(symbolic.system)
        self._runs: dict[str, Run] = {}

    def _go_through_exercises(self) -> None:
        """A hard use of the system leads to situations that no short run does."""
        first = self._search.archive.nodes()[0].first()
        for exercise in self._search.system.exercises:
            if exercise.limits is None:
                script = script_of(exercise, self._search.stepper, first.state, exercise.steps)
                self._search.follow(first, script)

    def find(self, goals: Sequence[Goal]) -> Findings:
        """Ask the quick questions of every goal before a longer one of any."""
        open_goals = {one.name: one for one in goals}
        self._one_event(open_goals, self._nearby())
        unreachable = {}
        for name, goal in [*open_goals.items()]:
            reason = self._excluded(goal)
            if reason is not None:
                unreachable[name] = reason
                del open_goals[name]
        self._one_event(open_goals, self._after_waits(open_goals.values()))
        for goal in [*open_goals.values()]:
            if self._two_events(goal):
                del open_goals[goal.name]
        self._one_event(open_goals, [self._search.archive.nodes()])
        self._in_exercises(open_goals)
        return Findings(self._runs, unreachable, tuple(open_goals))

    def _in_exercises(self, open_goals: dict[str, Goal]) -> None:
        """What the first step of each kind in an exercise shows."""
        stepper = self._search.stepper
        state = self._search.archive.nodes()[0].first().state
        seen = set()
        for exercise in self._search.system.exercises:
            if exercise.limits is not None:
                continue
            sent = [*events(script_of(exercise, stepper, state, exercise.steps))]
            before = state
            for number, event in enumerate(sent, start=1):
                taken = stepper.step(before, event)
                before = taken.after
                kind = (self._names[arrow_key(taken)], taken.outputs.refusal)
                if kind not in seen:
                    seen.add(kind)
                    run = Run.of(stepper.limits, sent[:number])
                    for goal in [one for one in open_goals.values() if one.arrow.name == kind[0]]:
                        if self._shows(goal, run):
                            self._runs[goal.name] = run
                            del open_goals[goal.name]

    def _aim(self, goal: Goal) -> Aim:
        return self._formulas.aim(goal.formula, goal.arrow)

    def _one_event(self, open_goals: dict[str, Goal], places: Sequence[Sequence[Node]]) -> None:
        for name, goal in [*open_goals.items()]:
            for nodes in places:
                if nodes and self._take(goal, self._pursuit.one_event((self._aim(goal),), nodes)):
                    del open_goals[name]
                    break

    def _nearby(self) -> list[list[Node]]:
        nodes = self._search.archive.nodes()
        return [[node for node in nodes if node.length <= most] for most in _NEARBY] + [nodes]

    def _two_events(self, goal: Goal) -> bool:
        plan = self._pursuit.two_events((self._aim(goal),), self._search.archive.nodes(), _EFFORT)
        return plan is not None and self._take(goal, (plan,))

    def _after_waits(self, goals: Iterable[Goal]) -> list[list[Node]]:
        """Situations where a command was used as often as it is accepted, and those along each wait from there."""
        waits = self._worth_repeating()
        entries = sorted({goal.arrow.entry.id for goal in goals})
        starts = [node for entry in entries for event in waits for node in self._uses(entry, event)]
        along = ([*self._wait(start, event)] for start in starts for event in waits)
        return [starts, *(nodes for nodes in along if nodes)]

    def _uses(self, entry: str, wait: Any) -> Iterator[Node]:
        """The situations after each use of a command with the largest payload, as soon as it is accepted again."""
        name = f"{entry} {Outcome.ACCEPTED.value}"
        accepted = next((one for one in self._symbolic.arrows if one.name == name), None)
        if accepted is None:
            return
        aim = self._formulas.aim(self._formulas.taken(accepted), accepted)
        found = [plan.node for plan in self._pursuit.one_event((aim,), self._search.archive.nodes())]
        # The run that is found first has little to use up, the other one much.
        for begin in dict.fromkeys((*found, *map(self._generous, found))):
            places = [begin]
            for _ in range(_USES):
                node = self._largest_use(aim, places)
                if node is None:
                    break
                yield node
                after = (one for one in self._wait(node, wait) if self._pursuit.one_event((aim,), (one,)))
                places = [*islice(after, 1)]

    def _generous(self, end: Node) -> Node:
        """Where the same run leads with the largest numbers in each command; ``end`` itself if it can not go on so.

        A run that is found first has the smallest numbers that do, such as a reservoir with little in it.
        """
        node = end.first()
        for part in end.script():
            if not isinstance(part, Stretch):
                continue
            for _ in range(part.count):
                try:
                    node = self._with_largest(node, part.event)
                except CAN_RAISE:
                    return end
        return node if node.state.mode is end.state.mode else end

    def _with_largest(self, node: Node, event: Any) -> Node:
        taken = self._search.stepper.step(node.state, event)
        arrow = self._formulas.arrows[self._names[arrow_key(taken)]]
        largest = self._pursuit.largest_of(arrow, node) if arrow.outcome is Outcome.ACCEPTED else None
        if largest is not None:
            event, taken = largest, self._search.stepper.step(node.state, largest)
        return Node(taken.after, node.ghosts, node, Stretch(event, 1), node.length + 1)

    def _largest_use(self, aim: Aim, places: Sequence[Node]) -> Node | None:
        """The situation after the event with the largest numbers: these are doubled, and then closed in on.

        What is large only somewhere leads to situations in which much can happen.
        """
        numbers = [name for name in aim.payload if name.sort == "Int"]
        found: Plan | None = None
        asked, size, least = aim, 0, 0
        too_much: int | None = None
        for _ in range(_QUESTIONS):
            plans = self._pursuit.one_event((asked,), places)
            if plans:
                found = plans[-1]
                payload = self._formulas.payload(_event(found))
                size = sum(int(payload[name]) for name in numbers)
            elif found is None:
                return None
            else:
                too_much = least
            if not numbers or (too_much is not None and too_much <= size + 1):
                break
            least = 2 * size + 1 if too_much is None else (size + too_much) // 2
            asked = Aim(
                all_of((aim.formula, less_or_equal(integer(least), reduce(add, numbers)))),
                aim.event,
                aim.payload,
            )
        if found is None:
            return None
        start, event = found.node, _event(found)
        after = self._search.stepper.step(start.state, event).after
        return Node(after, start.ghosts, start, Stretch(event, 1), start.length + 1)

    def _wait(self, start: Node, event: Any) -> Iterator[Node]:
        state = start.state
        for number in range(1, _LONGEST_WAIT + 1):
            try:
                after = self._search.stepper.step(state, event).after
            except CAN_RAISE:
                return
            if after == state:
                return
            state = after
            if number % _APART == 0:
                yield Node(state, start.ghosts, start, Stretch(event, number), start.length + number)

    def _worth_repeating(self) -> list[Any]:
        """Events that, sent again and again, change some integer again and again."""
        nodes = self._search.archive.nodes()
        quiet = [self._search.payloads.quiet(event) for event in self._symbolic.system.events]
        some = [*nodes[:_SOME], *nodes[-_SOME:]]
        return [one for one in quiet if any(self._pursuit.goes_on(node, one) for node in some)]

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


def _event(plan: Plan) -> Any:
    """The only event of a plan."""
    (part,) = plan.parts
    assert isinstance(part, Stretch)
    return part.event
