"""The status of every requirement, computed from what properties and tests say of themselves; never typed by hand."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import assert_never

from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.kernel.requirements import Clause, Handler, Requirement


class Status(Enum):
    """What is shown of a clause or a requirement, the weakest first."""

    OPEN = "open"
    OUTSIDE = "out of software scope"
    HARDWARE = "hardware"
    TESTED = "tested"
    PROVED = "proved"


_RANK = {status: rank for rank, status in enumerate(Status)}


@dataclass(frozen=True)
class ClauseStatus:
    """``by`` are the properties or tests that show the clause, who has to see to it, or what it waits for."""

    clause: Clause
    status: Status
    by: tuple[str, ...]


@dataclass(frozen=True)
class RequirementStatus:
    """A requirement is what the weakest of its clauses is."""

    requirement: Requirement
    clauses: tuple[ClauseStatus, ...]

    @property
    def status(self) -> Status:
        """The weakest status of the clauses."""
        return min((one.status for one in self.clauses), key=_RANK.__getitem__)


def statuses(
    requirements: Iterable[Requirement],
    properties: Collection[Property],
    violated: Collection[str] | None = None,
    proved: Collection[str] | None = None,
    elsewhere: Mapping[str, Collection[Property]] = MappingProxyType({}),
) -> tuple[RequirementStatus, ...]:
    """The status of each requirement.

    ``violated`` are the clauses for which a violating behaviour is recorded: without one, none counts as proved. A
    system without a risk management file has none to give, which is None. ``proved`` are the properties with the
    verdict proved in a record; None takes every property of the system for proved, as ``pumpproof verify`` finds.
    ``elsewhere`` are the properties of the other systems that clauses name, by their addresses; a record of this system
    says nothing about them.
    """
    links: dict[tuple[str, str], list[str]] = {}
    for system, those in {"": properties, **elsewhere}.items():
        for known in those:
            shown = f"{known.id} of {system}" if system else known.id
            for link in known.links:
                links.setdefault((system, link), []).append(shown)
    return tuple(
        RequirementStatus(
            requirement,
            tuple(
                _status(clause, links.get((clause.system, clause.id), ()), violated, proved)
                for clause in requirement.parts
            ),
        )
        for requirement in requirements
    )


def _status(
    clause: Clause,
    formalized_by: Collection[str],
    violated: Collection[str] | None,
    proved: Collection[str] | None,
) -> ClauseStatus:
    if clause.outside is not None:
        return ClauseStatus(clause, _handled(clause.outside.handler), (clause.outside.owner,))
    if clause.awaits:
        return ClauseStatus(clause, Status.OPEN, (f"awaits {clause.awaits}",))
    if clause.tests:
        return ClauseStatus(clause, Status.TESTED, clause.tests)
    if not formalized_by:
        return ClauseStatus(clause, Status.OPEN, ("no property and no test says it",))
    if violated is not None and clause.id not in violated:
        return ClauseStatus(clause, Status.OPEN, ("no violating behaviour is recorded",))
    missing = tuple(known for known in formalized_by if proved is not None and known not in proved)
    if missing:
        return ClauseStatus(clause, Status.OPEN, tuple(f"{known} is not proved" for known in missing))
    return ClauseStatus(clause, Status.PROVED, tuple(formalized_by))


def _handled(handler: Handler) -> Status:
    match handler:
        case Handler.HARDWARE:
            return Status.HARDWARE
        case Handler.OUTSIDE:
            return Status.OUTSIDE
        case _:
            assert_never(handler)
