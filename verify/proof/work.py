"""The work of a verification in units that any process with the same system can do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from pumpproof.spec.kernel.properties import Kind
from pumpproof.verify.proof.cores import CoreMemory, CoreSearch, Found, SubjectCores
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligation, Obligations
from pumpproof.verify.proof.parts import Parts
from pumpproof.verify.proof.verdicts import Discharge


class Task(Enum):
    """What to do with the obligations of a subject."""

    DISCHARGE = "discharge"
    CORES = "find cores"


@dataclass(frozen=True)
class Unit:
    """One piece of work: a task and a subject; the obligations of table and code rely on these invariants."""

    task: Task
    subject: str
    relied_on: tuple[str, ...]
    resource_limit: int


@dataclass(frozen=True)
class Product:
    """What came of a unit, with what a cache may learn from it."""

    unit: Unit
    found: Discharge | SubjectCores
    keys: frozenset[str]
    cores: dict[str, Found]


@dataclass
class Bench:
    """A system with what it takes to work on it; a process has one, and keeps its terms and solvers warm."""

    obligations: Obligations
    prover: Prover
    memory: CoreMemory = field(default_factory=CoreMemory)

    def unit(self, task: Task, subject: str) -> Unit:
        """A unit of work on this system."""
        relied_on = tuple(sorted(self.obligations.relied_on))
        return Unit(task, subject, relied_on, self.prover.resource_limit)

    def do(self, unit: Unit) -> Product:
        """Do a unit of work."""
        if self.obligations.relied_on != set(unit.relied_on):
            self.obligations = self.obligations.relying_on(frozenset(unit.relied_on))
        keys, known = self.prover.cache.used, set(self.memory.found)
        wanted = obligations_of(self.obligations, unit.subject)
        found: Discharge | SubjectCores
        match unit.task:
            case Task.DISCHARGE:
                found = self.prover.discharge(unit.subject, wanted)
            case Task.CORES:
                found = self._search.of_subject(unit.subject, wanted)
        cores = {key: self.memory.found[key] for key in self.memory.found.keys() - known}
        return Product(unit, found, self.prover.cache.used - keys, cores)

    @cached_property
    def _search(self) -> CoreSearch:
        return CoreSearch(Parts(self.obligations), self.memory)

    def effort(self, unit: Unit) -> int:
        """A guess at how long a unit takes, in no unit; it decides when the work is begun and nothing else."""
        if unit.subject in (TABLE, CODE):
            return 1_000
        symbolic = self.obligations.symbolic
        known = symbolic.system.property_named(unit.subject)
        lemmas = [self.obligations.before(one) for one in known.uses]
        if known.kind is Kind.INVARIANT:
            lemmas.append(self.obligations.before(known.id))
        return len(symbolic.arrows) + sum(len(term.variables) for term in lemmas) * len(lemmas)


def obligations_of(obligations: Obligations, subject: str) -> Iterable[Obligation]:
    """The obligations of a subject: the table, the code, or a property by its id."""
    if subject == TABLE:
        return obligations.of_table()
    if subject == CODE:
        return obligations.of_code()
    return obligations.of_property(obligations.symbolic.system.property_named(subject))
