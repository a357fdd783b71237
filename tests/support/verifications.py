"""Records of verifications of a small system, made by hand."""

from dataclasses import replace
from typing import Any

import bolus_pump
from bolus_pump import LIMITS, BolusRequested, Outputs, Pump, Tick

from pumpproof.spec.kernel.properties import step_property
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.verdicts import Situation, Tally, Verdict
from pumpproof.verify.record import (
    CheckResult,
    Counterexample,
    PropertyResult,
    RowResult,
    SecondTally,
    Verification,
)
from pumpproof.verify.search.run import Run


@step_property("INV-DOSE-002", says="No step drives a pulse.", formalizes=("REQ-BOLUS-001",))
def nothing_is_driven(outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


SYSTEM: System = replace(bolus_pump.SYSTEM, properties=(*bolus_pump.SYSTEM.properties, nothing_is_driven))
BREAKING = Run(LIMITS, ((BolusRequested(3), 1), (Tick(delivery_inhibited=True), 2), (Tick(), 1)))


def result(index: int = 0, verdict: Verdict = Verdict.PROVED, **more: Any) -> PropertyResult:
    """A result for one property of the small system."""
    return PropertyResult(
        property=SYSTEM.properties[index],
        verdict=verdict,
        strength="z3, cvc5",
        method="induction",
        reason="" if verdict is Verdict.PROVED else "because",
        rests_on=SYSTEM.properties[index].uses,
        tally=Tally(solved=3, unchanged=4, trivial=1, cached=2),
        witness=Run(LIMITS, ((BolusRequested(1), 1),)),
        seconds=0.25,
        **more,
    )


def refuted(*, shortest: bool = False) -> PropertyResult:
    """The one property that the small system breaks, with a run that breaks it."""
    return result(5, Verdict.REFUTED, counterexample=Counterexample(BREAKING, shortest, "guided search"))


def not_inductive() -> PropertyResult:
    """A property that a step from a state breaks that no run was found to reach."""
    window = bolus_pump.Window(age_s=3, delivered_pulses=4)
    ghosts = (("total", bolus_pump.Total(0)), ("window", window), ("mark", bolus_pump.Mark(0)))
    before = Pump(bolus_pump.Mode.DELIVERING, 2, 7)
    situation = Situation(
        "INV-DOSE-001: kept by a step: MDL-BOLUS-003", "MDL-BOLUS-003", LIMITS, before, Tick(), ghosts
    )
    return result(4, Verdict.UNKNOWN, situation=situation)


def verification(*properties: PropertyResult, **more: Any) -> Verification:
    """A record of the small system; all proved unless said otherwise."""
    given: dict[str, Any] = {
        "system": SYSTEM,
        "only": (),
        "profile_of_runs": "some valid limits",
        "properties": properties or (result(0), result(1)),
        "checks": (check(),),
        "rows": (row(),),
        "profiles": (),
        "requested": 28,
        "accounted": 28,
        "solver": "z3 0",
        "second_solver": "cvc5 1.4.2",
        "second_opinion": SecondTally(asked=12, discharged=12),
        "seconds": {"prove": 1.5},
    }
    return Verification(**{**given, **more})


def check(verdict: Verdict = Verdict.PROVED) -> CheckResult:
    """The check of the table."""
    return CheckResult(
        "table",
        "Exactly one row is enabled.",
        verdict,
        "",
        Tally(solved=6),
        strength="z3, cvc5",
        seconds=0.01,
    )


def row(*, reached: bool = True) -> RowResult:
    """The row that drives a pulse."""
    run_to_it = Run(LIMITS, ((BolusRequested(2), 1), (Tick(), 1))) if reached else None
    return RowResult("MDL-BOLUS-003", "MDL-BOLUS-003", "Tick", "One pulse a second.", run_to_it, "")
