"""A portfolio: engines by name in one fixed order, and what they say together of a property that induction leaves open.

The first engine of the order that decides is the one that is recorded, whatever the others would have said.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.engines.bounded import BoundedModelChecking
from pumpproof.verify.engines.engine import (
    Budget,
    Engine,
    Finding,
    Proved,
    ProvedBounded,
    Question,
    Refuted,
    TimedOut,
    Unknown,
)
from pumpproof.verify.engines.houdini import Houdini
from pumpproof.verify.engines.induction import Induction
from pumpproof.verify.engines.k_induction import KInduction
from pumpproof.verify.engines.spacer import Spacer
from pumpproof.verify.judge import Judgement
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import Obligations
from pumpproof.verify.proof.verdicts import Discharge, Verdict

PORTFOLIO = "portfolio"

ORDER: tuple[tuple[str, Engine], ...] = (
    ("induction", Induction()),
    ("k-induction", KInduction()),
    ("houdini", Houdini()),
    ("bounded", BoundedModelChecking()),
    ("spacer", Spacer()),
)
"""Every engine with its name on the command line; cheap ones first."""

NAMES = (*(name for name, _ in ORDER), PORTFOLIO)


def engines_named(name: str) -> tuple[Engine, ...]:
    """The engines to ask where induction leaves a property open: one, or all but induction in their order.

    Raises:
        KeyError: no engine has the name.
    """
    others = {known: engine for known, engine in ORDER if known != "induction"}
    if name == "induction":
        return ()
    return tuple(others.values()) if name == PORTFOLIO else (others[name],)


@dataclass(frozen=True)
class Attempt:
    """What the engines that were asked found, in their order, up to the first that decides."""

    findings: tuple[Finding, ...]

    @property
    def best(self) -> Finding:
        """A decision if there is one; else the longest bound, else a budget that ran out, else what is unknown."""
        ranks = (Proved | Refuted, ProvedBounded, TimedOut, Unknown)
        return next(one for rank in ranks for one in self.findings if isinstance(one, rank))

    @property
    def judgement(self) -> Judgement | None:
        """What may be said of a property that no engine decided; None where one did."""
        best = self.best
        reasons = "; ".join(_reason(one) for one in self.findings)
        match best:
            case Proved() | Refuted():
                return None
            case ProvedBounded():
                return Judgement(Verdict.PROVED_BOUNDED, reasons)
            case TimedOut():
                return Judgement(Verdict.TIMEOUT, reasons)
            case Unknown():
                return Judgement(Verdict.UNKNOWN, reasons)
            case _:
                assert_never(best)


def _reason(finding: Finding) -> str:
    match finding:
        case ProvedBounded():
            steps = "1 step" if finding.steps == 1 else f"{finding.steps} steps"
            return f"{finding.method}: no run of at most {steps} breaks it"
        case TimedOut() | Unknown():
            return f"{finding.method}: {finding.reason}"
        case Proved() | Refuted():
            return f"{finding.method}: decided"
        case _:
            assert_never(finding)


def attempt(engines: Sequence[Engine], question: Question, budget: Budget) -> Attempt:
    """Ask the engines in turn, until one decides.

    Raises:
        ReplayMismatch: the running machine does not do what the formulas say.
    """
    findings: list[Finding] = []
    for engine in engines:
        findings.append(engine.attempt(question, budget))
        if isinstance(findings[-1], Proved | Refuted):
            break
    return Attempt(tuple(findings))


Attempts = Mapping[str, Attempt]
"""By id, what the engines said of the properties that induction left open."""


def attempt_all(
    obligations: Obligations,
    properties: Iterable[Property],
    discharges: Mapping[str, Discharge],
    engines: Sequence[Engine],
    budget: Budget,
) -> Attempts:
    """Ask the engines, if there are any, about each property that is not discharged.

    Raises:
        ReplayMismatch: the running machine does not do what the formulas say.
    """
    left_open = (known for known in properties if engines and not discharges[known.id].proved)
    return {known.id: attempt(engines, Question(obligations, known), budget) for known in left_open}


def discharged_again(attempts: Attempts, prover: Prover) -> dict[str, Discharge]:
    """The certificates of what engines call proved, discharged like any other proof; only this counts."""
    return {
        identifier: prover.discharge(identifier, best.certificate.obligations)
        for identifier, one in attempts.items()
        if isinstance(best := one.best, Proved)
    }


def strengthenings(attempts: Attempts, proved: Collection[str]) -> dict[str, tuple[Term, ...]]:
    """The invariants that strengthen those of the properties that are proved."""
    return {
        identifier: best.certificate.strengthening
        for identifier, one in attempts.items()
        if identifier in proved and isinstance(best := one.best, Proved)
    }
