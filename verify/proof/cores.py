"""Cores: for each obligation a minimal set of parts that proves it, by trying to do without one after the other.

Whether what is left still proves the goal does not depend on how a solver finds it out, and the parts are tried in a
fixed order. So the core is the same for any process, order of work and state of a solver; where a budget runs out, the
whole obligation is asked again of a fresh solver. Only one of several minimal cores is found.

An obligation whose goal the step leaves unchanged, or that is true whatever the effect writes, needs nothing, and has
no core. One that is seen to be true once the effect is put in needs that part of the effect, as any other does.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pumpproof.verify.files import write_whole
from pumpproof.verify.logic import smt, terms
from pumpproof.verify.logic.smt import SOLVER, Answer, Solver, Z3Terms
from pumpproof.verify.logic.terms import TRUE, Term, implies, negate, variable
from pumpproof.verify.proof.elements import Element
from pumpproof.verify.proof.obligations import Obligation
from pumpproof.verify.proof.parts import Parted, Parts

RESOURCE_LIMIT = 5_000_000
"""z3 resource count for one question of a minimisation."""

_MOST = 50_000
"""With more cores than these, a file is begun anew with those of the latest run."""


class CoreNotProved(RuntimeError):
    """The parts of a core do not prove their obligation: a fault of the tool."""


@dataclass(frozen=True)
class Found:
    """The positions of the parts of an obligation that prove it; minimal if none of them can be left out."""

    positions: tuple[int, ...]
    minimal: bool


@dataclass(frozen=True)
class SubjectCores:
    """The cores of all obligations of one subject that need anything, put together.

    ``elements`` are in no particular order; ``undecided`` names the obligations of which no core was found.
    """

    subject: str
    obligations: int
    elements: frozenset[Element]
    minimal: bool
    undecided: tuple[str, ...]


class CoreMemory:
    """Cores that an earlier run found, by the content of the obligation; without a path it remembers this run only."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._known = {} if path is None else _read(path)
        self.found: dict[str, Found] = {}

    def recall(self, key: str, most: int) -> Found | None:
        """The core of an obligation that has ``most`` parts."""
        if key in self.found:
            return self.found[key]
        known = self._known.get(key)
        if known is not None and all(position < most for position in known.positions):
            self.found[key] = known
            return known
        return None

    def learn(self, found: dict[str, Found]) -> None:
        """Remember cores."""
        self.found |= found

    def save(self) -> None:
        """Write all that is known; nothing is written when nothing is new.

        Raises:
            OSError: the file can not be written; a file that was there stays as it was.
        """
        if self._path is None or self.found.keys() <= self._known.keys():
            return
        known = self._known | self.found
        kept = known if len(known) <= _MOST else self.found
        content = {key: [one.minimal, *one.positions] for key, one in sorted(kept.items())}
        write_whole(self._path, json.dumps(content, separators=(",", ":")))


def _read(path: Path) -> dict[str, Found]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # What is not there or can not be read is found again; whether it can be written is seen in `save`.
        return {}
    stored = content.items() if isinstance(content, dict) else ()
    return {key: Found(tuple(value[1:]), value[0]) for key, value in stored if _is_stored(value)}


def _is_stored(value: Any) -> bool:
    """A flag, and then positions that grow."""
    if not isinstance(value, list) or not value or type(value[0]) is not bool:
        return False
    positions = value[1:]
    return all(type(one) is int and one >= 0 for one in positions) and positions == sorted(set(positions))


class CoreSearch:
    """Finds cores with one warm solver, and checks each with another one."""

    def __init__(
        self, parts: Parts, memory: CoreMemory | None = None, resource_limit: int = RESOURCE_LIMIT
    ) -> None:
        self._parts = parts
        self.memory = memory or CoreMemory()
        self._limit = resource_limit
        self._salt = hashlib.sha256(f"{SOLVER} {resource_limit} ".encode() + _meaning()).digest()
        self._terms = Z3Terms()
        self._literals: dict[Term, Term] = {}
        self._solver = Solver(resource_limit, self._terms)

    def of_subject(self, subject: str, obligations: Iterable[Obligation]) -> SubjectCores:
        """The cores of the obligations of one subject, put together.

        Raises:
            CoreNotProved: a core alone does not prove its obligation.
            UnknownHypothesis, DifferentGoal: an obligation can not be taken apart.
        """
        elements: set[Element] = set()
        undecided: list[str] = []
        count, minimal = 0, True
        for obligation in obligations:
            if obligation.unchanged:
                continue
            parted = self._parts.of(obligation)
            if parted.goal is TRUE:
                continue
            count += 1
            key = self._key(parted)
            found = self.memory.recall(key, len(parted.parts)) or self.core(parted)
            if found is None:
                undecided.append(obligation.name)
                continue
            self.memory.learn({key: found})
            minimal = minimal and found.minimal
            elements |= {parted.parts[position].element for position in found.positions}
        return SubjectCores(subject, count, frozenset(elements), minimal, tuple(undecided))

    def _key(self, parted: Parted) -> str:
        digest = hashlib.sha256(self._salt)
        for term in (*parted.fixed, parted.goal, *(part.holds for part in parted.parts)):
            digest.update(term.digest)
        digest.update(f"{len(parted.fixed)}".encode())
        return digest.hexdigest()

    def core(self, parted: Parted) -> Found | None:
        """A core of an obligation; None if the solver does not prove it within the budget.

        Raises:
            CoreNotProved: the core alone does not prove the obligation.
        """
        found = self._minimised(parted, self._solver)
        if found is None or not found.minimal:
            found = self._minimised(parted, Solver(self._limit))
        if found is not None:
            self.check(parted, found)
        return found

    def _minimised(self, parted: Parted, solver: Solver) -> Found | None:
        literals = [self._literal(part.holds) for part in parted.parts]
        opened = [*parted.fixed, negate(parted.goal)]
        opened += [implies(one, part.holds) for one, part in zip(literals, parted.parts, strict=True)]
        solver.push(opened)
        try:
            kept = list(dict.fromkeys(literals))
            answer, needed = solver.check_assuming(kept)
            if answer is not Answer.UNSATISFIABLE:
                return None
            minimal = True
            for literal in tuple(kept):
                without = [one for one in kept if one is not literal]
                if literal in needed:
                    answer, core = solver.check_assuming(without)
                    minimal = minimal and answer is not Answer.UNKNOWN
                    if answer is not Answer.UNSATISFIABLE:
                        continue
                    needed = core
                kept = without
        finally:
            solver.pop()
        return Found(tuple(sorted(literals.index(one) for one in kept)), minimal)

    def _literal(self, term: Term) -> Term:
        """A variable that says that a part is used."""
        if term not in self._literals:
            self._literals[term] = variable(f"part {len(self._literals)}", "Bool")
        return self._literals[term]

    def check(self, parted: Parted, found: Found) -> None:
        """Ask another solver whether the core alone proves the obligation.

        Raises:
            CoreNotProved: it does not.
        """
        used = (parted.parts[position].holds for position in found.positions)
        reply = Solver(self._limit, self._terms).check((*parted.fixed, *used, negate(parted.goal)))
        if reply.answer is not Answer.UNSATISFIABLE:
            raise CoreNotProved(f"{parted.obligation.name}: its core does not prove it")


def _meaning() -> bytes:
    """What a term says to the solver, and how a core is made minimal, is part of what was found."""
    sources = (smt.__file__, terms.__file__, __file__)
    return b"".join(Path(source).read_bytes() for source in sources)
