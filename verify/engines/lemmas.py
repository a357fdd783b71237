"""Lemmas as source text: found by an engine, printed, read back, proved equal, and proved as they would be pasted."""

import importlib.util
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import wrap

from pumpproof.spec.kernel.properties import Kind, Property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import Budget, Engine, Proved, Question
from pumpproof.verify.engines.houdini import Houdini
from pumpproof.verify.engines.induction import Induction
from pumpproof.verify.engines.needed import NotShown, needed
from pumpproof.verify.engines.source_text import NotInSubset, SourceText
from pumpproof.verify.engines.spacer import Spacer
from pumpproof.verify.judge import ToolFault, rests_on
from pumpproof.verify.language.formula import to_text
from pumpproof.verify.logic.smt import Answer, Solver
from pumpproof.verify.logic.terms import Term, all_of, equal, negate
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.symbolic import SymbolicSystem

DISCOVERERS: tuple[Engine, ...] = (Houdini(), Spacer())
"""Engines that find invariants, in the order in which they are asked."""

_FIRST_NUMBER = 901
_FILE = "proposed_lemmas"
_WIDTH = 90


@dataclass(frozen=True)
class Proposal:
    """Lemmas with which a property is proved.

    ``text`` declares the new ones, imports included, ready to paste, and is empty where those of the system will do;
    ``lemmas`` are their ids; ``uses`` is what the property has to name. ``found_by`` is the engine.
    """

    property_id: str
    found_by: str
    text: str
    lemmas: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True)
class NoProposal:
    """Nothing was found for a property; why, for each engine that was asked."""

    property_id: str
    reasons: tuple[str, ...]


def find_lemmas(
    system: System,
    identifier: str,
    budget: Budget | None = None,
    engines: Sequence[Engine] = DISCOVERERS,
    taken: Collection[str] = (),
) -> Proposal | NoProposal:
    """Lemmas with which induction proves a property, or why there are none. ``taken`` are ids not to be given.

    Raises:
        ToolFault: a printed lemma does not say what was proved, or is not proved when it is read back.
    """
    asked = Question(Obligations(SymbolicSystem(system)), system.property_named(identifier))
    reasons: list[str] = []
    if isinstance(Induction().attempt(asked, budget or Budget()), Proved):
        return NoProposal(
            identifier, ("induction: it needs none; what it rests on is not proved, or has no witness",)
        )
    for engine in engines:
        found = engine.attempt(asked, budget or Budget())
        if not isinstance(found, Proved):
            reasons.append(f"{engine.name}: {getattr(found, 'reason', 'it looks for no invariant')}")
            continue
        try:
            return _Writer(asked, found, budget or Budget(), taken).proposal()
        except (NotInSubset, NotShown) as error:
            reasons.append(f"{engine.name}: what it found can not be written as a lemma: {error}")
    return NoProposal(identifier, tuple(reasons))


def extended(system: System, proposal: Proposal, lemmas: Sequence[Property]) -> System:
    """The system with the lemmas that a proposal declares, and the property that names them."""
    known = tuple(
        replace(one, uses=proposal.uses) if one.id == proposal.property_id else one
        for one in system.properties
    )
    return replace(system, properties=(*known, *lemmas))


class _Writer:
    def __init__(self, asked: Question, found: Proved, budget: Budget, taken: Collection[str]) -> None:
        self.taken = frozenset(taken)
        self.known, self.found, self.budget = asked.known, found, budget
        self.obligations = asked.obligations
        self.symbolic = asked.obligations.symbolic
        self.system = self.symbolic.system
        self.printer = SourceText(self.symbolic)
        of_property, needs = needed(asked, found.certificate.strengthening, budget.query)
        existing = {
            self.obligations.before(one.id): one.id
            for one in reversed(self.system.properties)
            if one.kind is Kind.INVARIANT
        }
        self.of_property, self.needs = of_property, needs
        self.new = [term for term in needs if term not in existing]
        self.ids = existing | dict(zip(self.new, self._free_ids(), strict=False))

    def _free_ids(self) -> Iterator[str]:
        area = self.known.id.split("-")[1]
        taken = self.taken | {one.id for one in self.system.properties}
        for number in range(_FIRST_NUMBER, 10_000):
            identifier = f"INV-{area}-{number}"
            if identifier not in taken:
                yield identifier

    def proposal(self) -> Proposal:
        """Print, read back, compare, prove.

        Raises:
            NotInSubset: a term has no text.
            NotShown: the lemmas rest on one of the system's own that is not proved.
            ToolFault: what is read back is not what was found.
        """
        uses = tuple(dict.fromkeys((*self.known.uses, *(self.ids[term] for term in self.of_property))))
        with TemporaryDirectory(prefix="pumpproof-lemmas-") as folder:
            draft = _read(Path(folder), f"{_FILE}_draft", self._text({})) if self.new else {}
            words = SymbolicSystem(self.system)
            text = self._text({name: _sentence(words, one) for name, one in draft.items()})
            read = _read(Path(folder), _FILE, text) if self.new else {}
            for term in self.new:
                self._require_equal(term, read[self.ids[term]])
            proposal = Proposal(self.known.id, self.found.method, text, tuple(read), uses)
            self._require_proved(extended(self.system, proposal, tuple(read.values())))
        return proposal

    def _text(self, sentences: Mapping[str, str]) -> str:
        declared = [
            self._declared(term, sentences.get(self.ids[term], "Not yet in words.")) for term in self.new
        ]
        classes = [one for term in self.new for one in self.printer.classes(term)]
        from_modules: dict[str, set[str]] = {"pumpproof.spec.kernel.properties": {"lemma"}}
        for one in classes:
            from_modules.setdefault(one.__module__, set()).add(one.__name__)
        imports = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(from_modules.items())
        ]
        return "\n\n".join(["\n".join(imports) + "\n", *declared]) if declared else ""

    def _declared(self, term: Term, sentence: str) -> str:
        uses = sorted({*self.known.uses, *(self.ids[one] for one in self.needs[term])} - {self.ids[term]})
        lines = ["@lemma(", f'    "{self.ids[term]}",', *_says(sentence)]
        if uses:
            named = ", ".join(f'"{one}"' for one in uses)
            lines.append(f"    uses=({named}{',' if len(uses) == 1 else ''}),")
        return self.printer.function(self._function_name(term), term, "\n".join((*lines, ")")))

    def _function_name(self, term: Term) -> str:
        return self.ids[term].lower().replace("-", "_").replace("inv_", "proposed_")

    def _sentence(self, one: Property) -> str:
        """What the claim says, in words and symbols, as a sentence."""
        said = to_text(self.symbolic.function(one.claim).body)
        return f"{' '.join(said.split())}."

    def _require_equal(self, term: Term, one: Property) -> None:
        """What was read back means what was found, in every well-typed state."""
        symbolic = SymbolicSystem(self.system)
        claim = symbolic.claim(one, state=symbolic.before)
        differs = negate(equal(all_of((claim.holds, *(demand.holds for demand in claim.demands))), term))
        if Solver(self.budget.query).check((symbolic.typed, differs)).answer is not Answer.UNSATISFIABLE:
            raise ToolFault(f"the text of a lemma for {self.known.id} does not say what was found: {term!r}")

    def _require_proved(self, system: System) -> None:
        """The property, the new lemmas and all that they rest on, as a verification will prove them."""
        symbolic = SymbolicSystem(system)
        obligations, prover = Obligations(symbolic), Prover(symbolic, NoCache(), self.budget.query)
        by_id = {one.id: one for one in system.properties}
        for identifier in (self.known.id, *rests_on(by_id[self.known.id], by_id)):
            if not prover.discharge(identifier, obligations.of_property(by_id[identifier])).proved:
                raise NotShown(f"{identifier} is not proved by what it names")


def _says(sentence: str) -> list[str]:
    """The sentence of a lemma as an argument, over several lines where it is long."""
    lines = [f'"{one}"' for one in wrap(sentence, _WIDTH, drop_whitespace=False, break_long_words=False)]
    if len(lines) == 1:
        return [f"    says={lines[0]},"]
    return ["    says=(", *(f"        {one}" for one in lines), "    ),"]


def _read(folder: Path, name: str, text: str) -> dict[str, Property]:
    """The lemmas that a text declares, by id, from a file as a user would have it; it stays loaded."""
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return {one.id: one for one in vars(module).values() if isinstance(one, Property)}


def _sentence(symbolic: SymbolicSystem, one: Property) -> str:
    """What a claim says, in words and symbols."""
    said = to_text(symbolic.function(one.claim).body)
    return f"{' '.join(said.split())}."
