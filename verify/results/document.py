"""``results.json``, version 1: the record of a verification as one JSON document.

The document is canonical: keys are sorted, and values are integers, strings, booleans, null, arrays and objects.
Whatever may differ between two runs that found the same stands in the one object ``volatile``.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.explaining.explanation import Explanation
from pumpproof.verify.explaining.words import told
from pumpproof.verify.proof.verdicts import Situation, Tally, Verdict
from pumpproof.verify.record import (
    NOT_YET,
    CheckResult,
    ProfileResult,
    PropertyResult,
    RowResult,
    Verification,
)
from pumpproof.verify.results.left_out import LeftOut
from pumpproof.verify.results.needs import core_of, unneeded_of
from pumpproof.verify.results.outcome import counts, exit_code, in_words
from pumpproof.verify.results.trace import Stretch, Trace, Traces
from pumpproof.verify.results.values import Change, as_json
from pumpproof.verify.search.run import Run

FORMAT = "pumpproof-results"
VERSION = 1

Json = dict[str, object]


@dataclass(frozen=True)
class Circumstances:
    """When and where a verification ran: ``started`` in ISO 8601 with its zone. It decides nothing."""

    started: str
    host: str
    platform: str
    python: str


def schema() -> Json:
    """The JSON Schema (draft 2020-12) of ``results.json``."""
    text = files("pumpproof.verify.results").joinpath("results.schema.json").read_text(encoding="utf-8")
    loaded: Json = json.loads(text)
    return loaded


def document(
    verification: Verification,
    traces: Traces,
    circumstances: Circumstances,
    tool_version: str,
    left_out: Sequence[LeftOut] = (),
    explanations: Mapping[str, Explanation] | None = None,
) -> Json:
    """The record as a document that satisfies ``schema``. ``left_out`` are profiles that were not asked for.

    ``explanations`` are those of failed properties, by id.
    """
    system = verification.system
    code = exit_code(verification)
    return {
        "format": FORMAT,
        "version": VERSION,
        "tool": {"name": "pumpproof", "version": tool_version},
        "system": {
            "name": system.name,
            "says": system.says,
            "modes": [mode.name for mode in system.mode],
            "events": [event.__name__ for event in system.events],
        },
        "requested": {
            "only": list(verification.only),
            "profiles": [result.profile.id for result in verification.profiles],
            "profiles_left_out": [{"id": one.id, "name": one.name, "why": one.why} for one in left_out],
            "pairs": verification.requested,
        },
        "accounted": {"pairs": verification.accounted},
        "profile_of_runs": verification.profile_of_runs,
        "solver": verification.solver,
        "second_solver": {
            "name": verification.second_solver,
            "asked": verification.second_opinion.asked,
            "discharged": verification.second_opinion.discharged,
        },
        "not_yet": list(NOT_YET),
        "assumptions": [
            {"id": one.id, "says": one.says, "where": where(one.holds)} for one in system.conditions
        ],
        "requirements": [
            {"id": one.id, "says": one.says, "source": one.source} for one in system.requirements
        ],
        "properties": [
            _property(result, traces)
            | {"core": core_of(verification.needs, result.property.id)}
            | {"explanation": _explanation(result.property, explanations or {})}
            for result in verification.properties
        ],
        "checks": [
            _check(result, traces) | {"core": core_of(verification.needs, result.name)}
            for result in verification.checks
        ],
        "unneeded": unneeded_of(verification.needs),
        "rows": [_row(result) for result in verification.rows],
        "profiles": [_profile(result) for result in verification.profiles],
        "counts": {
            "properties": _counts(tuple(result.verdict for result in verification.properties)),
            "checks": _counts(tuple(result.verdict for result in verification.checks)),
            "profiles": _counts(tuple(result.verdict for result in verification.profiles)),
            "rows": {
                "reached": sum(result.reached is not None for result in verification.rows),
                "not_reached": sum(result.reached is None for result in verification.rows),
            },
        },
        "outcome": {"exit_code": int(code), "says": in_words(verification)},
        "volatile": _volatile(verification, circumstances),
    }


def canonical(content: Json) -> str:
    """The text of a document; the same document always gives the same text."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def where(function: Callable[..., object]) -> Json:
    """Module, name and first line of a function."""
    code = getattr(function, "__code__", None)
    return {
        "module": function.__module__,
        "function": function.__qualname__,
        "line": 0 if code is None else code.co_firstlineno,
    }


def milliseconds(seconds: float) -> int:
    """A duration in whole milliseconds."""
    return round(seconds * 1000)


def _volatile(verification: Verification, circumstances: Circumstances) -> Json:
    judged = (
        *((result.property.id, result.tally.cached, result.seconds) for result in verification.properties),
        *((result.name, result.tally.cached, result.seconds) for result in verification.checks),
    )
    return {
        "started": circumstances.started,
        "host": circumstances.host,
        "platform": circumstances.platform,
        "python": circumstances.python,
        "incidents": list(verification.incidents),
        "phase_ms": {phase: milliseconds(taken) for phase, taken in verification.seconds.items()},
        "subject_ms": {subject: milliseconds(taken) for subject, _, taken in judged},
        "obligations_from_cache": {subject: cached for subject, cached, _ in judged},
        "second_solver_from_cache": verification.second_opinion.cached,
    }


def _property(result: PropertyResult, traces: Traces) -> Json:
    known: Property = result.property
    counterexample: Json | None = None
    if result.counterexample is not None:
        counterexample = {
            "run": _run(result.counterexample.run),
            "shortest": result.counterexample.shortest,
            "found_by": result.counterexample.found_by,
            "trace": _trace(traces.counterexamples[known.id]),
        }
    situation: Json | None = None
    if result.situation is not None:
        situation = _situation(result.situation, traces.situations.get(known.id))
    return {
        "id": known.id,
        "kind": known.kind.value,
        "role": known.role.value,
        "says": known.says,
        "formalizes": list(known.formalizes),
        "uses": list(known.uses),
        "rests_on": list(result.rests_on),
        "where": where(known.claim),
        "verdict": result.verdict.value,
        "strength": strength(result),
        "method": result.method,
        "strengthening": list(result.strengthening),
        "reason": result.reason,
        "obligations": _tally(result.tally),
        "witness": None if result.witness is None else _run(result.witness),
        "counterexample": counterexample,
        "situation": situation,
    }


def _explanation(known: Property, explanations: Mapping[str, Explanation]) -> list[Json]:
    found = explanations.get(known.id)
    parts = () if found is None else told(known, found)
    return [{"about": about, "lines": lines} for about, lines in parts]


def strength(result: PropertyResult | CheckResult) -> str:
    """Which solvers stand behind a verdict; empty where it is no proof."""
    return result.strength if result.verdict is Verdict.PROVED else ""


def _check(result: CheckResult, traces: Traces) -> Json:
    shown = traces.of_checks[result.name]
    return {
        "name": result.name,
        "says": result.says,
        "verdict": result.verdict.value,
        "strength": strength(result),
        "reason": result.reason,
        "obligations": _tally(result.tally),
        "examined": result.examined,
        "findings": [
            {"element": one.element, "where": one.where, "says": one.says} for one in result.findings
        ],
        "situations": [_situation(one, trace) for one, trace in zip(result.situations, shown, strict=True)],
    }


def _row(result: RowResult) -> Json:
    return {
        "name": result.name,
        "entry": result.entry_id,
        "event": result.event,
        "why": result.why,
        "reached": None if result.reached is None else _run(result.reached),
        "reason": result.reason,
    }


def _profile(result: ProfileResult) -> Json:
    return {
        "id": result.profile.id,
        "name": result.profile.name,
        "verdict": result.verdict.value,
        "reason": result.reason,
        "checks": [
            {
                "id": check.id,
                "says": check.says,
                "verdict": check.verdict.value,
                "read": {name: as_json(value) for name, value in check.read},
                "unknown_value": check.unknown_edge,
                "why": check.why,
            }
            for check in result.checks
        ],
    }


def _tally(tally: Tally) -> Json:
    return {
        "total": tally.total,
        "by_solver": tally.solved + tally.cached,
        "unchanged": tally.unchanged,
        "trivial": tally.trivial,
    }


def _counts(verdicts: tuple[Verdict, ...]) -> Json:
    return {verdict.value: number for verdict, number in counts(verdicts).items()}


def _run(run: Run) -> Json:
    return {
        "limits": as_json(run.limits),
        "parts": [{"event": as_json(event), "count": count} for event, count in run.parts],
        "steps": len(run),
    }


def _situation(situation: Situation, trace: Trace | None) -> Json:
    return {
        "obligation": situation.obligation,
        "entry": situation.entry,
        "limits": as_json(situation.limits),
        "before": as_json(situation.before),
        "event": None if situation.event is None else as_json(situation.event),
        "ghosts": {name: as_json(record) for name, record in situation.ghosts},
        "trace": None if trace is None else _trace(trace),
    }


def _trace(trace: Trace) -> Json:
    return {
        "start": as_json(trace.start),
        "stretches": [_stretch(stretch) for stretch in trace.stretches],
        "ghosts": {name: as_json(record) for name, record in trace.ghosts},
        "raised": trace.raised,
    }


def _stretch(stretch: Stretch) -> Json:
    return {
        "first": stretch.first,
        "last": stretch.last,
        "event": as_json(stretch.event),
        "taken": [{"entry": entry, "times": times} for entry, times in stretch.taken],
        "changes": [_change(change) for change in stretch.changes],
        "outputs": {name: as_json(value) for name, value in stretch.outputs},
    }


def _change(change: Change) -> Json:
    return {"path": change.path, "before": as_json(change.before), "after": as_json(change.after)}
