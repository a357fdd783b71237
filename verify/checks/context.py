"""What the checks of a specification ask of, and how an answer becomes a row of the record."""

import linecache
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from pumpproof.statemachine.kernel.machine import Taken
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.language.tree import Span
from pumpproof.verify.logic.smt import Answer, Reply
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.satisfiability import Scope
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge, Tally, Verdict
from pumpproof.verify.record import CheckResult, Finding


@dataclass(frozen=True)
class Context:
    """A system with what was found of it so far. ``last_steps`` has the last step of a run that reaches an arrow."""

    obligations: Obligations
    prover: Prover
    discharges: Mapping[str, Discharge]
    last_steps: Mapping[str, Taken]

    @property
    def symbolic(self) -> SymbolicSystem:
        """The system in terms."""
        return self.obligations.symbolic

    @property
    def system(self) -> System:
        """The system itself."""
        return self.symbolic.system

    @cached_property
    def reachable(self) -> Scope:
        """Questions about the states that satisfy every invariant."""
        return Scope(self.prover, (*self.obligations.background, *self.obligations.every_invariant))

    @cached_property
    def any_state(self) -> Scope:
        """Questions about any state of the declared types, under valid limits."""
        return Scope(self.prover, self.obligations.background)

    @cached_property
    def has_limits(self) -> bool:
        """Some limits are valid."""
        return self.any_state.can_hold().answer is not Answer.UNSATISFIABLE

    @cached_property
    def has_states(self) -> bool:
        """Some state satisfies the invariants; otherwise every question about such states has an empty answer."""
        return self.reachable.can_hold().answer is not Answer.UNSATISFIABLE

    def place(self, function: Callable[..., object]) -> str:
        """File and line of a function."""
        return str(self.symbolic.function(function).span)


class Rows:
    """Collects what a check finds; ``result`` is its row.

    Every element that was looked at counts, so that a check that looks at nothing is seen to have done so.
    """

    def __init__(self, name: str, says: str) -> None:
        self._name, self._says = name, says
        self._started = time.perf_counter()
        self._sound = 0
        self._findings: list[Finding] = []
        self._undecided: list[Finding] = []

    def sound(self, count: int = 1) -> None:
        """So many elements are as they should be."""
        self._sound += count

    def found(self, element: str, where: str, says: str) -> None:
        """An element is not as it should be."""
        self._findings.append(Finding(element, where, says))

    def undecided(self, element: str, where: str, says: str) -> None:
        """Of an element nothing is known."""
        self._undecided.append(Finding(element, where, says))

    def must_hold(self, reply: Reply, element: str, where: str, says: str) -> None:
        """Note an element that has to be satisfiable; ``says`` what it means if it is not."""
        if reply.answer is Answer.SATISFIABLE:
            self.sound()
        elif reply.answer is Answer.UNSATISFIABLE:
            self.found(element, where, says)
        else:
            self.undecided(element, where, f"the solver does not know ({reply.reason}) whether {says}")

    def skipped(self) -> CheckResult:
        """The row of a check that asks about states where no state satisfies the invariants."""
        why = "no limits and state satisfy the conditions and the invariants, so that nothing can be asked of them"
        return CheckResult(self._name, self._says, Verdict.SKIPPED, why, Tally())

    def result(self) -> CheckResult:
        """The row: ``vacuous`` if anything was found, ``unknown`` if anything is undecided, else proved."""
        undecided = Verdict.UNKNOWN if self._undecided else Verdict.PROVED
        verdict = Verdict.VACUOUS if self._findings else undecided
        findings = (*self._findings, *self._undecided)
        return CheckResult(
            self._name,
            self._says,
            verdict,
            "; ".join(map(str, findings)),
            Tally(),
            examined=self._sound + len(findings),
            findings=findings,
            seconds=time.perf_counter() - self._started,
        )


def source_of(span: Span) -> str:
    """The text of a node that stands on one line; empty if it spans several."""
    if span.end_line != span.line:
        return ""
    line = linecache.getline(span.file, span.line).encode()
    return line[span.column : span.end_column].decode(errors="replace")
