"""Guided search on concrete states: rows reached, witnesses and violations, with constants of real size.

The search keeps an archive of situations, one for each cell of an abstraction, picks one that was little tried, and
sends it an event, once or many times over. Payloads lie at the boundaries of the comparisons that the code makes;
the same comparisons make the abstraction finer as they are found. All choices come from one seeded generator and
the budget counts steps, so that a search gives the same result wherever it runs.
"""

import random
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.abstraction import Abstraction, Cell
from pumpproof.verify.search.aims import Formulas
from pumpproof.verify.search.approach import Approach
from pumpproof.verify.search.archive import Archive, Node, Target
from pumpproof.verify.search.forms import Form, changed, probed
from pumpproof.verify.search.goals import Goals, open_goals
from pumpproof.verify.search.payloads import EVENT, Payloads
from pumpproof.verify.search.pursuit import Pursuit
from pumpproof.verify.search.replay import arrow_key, arrow_names
from pumpproof.verify.search.script import Opening, Script, Stretch
from pumpproof.verify.search.script import steps as steps_of
from pumpproof.verify.search.shorten import ARROW, RAISED, VIOLATION, WITNESS, Found, raised_name
from pumpproof.verify.search.stepper import (
    CAN_RAISE,
    Ghosts,
    Specification,
    Stepper,
    Watched,
    broken,
    mode_of,
    shown,
)
from pumpproof.verify.search.ways import Ways, script_of

_FIRST_GHOST = 2
_MOST_PROBINGS = 400
_COST_OF_PROBING = 10
_SHORT_STRETCH = 64
_IMAGINED = 8
_BORED = 120
_BETWEEN_REPORTS = 500
_PATIENCE = 300
_LEAST_SPENT = 1_000
_SHARE = 8
"""One look of one way takes about this part of all steps so far, so that many goals do not use up the search."""
_LONGEST_FOLLOWED = 400
_WARMING_UP = 200
"""The first steps of each exercise show where the system is used at all."""
_LONG_STRETCHES = (60, 600, 3600, 7200, 86_400)


Report = Callable[[int, int, int], None]
"""Takes the number of goals found, the number of all goals, and the steps used."""


class Search:
    """One search; ``found`` is what the quick interpreter showed, still to be shortened and confirmed."""

    def __init__(
        self,
        system: System,
        symbolic: SymbolicSystem | None,
        limits: Any,
        goals: Goals,
        choice: random.Random,
        budget: int,
    ) -> None:
        self.system = system
        self.symbolic = symbolic
        self.modes = tuple(system.mode)
        self.choice = choice
        self.budget = budget
        self.stepper = Stepper(system, limits)
        self.specification = Specification(system, limits)
        self.payloads = Payloads(system.events)
        records = [(_FIRST_GHOST + i, observer.record) for i, observer in enumerate(system.observers)]
        self.abstraction = Abstraction([(0, system.state), *records])
        self.archive = Archive(self.abstraction, tuple(system.mode))
        self.found: list[Found] = []
        self.entering: dict[Enum, dict[tuple[Cell, type], None]] = {mode: {} for mode in system.mode}
        self.used = 0
        self.report: Report | None = None
        self.reported = 0
        self.waited = 0
        self.last_news = 0
        self.bored = 0
        self.pursued = 0
        self.ways: Ways | None = None
        self._asked_last: dict[str, tuple[str, str]] = {}
        self._kinds: dict[object, None] = {}
        self._probings = 0
        self.decisive: dict[Watched, dict[Form, None]] = {}
        self.open = open_goals(system, self.specification, goals)
        self.needed = self.specification.needed(self.open.properties())
        self.rows = {
            name: (key[2], [mode for entry in system.table if entry.id == key[0] for mode in entry.modes])
            for key, name in arrow_names(system).items()
        }

    def begin(self, shown: Sequence[Found]) -> None:
        """Close the goals that were shown, and keep the situations that their runs lead to, if any goal is left."""
        self.open.close(shown)
        self.needed = self.specification.needed(self.open.properties())
        if not self.open.awaited:
            return
        try:
            state = self.system.initial(self.stepper.limits)
            ghosts = self.specification.opened(state, self.needed)
        except CAN_RAISE:
            return  # A system that cannot start has no runs; the proof that no function raises says so.
        root = Node(state, ghosts, None, None, 0)
        self._look_at_state(root, None, 0, state, ghosts)
        self.archive.keep(root, self.abstraction.cell(root.sources()))
        self.archive.measure(root)
        for script in dict.fromkeys(one.script for one in shown):
            if steps_of(script) <= _LONGEST_FOLLOWED:
                self.follow(root, script)
        for exercise in self.system.exercises:
            if exercise.limits is None:
                self.follow(root, script_of(exercise, self.stepper, state, _WARMING_UP))

    def follow(self, start: Node, script: Script) -> None:
        """Keep the situations of a run."""
        node = start
        for part in script:
            match part:
                case Stretch():
                    far = part.count > self.budget // 4
                    near = self._forwarded(node, part.event, part.count - 1) if far else node
                    end = near and self._stretch(near, part.event, 1 if far else part.count, None)
                    node = end or node  # what changed nothing is left out
                case Opening():
                    node = self._opened(node, part.observer)

    def _forwarded(self, start: Node, event: Any, count: int) -> Node | None:
        """The situation after many equal events, as the table gives it. They were calculated and are no part of the
        budget, which is for events that are tried.
        """
        state, ghosts = start.state, start.ghosts
        for _ in range(count):
            try:
                taken = self.stepper.step(state, event)
                facts = self.specification.facts(taken, ghosts)
                ghosts = self.specification.advance(facts, type(event), ghosts, self.needed)
            except CAN_RAISE:
                return None
            state = taken.after
        return Node(state, ghosts, start, Stretch(event, count), start.length + count)

    def run(self) -> None:
        """Search until every goal is shown or the budget is used up."""
        if not self.archive.by_cell:
            return
        while self.open.awaited and self.used < self.budget:
            if self.symbolic is not None and self._is_time_to_ask():
                self._pursue(self.symbolic)
                continue
            self._say_how_far()
            cells = len(self.archive.by_cell)
            self._explore_once()
            self.bored = 0 if len(self.archive.by_cell) > cells else self.bored + 1
            self.archive.refine()

    def _say_how_far(self) -> None:
        if self.report is not None and self.used >= self.reported:
            self.reported = self.used + _BETWEEN_REPORTS
            goals = len(self.open.order)
            self.report(goals - len(self.open.awaited), goals, self.used)

    def _is_time_to_ask(self) -> bool:
        """After some steps without news; and asking takes no more effort than everything else."""
        asked = 0 if self.ways is None else self.ways.spent
        return self.used - max(self.last_news, self.pursued) > _PATIENCE and 2 * asked <= self.used

    def _pursue(self, symbolic: SymbolicSystem) -> None:
        """Ask a solver for the way to each goal that is open, and take it: the quick questions first."""
        if self.ways is None:
            pursuit = Pursuit(Formulas(symbolic, self.stepper.limits), self.stepper, self.specification)
            approach = Approach(pursuit.formulas, self._take)
            self.ways = Ways(self.system, pursuit, approach, self.archive, self.payloads, self.open.awaits)
        news = self.last_news
        ways = self.ways
        for way in (ways.one_event, ways.exercising, ways.two_events, ways.waiting, ways.walking):
            before, last = self.ways.spent, self.ways.spent + max(_LEAST_SPENT, self.used // _SHARE)
            goals = self.open.names()
            for kind, name in self._from_where_it_ended(way.__name__, goals):
                if self.open.awaits(kind, name):
                    for plan in way(kind, name, len(goals)):
                        self.follow(plan.node, plan.parts)
                # News opens new ways, so the quick questions come first again.
                interrupted = way != ways.one_event and self.last_news > news
                if self.ways.spent > last or interrupted:
                    self._asked_last[way.__name__] = (kind, name)
                    break
            self.used += self.ways.spent - before
            if self.last_news > news:
                break
        self.pursued = self.used

    def _from_where_it_ended(self, way: str, goals: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The goals in their order, from the one after that at which this way used up its share of the effort."""
        last = self._asked_last.get(way)
        begin = goals.index(last) + 1 if last in goals else 0
        return [*goals[begin:], *goals[:begin]]

    def _explore_once(self) -> None:
        """Pick a situation and an event, and go."""
        choice = self.choice
        event = choice.choice(self.system.events)
        kind = choice.random()
        if kind < 0.25 and self.open.arrows:
            self._towards(*self.rows[choice.choice(list(self.open.arrows.values()))])
        elif kind < 0.35 and (asked := [one for one, known in self.open.step_witnesses.items() if known]):
            event = choice.choice(asked)
            self._send(self.archive.odd(event, choice), event)
        elif kind < 0.45 and self.decisive and self._imagine():
            return
        elif kind < 0.55 and (target := self.archive.target(choice)):
            self._cross(target)
        elif kind < 0.7:
            self._send(self.archive.large(choice), event)
        elif kind < 0.9:
            self._send(self.archive.odd(event, choice), event)
        else:
            self._send(self.archive.little_tried(self.modes, event, choice), event)

    def _send(self, node: Node | None, event: type) -> None:
        if node is not None:
            self._go(node, self._payload(node, event))

    def _imagine(self) -> bool:
        """Find a situation in which an open witness lacks nothing but one boundary; cross it there."""
        choice = self.choice
        pairs = [(one, form) for one, forms in self.decisive.items() for form in forms]
        one, form = choice.choice(pairs)
        (leaf, factor), number = form.multiples[0], self.abstraction.number(form)
        if number is None:
            return False
        wanted = -form.constant // factor + choice.choice((-1, 0, 0, 1))
        for _ in range(_IMAGINED):
            node = self.archive.any_node(choice)
            if node.sources()[leaf[0]] is None:
                continue
            event = self._payload(node, one.event or choice.choice(self.system.events))
            imagined = changed(leaf, node.sources(), wanted)
            if imagined is None or not self._would_show(one, imagined, event):
                continue
            before = self.abstraction.values(node.sources())[number]
            side = (before > 0) - (before < 0)
            self._cross(self.archive.target_at(node, number, side, abs(before)), event)
            return True
        return False

    def _would_show(self, one: Watched, sources: tuple[Any, ...], event: Any) -> bool:
        self.used += 1
        state, ghosts = sources[0], sources[_FIRST_GHOST:]
        try:
            if not one.of_step():
                return shown(one, self.specification.facts_of_state(state, ghosts))
            return shown(one, self.specification.facts(self.stepper.step(state, event), ghosts))
        except CAN_RAISE:
            return False  # An imagined state may be one that no run reaches.

    def _towards(self, event: type, modes: list[Enum]) -> None:
        """Try an event in these modes, or once more a step that led into one of them, or any from where it began."""
        ways = [way for mode in modes for way in self.entering[mode]]
        if ways and self.choice.random() < 0.4:
            context, event = self.choice.choice(ways)
            if self.choice.random() < 0.4:
                event = self.choice.choice(self.system.events)
            nodes = self.archive.by_context.get(context, [])
            node = self.archive.rare(nodes, event, self.choice) if nodes else None
        else:
            node = self.archive.little_tried(modes, event, self.choice)
        self._send(node, event)

    def _payload(self, node: Node, event: type) -> Any:
        if isinstance(node.part, Stretch) and type(node.part.event) is event and self.choice.random() < 0.5:
            return node.part.event
        if self.choice.random() < 0.3:
            return self.payloads.quiet(event)
        return self.payloads.draw(event, node.sources(), self.choice)

    def _cross(self, target: Target, then: Any = None) -> None:
        """Repeat an event for as long as it should take to cross a boundary; then send another one."""
        choice, node = self.choice, target.node
        if not target.helpers or choice.random() < 0.2:
            self._send(node, choice.choice(self.system.events))
            return
        event, estimate = choice.choice(target.helpers)
        if then is not None:
            estimate = max(other for _, other in target.helpers)
        if choice.random() < (0.5 if then is None else 0.75):
            event = self.payloads.quiet(type(event))
        end = self._wait(node, event, estimate + estimate // 4 + 2, target, sure=then is not None)
        if end is not None and then is not None:
            self._stretch(end, then, 1, None)

    def _wait(
        self, node: Node, event: Any, count: int, target: Target | None = None, *, sure: bool = False
    ) -> Node | None:
        """A long stretch, if it is due: it needs patience, and unless success is near, a share of all steps."""
        before = self.used
        if count > _SHORT_STRETCH:
            patience = _SHORT_STRETCH + (before - self.last_news) * (4 if sure else 1)
            share = 2 * self.waited <= before
            if self.bored > _BORED:
                # Nothing short leads anywhere new, so that only waiting is left.
                patience, share = self.budget, True
            if count > min(patience, self.budget // 4) or not (share or sure):
                return None
        end = self._stretch(node, event, count, None, target)
        if self.used - before > _SHORT_STRETCH and not sure:
            self.waited += self.used - before
        return end

    def _go(self, node: Node, event: Any) -> None:
        choice = self.choice
        node.tried[type(event)] = node.tried.get(type(event), 0) + 1
        if self.needed and choice.random() < 0.1:
            node = self._reopened(node)
        kind = choice.random()
        if kind < 0.6:
            self._stretch(node, event, 1, None)
        elif kind < 0.98:
            self._stretch(node, event, choice.choice((2, 4, 8, 16, 64)), choice.choice((1, 2, None)))
        else:
            self._wait(node, event, choice.choice(_LONG_STRETCHES) + 1)

    def _reopened(self, node: Node) -> Node:
        free = [i for i in self.needed if self.system.observers[i].arbitrary_start]
        if not free:
            return node
        return self._opened(node, self.choice.choice(free))

    def _opened(self, node: Node, number: int) -> Node:
        ghosts = list(node.ghosts)
        ghosts[number] = self.specification.open(number, node.state)
        opened = Node(node.state, tuple(ghosts), node, Opening(number), node.length)
        self._look_at_state(opened, None, 0, opened.state, opened.ghosts)
        return opened

    def _stretch(
        self, start: Node, event: Any, most: int, changes: int | None, target: Target | None = None
    ) -> Node | None:
        """Send an event ``most`` times, or until the cell changed ``changes`` times, or the target was crossed."""
        state, ghosts = start.state, start.ghosts
        cell = self.abstraction.cell(start.sources())
        node = start
        fresh = not start.tried
        distances = [] if target is None else [abs(self.abstraction.values(start.sources())[target.boundary])]
        for count in range(1, most + 1):
            if self.used >= self.budget and count > 1:
                break
            self.used += 1
            step = self._take(start, event, count, state, ghosts)
            if step is None:
                break
            taken, after = step
            self._probe_once(node, event, taken, fresh)
            if mode_of(taken.after) is not mode_of(taken.before):
                context = self.abstraction.discrete((taken.before,))
                self.entering[mode_of(taken.after)][context, type(event)] = None
            if taken.after == state and after == ghosts:
                break
            state, ghosts = taken.after, after
            node = Node(state, ghosts, start, Stretch(event, count), start.length + count)
            now = self.abstraction.cell(node.sources())
            if now != cell:
                cell = now
                fresh = self.archive.keep(node, cell)
                if changes is not None and (changes := changes - 1) == 0:
                    break
                if target is not None and not self._still_comes_near(target, node, distances):
                    break
        if node is start:
            return None
        self.archive.measure(node)
        values = self.abstraction.values
        self.archive.helped(
            values(start.sources()), values(node.sources()), event, node.length - start.length
        )
        return node

    def _take(
        self, start: Node, event: Any, count: int, state: Any, ghosts: Ghosts
    ) -> tuple[Taken, Ghosts] | None:
        """Send an event for the ``count``-th time after ``start``, and note what the step shows."""
        try:
            taken = self.stepper.step(state, event)
            facts = self.specification.facts(taken, ghosts)
            after = self.specification.advance(facts, type(event), ghosts, self.needed)
            self._look(start, event, count, taken, facts, after)
        except CAN_RAISE as error:
            self._raised(start, event, count, state, error)
            return None
        return taken, after

    def _still_comes_near(self, target: Target, node: Node, distances: list[int]) -> bool:
        """The boundary was not crossed, and its distance did not grow since the last look."""
        value = self.abstraction.values(node.sources())[target.boundary]
        distances.append(abs(value))
        return (value > 0) - (value < 0) == target.side and distances[-1] <= distances[-2]

    def _look(
        self, start: Node, event: Any, count: int, taken: Taken, facts: tuple[Any, ...], after: Ghosts
    ) -> None:
        """Note every open goal that this step shows."""
        known_before = len(self.found)
        if self.open.arrows:
            name = self.open.arrows.pop(arrow_key(taken), None)
            if name is not None:
                self._note(ARROW, name, start, event, count)
        kind = type(event)
        if self.open.step_witnesses[kind]:
            for one in [one for one in self.open.step_witnesses[kind] if shown(one, facts)]:
                self._note(WITNESS, one.property.id, start, event, count)
                for known in self.open.step_witnesses.values():
                    if one in known:
                        known.remove(one)
        for one in [one for one in self.open.step_claims[kind] if broken(one, facts)]:
            self._note(VIOLATION, one.property.id, start, event, count)
            for known in self.open.step_claims.values():
                if one in known:
                    known.remove(one)
        self._look_at_state(start, event, count, taken.after, after)
        if len(self.found) > known_before:
            still = list(self.open.properties())
            self.needed = self.specification.needed(still)
            self.decisive = {one: forms for one, forms in self.decisive.items() if one in still}

    def _look_at_state(self, start: Node, event: Any, count: int, state: Any, ghosts: Ghosts) -> None:
        if not self.open.state_witnesses and not self.open.state_claims:
            return
        facts = self.specification.facts_of_state(state, ghosts)
        for kind, known, shows in (
            (WITNESS, self.open.state_witnesses, shown),
            (VIOLATION, self.open.state_claims, broken),
        ):
            for one in [one for one in known if shows(one, facts)]:
                self._note(kind, one.property.id, start, event, count)
                known.remove(one)

    def _note(self, kind: str, name: str, start: Node, event: Any, count: int) -> None:
        last = (Stretch(event, count),) if count else ()
        self.found.append(Found(kind, name, (*start.script(), *last)))
        self.open.awaited.discard(f"{kind} {name}")
        self.last_news = self.used

    def _raised(self, start: Node, event: Any, count: int, state: Any, error: Exception) -> None:
        name = raised_name(event, state, error)
        if all(one.name != name for one in self.found):
            self._note(RAISED, name, start, event, count)

    def _probe_once(self, node: Node, event: Any, taken: Taken, fresh: bool) -> None:
        """Run the functions of a step on probes: for each kind of step once, and in situations of a new cell."""
        key = (arrow_key(taken), mode_of(taken.before), taken.outputs.refusal, mode_of(taken.after))
        if key in self._kinds and not (fresh and self._probings < _MOST_PROBINGS):
            return
        self._kinds[key] = None
        self._probings += 1
        self.used += _COST_OF_PROBING
        self._probe(node, event)

    def _probe(self, node: Node, event: Any) -> None:
        kind = type(event)

        noted: dict[Form, None] = {}

        def note(form: Form) -> None:
            noted[form] = None
            if any(leaf[0] == EVENT for leaf, _ in form.multiples):
                self.payloads.add(kind, form)
            else:
                self.abstraction.add(form)

        state = probed(node.state, 0, note)
        ghosts = tuple(
            None if ghost is None else probed(ghost, _FIRST_GHOST + i, note)
            for i, ghost in enumerate(node.ghosts)
        )
        taken = self.stepper.step(state, probed(event, EVENT, note))
        facts = self.specification.facts(taken, ghosts)
        after = self.specification.advance(facts, kind, ghosts, self.needed)
        facts_of_state = self.specification.facts_of_state(taken.after, after)
        for one in self.open.properties():
            if one.of_step() and one.event not in (None, kind):
                continue
            noted.clear()
            situation = facts if one.of_step() else facts_of_state
            if one.when is None or one.when(situation):
                one.claim(situation)
                if one.witness is not None:
                    one.witness(situation)
            for form in noted:
                if len(form.multiples) == 1 and form.multiples[0][0][0] != EVENT:
                    self.decisive.setdefault(one, {})[form] = None
