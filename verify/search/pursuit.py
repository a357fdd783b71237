"""Ask a solver for the way from a known situation to a goal; whatever it answers has to be taken step by step.

Three questions are asked, the cheap ones first: which situation is one event away from the goal, which one is two
events away, and in which one it is enough to wait: to send the same event many times and then perhaps another. A
wait is calculated where it goes on as it begins (see ``acceleration``), and taken step by step where it does not.
Budgets are solver resource counts and numbers of steps, so that the answers are the same everywhere.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from typing import Any

from pumpproof.verify.logic.smt import Answer, Reply, Solver
from pumpproof.verify.logic.terms import (
    Substitution,
    Term,
    add,
    all_of,
    any_of,
    equal,
    integer,
    less_or_equal,
    truth,
    values_of,
    variable,
)
from pumpproof.verify.logic.values import RecordValue, leaves, python_value
from pumpproof.verify.proof.induction import fill_in
from pumpproof.verify.proof.symbolic import Arrow
from pumpproof.verify.search.acceleration import Acceleration, accelerate
from pumpproof.verify.search.aims import Aim, Formulas
from pumpproof.verify.search.archive import Node
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.script import Part, Stretch
from pumpproof.verify.search.stepper import CAN_RAISE, Specification, Stepper

_RESOURCE_LIMIT = 1_000_000
_WORTH_IT = 64
_TRIES_AT_THE_END = 4
SITUATIONS = 400
"""A question is about at most so many situations that differ in what it is about."""
_NEAR = 100
_MORE = 16
_COST_OF_PLANNING = 10
_MOST_UNKNOWNS = 40
_STANDSTILL = 128
_SOME = 5
_COST_OF_ASKING = 5
_PLACES_TO_WAIT = 4
_LONGEST = 1_000_000
_LARGEST = 1 << 20
_COUNT = variable("number of equal events", "Int")


@dataclass(frozen=True)
class Plan:
    """A situation, and the events that lead from there to the goal, if all is as calculated."""

    node: Node
    parts: tuple[Part, ...]


class Pursuit:
    """Plans towards goals. ``asked`` counts questions to the solver, ``spent`` is all effort, in steps of the table."""

    def __init__(self, formulas: Formulas, stepper: Stepper, specification: Specification) -> None:
        self.formulas = formulas
        self.stepper = stepper
        self.specification = specification
        self.asked = 0
        self.spent = 0
        self._solver = Solver(_RESOURCE_LIMIT)
        self._names = arrow_names(stepper.system)
        self._changed: dict[tuple[type, Enum], frozenset[Term]] = {}
        self._ways: dict[Aim, deque[Arrow]] = {}

    def one_event(self, aims: Sequence[Aim], nodes: Sequence[Node]) -> tuple[Plan, ...]:
        """A situation from which one event shows the goal; and, if there is one, an event that does with more in it."""
        for aim in aims:
            found = None if aim.event is None else self._chosen(aim, nodes, aim.unknowns)
            if found is not None:
                node, reply = found
                plan = Plan(node, (Stretch(self._event(reply, aim.event), 1),))
                return (plan, *self._with_more(aim, nodes, reply))
        return ()

    def _with_more(self, aim: Aim, nodes: Sequence[Node], reply: Reply) -> Iterator[Plan]:
        """A solver prefers small numbers, which leads to situations in which little can happen."""
        numbers = [name for name in aim.payload if name.sort == "Int"]
        if numbers:
            least = 2 * sum(int(reply.values[name]) for name in numbers) + _MORE
            more = Aim(
                all_of((aim.formula, less_or_equal(integer(least), reduce(add, numbers)))),
                aim.event,
                aim.payload,
            )
            found = self._chosen(more, nodes, aim.unknowns)
            if found is not None:
                yield Plan(found[0], (Stretch(self._event(found[1], aim.event), 1),))

    def largest(self, node: Node) -> Iterator[Any]:
        """For each arrow that a situation allows and that changes it, an event with the largest numbers."""
        for arrow in self.formulas.symbolic.arrows:
            if arrow.after is not self.formulas.symbolic.before and node.state.mode in arrow.entry.modes:
                event = self.largest_of(arrow, node)
                if event is not None:
                    yield event

    def largest_of(self, arrow: Arrow, node: Node) -> Any:
        """The event with the largest numbers at which an arrow is taken; None if none is, or has no numbers."""
        numbers = [name for name in leaves(arrow.event) if name.sort == "Int"]
        aim = self.formulas.aim_of(arrow)
        values = self.formulas.values(aim.unknowns, node.sources())
        if values is None or not numbers:
            return None
        number = reduce(add, numbers)
        there = all_of(map(equal, aim.unknowns, map(_constant, values)))
        found, least, most = None, 0, _LARGEST
        while least <= most:
            tried = (least + most) // 2
            # A walk asks little for the steps that it takes, which have a bound of their own.
            self.asked += 1
            reply = self._solver.check(
                (there, aim.formula, less_or_equal(integer(tried), number)), aim.payload
            )
            if reply.answer is Answer.SATISFIABLE:
                found = self._event(reply, aim.event)
                least = values_of((number,), reply.values)[0] + 1
            else:
                most = tried - 1
        return found

    def two_events(self, aims: Sequence[Aim], nodes: Sequence[Node], most: int) -> Plan | None:
        """A situation from which two events show the goal; the next call asks on where this one ends.

        ``most`` bounds the effort, so that a large formula is asked of fewer arrows.
        """
        for aim in aims:
            if aim not in self._ways:
                arrows = self.formulas.symbolic.arrows
                self._ways[aim] = deque(arrow for arrow in arrows if self._matters(arrow, aim))
            ways = self._ways[aim] if len(aim.unknowns) <= _MOST_UNKNOWNS else deque()
            for _ in range(len(ways)):
                most -= _COST_OF_PLANNING * (10 + len(aim.unknowns))
                if most < 0:
                    return None
                arrow = ways[0]
                ways.rotate(-1)
                self.spent += _COST_OF_ASKING
                before = self.formulas.one_step_before(aim, arrow)
                found = self._chosen(before, nodes, before.unknowns)
                if found is None:
                    continue
                node, reply = found
                events = [self._event(reply, arrow.event_type)]
                if aim.event is not None:
                    events.append(self._event(reply, aim.event, "'"))
                return Plan(node, tuple(Stretch(event, 1) for event in events))
        return None

    def waiting(self, aim: Aim, nodes: Sequence[Node], event: Any, patience: int) -> Plan | None:
        """A wait with this event that reaches the aim, from a situation that does not exclude it."""
        left = [*nodes]
        last = self.spent + patience
        for _ in range(_PLACES_TO_WAIT):
            found = self._where_to_wait(aim, left, event)
            if found is None:
                return None
            plan = self._wait(aim, found, event, last - self.spent)
            if plan is not None or self.spent >= last:
                return plan
            left = [node for node in left if node is not found]
        return None

    def _matters(self, arrow: Arrow, aim: Aim) -> bool:
        """Say whether an arrow changes anything of which the aim speaks."""
        after = self.formulas.after(arrow)
        return any(after[name] is not name for name in aim.unknowns)

    def _chosen(self, aim: Aim, nodes: Sequence[Node], fixed: Sequence[Term]) -> tuple[Node, Reply] | None:
        """A situation whose values of the ``fixed`` variables do not exclude the aim, near the beginning if any is."""
        for there in (
            [node for node in nodes if node.length <= _NEAR],
            [node for node in nodes if node.length > _NEAR],
        ):
            groups = self._grouped(there, fixed)
            reply = (
                self._ask((_one_of(groups, fixed), aim.formula), (*fixed, *aim.payload)) if groups else None
            )
            if reply is not None and reply.answer is Answer.SATISFIABLE:
                return groups[tuple(reply.values[name] for name in fixed)], reply
        return None

    def _grouped(self, nodes: Sequence[Node], fixed: Sequence[Term]) -> dict[tuple[int | bool, ...], Node]:
        """For each combination of values the situation that is reached in the fewest steps."""
        groups: dict[tuple[int | bool, ...], Node] = {}
        for node in nodes:
            values = self.formulas.values(fixed, node.sources())
            if values is not None and (values not in groups or node.length < groups[values].length):
                if len(groups) < SITUATIONS or values in groups:
                    groups[values] = node
        return groups

    def can_hold(self, aim: Aim) -> bool:
        """False if nothing at all satisfies the aim."""
        return self._ask((aim.formula,), ()).answer is not Answer.UNSATISFIABLE

    def _ask(self, terms: Sequence[Term], names: Sequence[Term]) -> Reply:
        self.asked += 1
        self.spent += _COST_OF_ASKING + sum(len(term.arguments) for term in terms[:1]) // 64
        return self._solver.check(terms, names)

    def _changed_by(self, event: type, mode: Enum) -> frozenset[Term]:
        """The integers that such an event can change in a mode; a wait is for these, all else is as where it begins."""
        if (event, mode) not in self._changed:
            self._changed[event, mode] = self._counted_by(event, mode)
        return self._changed[event, mode]

    def _counted_by(self, event: type, mode: Enum) -> frozenset[Term]:
        changed: set[Term] = set()
        for arrow in self.formulas.symbolic.arrows:
            if arrow.event_type is event and mode in arrow.entry.modes:
                changed.update(name for name, term in self.formulas.after(arrow).items() if term is not name)
        return frozenset(changed & self.formulas.counters)

    def _where_to_wait(self, aim: Aim, nodes: Sequence[Node], event: Any) -> Node | None:
        """A situation in which nothing that a wait can not change excludes the aim."""
        for mode in self.stepper.system.mode:
            names = self._changed_by(type(event), mode)
            there = [node for node in nodes if node.state.mode is mode]
            fixed = [name for name in aim.unknowns if name not in names]
            if len(fixed) < len(aim.unknowns) and there:
                found = self._chosen(aim, there, fixed)
                if found is not None:
                    key = self.formulas.values(fixed, found[0].sources())
                    alike = [node for node in there if self.formulas.values(fixed, node.sources()) == key]
                    return self._steadiest(alike, event)
        return None

    def _steadiest(self, nodes: Sequence[Node], event: Any) -> Node:
        """The situation, of some, in which a wait goes on for longest as it begins."""
        some = [*dict.fromkeys((*nodes[:_SOME], *nodes[-_SOME:]))]
        goes_on = [0 if (far := self._accelerated(node, event)) is None else far.most for node in some]
        return min(zip(some, goes_on, strict=True), key=lambda one: (-one[1], one[0].length))[0]

    def _wait(self, aim: Aim, start: Node, event: Any, patience: int) -> Plan | None:
        """Repeat an event until the aim is reached."""
        last = self.spent + patience
        node, taken, tries = start, 0, 0
        gate, known = aim.of_state, aim.unknowns
        gated = tuple(name for name in known if name in gate.variables)
        needed, at_first = self._needed(aim), self.formulas.values(gated, start.sources())
        while self.spent < last:
            far = self._accelerated(node, event)
            if far is not None and far.most >= _WORTH_IT:
                most = min(far.most, _LONGEST - taken)
                found = self._reached(aim, far, most)
                if found is not None:
                    count, last = found
                    return Plan(start, _parts(event, taken + count, last))
                node, count = self._jumped(node, far, most), most
                taken += count
                if taken >= _LONGEST:
                    return None
                continue
            for _ in range(_WORTH_IT):
                after = self._step(node, event, needed)
                if after is None or after.state.mode is not start.state.mode:
                    return None
                if after.state == node.state and after.ghosts == node.ghosts:
                    return None
                node, taken = after, taken + 1
                values = self.formulas.values(gated, node.sources())
                if values is None or (values == at_first and taken >= _STANDSTILL):
                    return None
                if values_of((gate,), dict(zip(gated, values, strict=True))) == [True]:
                    if aim.event is None:
                        return Plan(start, _parts(event, taken, None))
                    reply = self._chosen(aim, (node,), known)
                    if reply is not None:
                        return Plan(start, _parts(event, taken, self._event(reply[1], aim.event)))
                    tries += 1
                    if tries == _TRIES_AT_THE_END:
                        return None
        return None

    def goes_on(self, node: Node, event: Any) -> bool:
        """Say whether after one event a second one changes some integer in the same way again."""
        after = self._step(node, event)
        again = None if after is None else self._step(after, event)
        if after is None or again is None or again.state == after.state:
            return False
        far = self._accelerated(after, event)
        return far is not None and far.most > 1

    def _needed(self, aim: Aim) -> tuple[int, ...]:
        """The observers of whose records an aim speaks."""
        symbolic, spoken_of = self.formulas.symbolic, frozenset(aim.unknowns)
        return tuple(
            number
            for number, observer in enumerate(symbolic.system.observers)
            if not spoken_of.isdisjoint(leaves(symbolic.ghosts[observer.record]))
        )

    def _step(self, node: Node, event: Any, needed: Sequence[int] = ()) -> Node | None:
        self.spent += 1
        try:
            taken = self.stepper.step(node.state, event)
            facts = self.specification.facts(taken, node.ghosts)
            ghosts = self.specification.advance(facts, type(event), node.ghosts, needed)
        except CAN_RAISE:
            return None
        return Node(taken.after, ghosts, None, None, 0)

    def _accelerated(self, node: Node, event: Any) -> Acceleration | None:
        self.spent += _COST_OF_ASKING
        try:
            arrow = self.formulas.arrows[self._names[arrow_key(self.stepper.step(node.state, event))]]
        except CAN_RAISE:
            return None
        values = self.formulas.all_values(node)
        after = self.formulas.after(arrow)
        given = self.formulas.payload(event) | self.formulas.limit_values
        found = accelerate(
            values, given, {name: after[name] for name in values}, (self.formulas.taken(arrow),)
        )
        return found if found.changes else None

    def _reached(self, aim: Aim, far: Acceleration, most: int) -> tuple[int, Any] | None:
        """After how many equal events the aim is reached, and the event that then follows."""
        formula = Substitution(far.at(_COUNT) | _constants_of(far, aim))(aim.formula)
        least = int(aim.event is None)
        found: tuple[int, Any] | None = None
        for _ in range(_TRIES_AT_THE_END):
            bounds = (less_or_equal(integer(least), _COUNT), less_or_equal(_COUNT, integer(most)))
            reply = self._ask((*bounds, formula), (_COUNT, *aim.payload))
            if reply.answer is not Answer.SATISFIABLE:
                break
            most = int(reply.values[_COUNT])
            found = (most, None if aim.event is None else self._event(reply, aim.event))
            most -= 1
        return found

    def _jumped(self, node: Node, far: Acceleration, count: int) -> Node:
        """The situation after a wait, as calculated."""
        values = far.after(count)
        symbolic = self.formulas.symbolic
        state = _python(values, symbolic.before)
        ghosts = tuple(
            None if ghost is None else _python(values, symbolic.ghosts[observer.record])
            for ghost, observer in zip(node.ghosts, symbolic.system.observers, strict=True)
        )
        return Node(state, ghosts, None, None, 0)

    def _event(self, reply: Reply, event: type | None, mark: str = "") -> Any:
        assert event is not None
        value = self.formulas.symbolic.event(event)
        names = {leaf: reply.values[variable(leaf.name + mark, leaf.sort)] for leaf in leaves(value)}
        return _python(names, value)


def _one_of(groups: Collection[tuple[int | bool, ...]], names: Sequence[Term]) -> Term:
    """The variables have one of these combinations of values; what all combinations share is said once."""
    columns = [*zip(*groups, strict=True)]
    shared = [len(set(column)) == 1 for column in columns]
    common = all_of(
        equal(name, _constant(column[0]))
        for name, column, one in zip(names, columns, shared, strict=True)
        if one
    )
    rest = [
        all_of(
            equal(name, _constant(value))
            for name, value, one in zip(names, values, shared, strict=True)
            if not one
        )
        for values in groups
    ]
    return all_of((common, any_of(rest)))


def _parts(event: Any, count: int, last: Any) -> tuple[Part, ...]:
    wait = (Stretch(event, count),) if count else ()
    return wait if last is None else (*wait, Stretch(last, 1))


def _constants_of(far: Acceleration, aim: Aim) -> dict[Term, Term]:
    return {name: _constant(far.values[name]) for name in aim.unknowns if name not in far.changes}


def _constant(value: int | bool) -> Term:
    return truth(value) if isinstance(value, bool) else integer(value)


def _python(values: Any, value: RecordValue) -> Any:
    filled = fill_in(Reply(Answer.SATISFIABLE, values), value)
    return python_value(value.type, filled)
