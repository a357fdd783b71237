"""The record of a verification as JUnit XML, for the test reports of continuous integration.

One suite each for properties, checks, rows, profiles and the accounting. A refuted or vacuous subject is a failure,
a skipped one is skipped, and everything else that is not proved is an error.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pumpproof.spec.kernel.properties import Property
from pumpproof.verify.explaining.explanation import Explanation
from pumpproof.verify.explaining.words import told
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.results.trace import Trace, Traces
from pumpproof.verify.results.values import show


@dataclass(frozen=True)
class _Case:
    name: str
    verdict: Verdict
    message: str
    detail: str = ""
    seconds: float = 0.0
    strength: str = ""


def junit(
    verification: Verification, traces: Traces, explanations: Mapping[str, Explanation] | None = None
) -> str:
    """The XML document as text; ``explanations`` are those of failed properties, by id."""
    suites = ET.Element("testsuites", name=f"pumpproof {verification.system.name}")
    for name, cases in (
        ("properties", _properties(verification, traces, explanations or {})),
        ("checks", _checks(verification, traces)),
        ("rows", _rows(verification)),
        ("profiles", _profiles(verification)),
        ("accounting", _accounting(verification)),
    ):
        _suite(suites, name, verification.system.name, list(cases))
    ET.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def trace_text(trace: Trace) -> str:
    """A trace in plain lines."""
    lines = [f"limits: {show(trace.limits)}", f"state before: {show(trace.start)}"]
    for stretch in trace.stretches:
        number = f"{stretch.first}" if stretch.first == stretch.last else f"{stretch.first}-{stretch.last}"
        taken = ", ".join(entry if times == 1 else f"{entry} x{times}" for entry, times in stretch.taken)
        lines.append(f"step {number}: {show(stretch.event)} taken by {taken or 'no row'}")
        lines += [
            f"  {change.path}: {show(change.before)} -> {show(change.after)}" for change in stretch.changes
        ]
        lines += [f"  output {name}: {show(value)}" for name, value in stretch.outputs]
    lines += [f"observer {name}: {show(record)}" for name, record in trace.ghosts]
    if trace.raised:
        lines.append(f"raised: {trace.raised}")
    return "\n".join(lines)


def _explained(known: Property, explanation: Explanation | None) -> Iterator[str]:
    for about, lines in () if explanation is None else told(known, explanation):
        yield "\n  ".join([f"{about}:", *lines])


def _properties(
    verification: Verification, traces: Traces, explanations: Mapping[str, Explanation]
) -> Iterator[_Case]:
    for result in verification.properties:
        known = result.property
        trace = traces.counterexamples.get(known.id) or traces.situations.get(known.id)
        yield _Case(
            f"{known.id} {known.says}",
            result.verdict,
            result.reason,
            "\n".join(
                [*_explained(known, explanations.get(known.id)), "" if trace is None else trace_text(trace)]
            ),
            result.seconds,
            result.strength,
        )


def _checks(verification: Verification, traces: Traces) -> Iterator[_Case]:
    for result in verification.checks:
        detail = "\n\n".join(trace_text(trace) for trace in traces.of_checks[result.name])
        yield _Case(f"{result.name}: {result.says}", result.verdict, result.reason, detail, result.seconds)


def _rows(verification: Verification) -> Iterator[_Case]:
    for result in verification.rows:
        verdict = Verdict.UNKNOWN if result.reached is None else Verdict.PROVED
        yield _Case(f"{result.name} {result.why}", verdict, result.reason or "not reached by a run")


def _profiles(verification: Verification) -> Iterator[_Case]:
    for result in verification.profiles:
        yield _Case(f"{result.profile.id} {result.profile.name}", result.verdict, result.reason)


def _accounting(verification: Verification) -> Iterator[_Case]:
    equal = verification.requested == verification.accounted
    yield _Case(
        "every requested pair of row and property is accounted for",
        Verdict.PROVED if equal else Verdict.ERROR,
        f"{verification.requested} requested, {verification.accounted} accounted for",
    )


def _suite(parent: ET.Element, name: str, system: str, cases: list[_Case]) -> None:
    outcomes = [_outcome(case.verdict) for case in cases]
    suite = ET.SubElement(
        parent,
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(outcomes.count("failure")),
        errors=str(outcomes.count("error")),
        skipped=str(outcomes.count("skipped")),
        time=_seconds(sum(case.seconds for case in cases)),
    )
    for case, outcome in zip(cases, outcomes, strict=True):
        element = ET.SubElement(
            suite,
            "testcase",
            classname=_clean(f"{system}.{name}"),
            name=_clean(case.name),
            time=_seconds(case.seconds),
        )
        if outcome:
            message = f"{case.verdict.value}: {case.message}" if case.message else case.verdict.value
            child = ET.SubElement(element, outcome, message=_clean(message))
            if outcome != "skipped":
                child.set("type", case.verdict.value)
            child.text = _clean(case.detail) or None
        elif case.strength:
            ET.SubElement(element, "system-out").text = f"proved ({case.strength})"


def _outcome(verdict: Verdict) -> str:
    """The element that JUnit has for a verdict; empty for a pass."""
    match verdict:
        case Verdict.PROVED:
            return ""
        case Verdict.REFUTED | Verdict.VACUOUS:
            return "failure"
        case Verdict.SKIPPED:
            return "skipped"
        case _:
            return "error"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"


def _clean(text: str) -> str:
    """Text without the characters that XML 1.0 can not hold."""
    return "".join(_allowed(text))


def _allowed(text: str) -> Iterable[str]:
    for letter in text:
        code = ord(letter)
        allowed = letter in "\t\n\r" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
        yield letter if allowed else f"\\x{code:02x}"
