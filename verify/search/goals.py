"""What a search looks for, and what of it is still open."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.search.replay import ArrowKey, arrow_names
from pumpproof.verify.search.shorten import ARROW, VIOLATION, WITNESS, Found
from pumpproof.verify.search.stepper import Specification, Watched


@dataclass(frozen=True)
class Goals:
    """What to look for: arrows by name, witnesses and violations by property id.

    The search ends when all arrows, witnesses and violations asked for were found. Violations of ``watched``
    properties are reported when met, but not waited for.
    """

    arrows: tuple[str, ...] = ()
    witnesses: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()


def every_goal(system: System) -> Goals:
    """Every arrow, and a witness of every property."""
    return Goals(tuple(arrow_names(system).values()), tuple(known.id for known in system.properties))


@dataclass
class OpenGoals:
    """The goals that are still open, arranged for a quick look in every step."""

    arrows: dict[ArrowKey, str]
    step_witnesses: dict[type, list[Watched]]
    state_witnesses: list[Watched]
    step_claims: dict[type, list[Watched]]
    state_claims: list[Watched]
    awaited: set[str] = field(default_factory=set)
    order: tuple[tuple[str, str], ...] = ()

    def close(self, shown: Sequence[Found]) -> None:
        """Look no longer for what was shown."""
        for one in shown:
            self.awaited.discard(f"{one.kind} {one.name}")
        arrows = {one.name for one in shown if one.kind == ARROW}
        witnesses = {one.name for one in shown if one.kind == WITNESS}
        self.arrows = {key: name for key, name in self.arrows.items() if name not in arrows}
        for known in (*self.step_witnesses.values(), self.state_witnesses):
            known[:] = [one for one in known if one.property.id not in witnesses]

    def awaits(self, kind: str, name: str) -> bool:
        """Say whether this goal is waited for."""
        return f"{kind} {name}" in self.awaited

    def names(self) -> list[tuple[str, str]]:
        """Kind and name of each goal that is waited for, in the order in which they were given."""
        return [(kind, name) for kind, name in self.order if self.awaits(kind, name)]

    def properties(self) -> Iterator[Watched]:
        """Every property that is still looked at."""
        for known in (*self.step_witnesses.values(), *self.step_claims.values()):
            yield from known
        yield from self.state_witnesses
        yield from self.state_claims


def open_goals(system: System, specification: Specification, goals: Goals) -> OpenGoals:
    """All goals, before anything was found.

    Raises:
        KeyError: no property has one of the ids.
    """
    watched = specification.watched
    claims = [watched[name] for name in dict.fromkeys((*goals.violations, *goals.watched))]
    witnesses = [watched[name] for name in goals.witnesses]

    def of_steps(known: list[Watched]) -> dict[type, list[Watched]]:
        return {
            event: [one for one in known if one.of_step() and one.event in (None, event)]
            for event in system.events
        }

    wanted = set(goals.arrows)
    return OpenGoals(
        {key: name for key, name in arrow_names(system).items() if name in wanted},
        of_steps(witnesses),
        [one for one in witnesses if not one.of_step()],
        of_steps(claims),
        [one for one in claims if not one.of_step()],
        {
            *(f"arrow {name}" for name in goals.arrows),
            *(f"witness {name}" for name in goals.witnesses),
            *(f"violation {name}" for name in goals.violations),
        },
        (
            *((ARROW, name) for name in goals.arrows),
            *((WITNESS, name) for name in goals.witnesses),
            *((VIOLATION, name) for name in goals.violations),
        ),
    )
