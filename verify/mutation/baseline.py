"""The unchanged system, verified and held ready: every attempt on a mutant begins from it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.checks.independence import called, judges, shared_functions
from pumpproof.verify.judge import rests_on
from pumpproof.verify.language import tree
from pumpproof.verify.language.types import RecordType, plain_fields
from pumpproof.verify.language.walk import nodes
from pumpproof.verify.logic.smt import Solver, Z3Terms
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.logic.values import Value, known, leaves
from pumpproof.verify.mutation.operators import unit_of
from pumpproof.verify.mutation.trails import Trails, record
from pumpproof.verify.proof.elements import fields_of
from pumpproof.verify.proof.induction import RESOURCE_LIMIT
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import Arrow, Outcome, SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification

_HOLDS_AND_ALARMS = frozenset(("hold", "holds", "alarm", "alarms"))


class SharedFunction(ValueError):
    """A property calls a function that a row calls: a fault in it would change the row and its judge alike."""


@dataclass(frozen=True)
class Baseline:
    """The unchanged system. ``proved`` are its properties and checks whose verdict is so, and nothing else counts.

    ``solver`` is warm and assumes nothing; ``knowing`` assumes types, valid limits and every proved invariant.
    ``questions`` are the obligations of table and code, ``counts`` the fields of the state that count for safety.
    """

    system: System
    symbolic: SymbolicSystem
    obligations: Obligations
    proved: frozenset[str]
    solver: Solver
    knowing: Solver
    trails: Trails
    questions: frozenset[tuple[tuple[Term, ...], Term]]
    counts: tuple[str, ...]

    @property
    def properties(self) -> tuple[Property, ...]:
        """The properties that were proved, in the order of the system."""
        return tuple(one for one in self.system.properties if one.id in self.proved)

    def resting_on(self, broken: frozenset[str]) -> Iterator[Property]:
        """The proved properties that are broken, or that rest on one that is."""
        by_id = {one.id: one for one in self.system.properties}
        for one in self.properties:
            if one.id in broken or not broken.isdisjoint(rests_on(one, by_id)):
                yield one


def baseline_of(system: System, verified: Verification) -> Baseline:
    """Hold ready what a verification of the whole system found.

    Raises:
        SharedFunction: a property and a row use the same function.
    """
    symbolic = SymbolicSystem(system)
    shared = shared_functions(symbolic)
    if shared:
        raise SharedFunction(
            "\n".join(
                f"{function.span}: {function.name} is called by {judge} and by {row}: a fault in it would "
                "change the row and its judge alike; give the specification words of its own"
                for function, judge, row in shared
            )
        )
    obligations = Obligations(symbolic)
    obligations.prepare()
    proved = frozenset(
        (
            *(one.property.id for one in verified.properties if one.verdict is Verdict.PROVED),
            *(check.name for check in verified.checks if check.verdict is Verdict.PROVED),
        )
    )
    obligations = obligations.relying_on(
        {one.id for one in system.properties if one.kind is Kind.INVARIANT and one.id in proved}
    )
    terms = Z3Terms()
    solver, knowing = Solver(RESOURCE_LIMIT, terms), Solver(RESOURCE_LIMIT, terms)
    knowing.push((*obligations.background, *obligations.every_invariant))
    questions = frozenset(
        (one.hypotheses, one.goal) for one in (*obligations.of_table(), *obligations.of_code())
    )
    runs = [row.reached for row in verified.rows] + [one.witness for one in verified.properties]
    trails = record(system, dict.fromkeys(run for run in runs if run is not None))
    return Baseline(
        system, symbolic, obligations, proved, solver, knowing, trails, questions, fields_that_count(symbolic)
    )


def writes_of(
    symbolic: SymbolicSystem, arrows: Iterable[Arrow], counts: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """What arrows write of the outputs and of these fields of the state, as (id of the row, name).

    A recorded refusal is no output.
    """
    empty = known(symbolic.outputs_type, symbolic.system.outputs())
    for arrow in arrows:
        if arrow.outcome in (Outcome.TAKEN, Outcome.ACCEPTED):
            outputs = (path for path in written(empty, arrow.outputs) if path != "refusal")
            state = (path for path in written(symbolic.before, arrow.after) if path in counts)
            for path in (*outputs, *state):
                yield arrow.entry.id, path


def written(old: Value, new: Value) -> Iterator[str]:
    """The paths of the fields that differ."""
    for (path, was), (_, becomes) in zip(fields_of("", old), fields_of("", new), strict=True):
        if any(one is not other for one, other in zip(leaves(was), leaves(becomes), strict=True)):
            yield path


def fields_that_count(symbolic: SymbolicSystem) -> tuple[str, ...]:
    """Fields of the state that count for safety: those that properties of requirements read, whatever their names,
    among them the ledgers of what was delivered; and holds and alarms, by their names, also where nothing reads them.

    A field of a record in the state is named by its path, such as ``holds.user``.
    """
    read = _fields_read(symbolic)
    return tuple(
        one.path
        for one in plain_fields(symbolic.state_type)
        if (one.owner, one.name) in read
        or not _HOLDS_AND_ALARMS.isdisjoint(map(unit_of, one.path.split(".")))
    )


def _fields_read(symbolic: SymbolicSystem) -> frozenset[tuple[type, str]]:
    """Fields of records that properties of requirements read, themselves or through their observers.

    A record in the state that is compared as a whole is read in all its fields.
    """
    system = symbolic.system
    roots: list[Callable[..., Any]] = []
    for one in system.properties:
        if one.formalizes:
            spoken_of = symbolic.binding(one).ghosts
            own = {one.id, *(f"observer {symbolic.observer(record).name}" for record in spoken_of)}
            roots += [root for name, functions in judges(system) if name in own for root in functions]
    read: set[tuple[type, str]] = set()
    for function in dict.fromkeys(called(symbolic, tuple(dict.fromkeys(roots)))):
        for node in nodes(function.body):
            if isinstance(node, tree.FieldOf) and isinstance(node.record.type, RecordType):
                read.add((node.record.type.record, node.name))
            elif isinstance(node, tree.Compare) and isinstance(compared := node.left.type, RecordType):
                if compared != symbolic.state_type:
                    read.update((one.owner, one.name) for one in plain_fields(compared))
    return frozenset(read)
