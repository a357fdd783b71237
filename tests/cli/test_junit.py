"""The report for continuous integration: nothing but a proof passes."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from models import model_files, verified
from verifications import SYSTEM, check, not_inductive, refuted, result, row, verification

from pumpproof.verify.explaining.explanation import explain
from pumpproof.verify.junit import junit
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.results.trace import Traces

ELEMENT = {
    Verdict.PROVED: None,
    Verdict.PROVED_BOUNDED: "error",
    Verdict.REFUTED: "failure",
    Verdict.VACUOUS: "failure",
    Verdict.UNKNOWN: "error",
    Verdict.TIMEOUT: "error",
    Verdict.ERROR: "error",
    Verdict.SKIPPED: "skipped",
    Verdict.ASSUMED: "error",
}


def suites(record: Verification) -> dict[str, ET.Element]:
    root = ET.fromstring(junit(record, Traces.of(record)))
    return {suite.attrib["name"]: suite for suite in root}


@pytest.mark.parametrize("verdict", Verdict, ids=lambda verdict: verdict.value)
def test_each_verdict_has_its_element(verdict: Verdict) -> None:
    (case,) = suites(verification(result(0, verdict)))["properties"]
    assert case.attrib["name"] == "INV-RES-001 The reservoir never goes below empty."
    found = {child.tag for child in case} & {"failure", "error", "skipped"}
    assert found == ({ELEMENT[verdict]} if ELEMENT[verdict] else set())


def test_the_counts_of_a_suite_are_those_of_its_cases() -> None:
    record = verification(
        result(0), result(1, Verdict.SKIPPED), refuted(), not_inductive(), checks=(check(Verdict.TIMEOUT),)
    )
    for suite in suites(record).values():
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))


def test_a_failure_says_what_is_false_and_what_let_it_happen() -> None:
    record = verified(next(path for path in model_files("refuted") if path.stem == "empty_reservoir"))
    traces = Traces.of(record)
    root = ET.fromstring(junit(record, traces, explain(record, traces)))
    failure, *_ = root.findall("testsuite[@name='properties']/testcase/failure")
    lines = (failure.text or "").splitlines()
    assert lines[0] == "what is false:"
    assert "what let it happen:" in lines


def test_a_failure_carries_its_counterexample() -> None:
    failure = suites(verification(refuted()))["properties"].find("testcase/failure")
    assert failure is not None
    assert failure.attrib["message"] == "refuted: because"
    assert (failure.text or "").splitlines()[-3:] == [
        "  remaining_pulses: 3 -> 2",
        "  reservoir_pulses: 25 -> 24",
        "  output drive_pulses: 1",
    ]


def test_a_row_that_was_not_reached_and_a_pair_that_was_not_accounted_for_are_errors() -> None:
    found = suites(verification(rows=(row(), row(reached=False)), accounted=1))
    assert found["rows"].attrib["errors"] == "1"
    assert found["accounting"].attrib["errors"] == "1"


def test_what_xml_can_not_hold_is_escaped() -> None:
    odd = replace(result(0), property=replace(SYSTEM.properties[0], says='A <b> & "c" \x00 \x1b[1m.'))
    (case,) = suites(verification(odd))["properties"]
    assert case.attrib["name"] == 'INV-RES-001 A <b> & "c" \\x00 \\x1b[1m.'
