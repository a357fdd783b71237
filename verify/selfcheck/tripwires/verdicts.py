"""From findings to verdicts and exit codes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from pumpproof.verify.judge import (
    PROVED,
    Findings,
    Judgement,
    ToolFault,
    judge_check,
    judge_closure,
    judge_property,
    rests_on,
    upheld,
)
from pumpproof.verify.proof.obligations import Stage
from pumpproof.verify.proof.verdicts import Discharge, Failure, Situation, Tally, Verdict
from pumpproof.verify.record import Counterexample
from pumpproof.verify.results.exits import ExitCode, gravest
from pumpproof.verify.search.run import Run
from pumpproof.verify.selfcheck.systems import pump

_RUN = Run(None, ())
_BROKEN = Counterexample(_RUN, shortest=True, found_by="known")


def _discharge(requested: int = 1, *failures: Failure) -> Discharge:
    return Discharge("INV-BOLUS-101", requested, 1, Tally(solved=1), failures, 0.0)


def _failure(situation: Situation | None, reason: str) -> Failure:
    return Failure("INV-BOLUS-101: kept by a step: MDL-BOLUS-003", Stage.STEP, situation, reason)


_SITUATION = Situation("INV-BOLUS-101: kept by a step", "MDL-BOLUS-003", None, None, None, ())
_FOUND = Findings(
    _discharge(),
    footing_is_proved=True,
    witness=_RUN,
    counterexample=None,
    true_of_any_system=False,
    situation_is_impossible=False,
)


def _accepted(action: Callable[[], object]) -> bool:
    try:
        action()
    except ToolFault:
        return False
    return True


def contradictions() -> Iterator[str]:
    """A run that contradicts a proof is a fault of the tool."""
    known = pump.bolus_is_covered
    if _accepted(lambda: judge_property(known, replace(_FOUND, counterexample=_BROKEN))):
        yield "a run that breaks a proved property"
    if _accepted(lambda: judge_property(known, replace(_FOUND, broken_by_witness=True))):
        yield "a witness that breaks a proved property"
    if _accepted(lambda: judge_check(_discharge(), ("a step",), code_is_proved=True)):
        yield "a step that raises where it was proved that none does"


def one_property() -> Iterator[str]:
    """Nothing but a complete proof with a witness is proved."""
    open_step = _discharge(2, _failure(_SITUATION, ""))
    undecided = _discharge(2, _failure(None, "(incomplete)"))
    exhausted = _discharge(2, _failure(None, "max. resource limit exceeded"))
    expected: tuple[tuple[dict[str, Any], Verdict], ...] = (
        ({}, Verdict.PROVED),
        ({"discharge": _discharge(2)}, Verdict.ERROR),
        ({"discharge": open_step}, Verdict.UNKNOWN),
        ({"discharge": undecided}, Verdict.UNKNOWN),
        ({"discharge": exhausted}, Verdict.TIMEOUT),
        ({"discharge": open_step, "counterexample": _BROKEN}, Verdict.REFUTED),
        ({"footing_is_proved": False, "counterexample": _BROKEN}, Verdict.REFUTED),
        ({"true_of_any_system": True}, Verdict.VACUOUS),
        ({"witness": None, "situation_is_impossible": True}, Verdict.VACUOUS),
        ({"witness": None}, Verdict.UNKNOWN),
    )
    for changes, verdict in expected:
        said = judge_property(pump.bolus_is_covered, replace(_FOUND, **changes)).verdict
        if said is not verdict:
            yield f"{', '.join(changes) or 'a complete proof'} is {said.value}, not {verdict.value}"
    if judge_check(_discharge(2), (), code_is_proved=True).verdict is not Verdict.ERROR:
        yield "a check of which an obligation is not accounted for"
    if judge_check(_discharge(2), ("a step",), code_is_proved=False).verdict is not Verdict.REFUTED:
        yield "a check that a run of the machine fails"


def closures() -> Iterator[str]:
    """A proof is worth what it rests on."""
    unknown = Judgement(Verdict.UNKNOWN)
    foundations: Mapping[str, tuple[str, ...]] = {"A": (), "B": ("A",), "C": ("A", "B"), "D": ()}
    alone = {"A": unknown, "B": PROVED, "C": PROVED, "D": PROVED}
    final = judge_closure(alone, foundations, {"table": PROVED})
    if [final[name].verdict for name in "ABCD"] != [Verdict.UNKNOWN] * 3 + [Verdict.PROVED]:
        yield "a proof that rests on a lemma that is not proved"
    shaken = judge_closure(dict.fromkeys("ABCD", PROVED), foundations, {"table": unknown})
    if any(one == PROVED for one in shaken.values()):
        yield "a proof that rests on a check that is not proved"
    properties = pump.SYSTEM.properties
    by_id = {one.id: one for one in properties}
    if rests_on(pump.never_more_than_asked, by_id) != ("INV-BOLUS-101", "INV-BOLUS-102"):
        yield "a lemma that a property uses"
    chain = [
        replace(pump.bolus_is_covered, id=name)
        for name in ("INV-BOLUS-901", "INV-BOLUS-902", "INV-BOLUS-903")
    ]
    linked = [one if i == 0 else replace(one, uses=(chain[i - 1].id,)) for i, one in enumerate(chain)]
    discharges = {one.id: _discharge(2 if one is linked[0] else 1) for one in linked}
    if upheld(linked, discharges):
        yield "a lemma two steps away that is not discharged"


def exit_codes() -> Iterator[str]:
    """The gravest finding decides the exit code."""
    order = (
        ExitCode.FAULT,
        ExitCode.INPUT,
        ExitCode.REFUTED,
        ExitCode.UNDECIDED,
        ExitCode.GATE,
        ExitCode.PROVED,
    )
    if tuple(map(int, order)) != (5, 4, 1, 2, 3, 0):
        yield "an exit code with another number"
    for (i, one), (j, other) in product(enumerate(order), repeat=2):
        if gravest((one, other)) is not order[min(i, j)]:
            yield f"{one.name} with {other.name}"


VERDICTS = (contradictions, one_property, closures, exit_codes)
