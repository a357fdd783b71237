"""The risk management file of the reference pump: nothing is lost, and nothing counts as proved without a violation."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pumpproof.cli.system import load_system
from pumpproof.spec.kernel.requirements import requirement_of
from pumpproof.spec.kernel.risk_file import Incident, Violation, load_risk_file
from pumpproof.spec.kernel.traces import Trace
from pumpproof.spec.pump.requirements import RISK_FILE
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.requirements.status import Status, statuses
from pumpproof.verify.requirements.traces import rejected_by

RISKS = load_risk_file(RISK_FILE)
VIOLATED = {link for violation in RISKS.violations for link in violation.violates}
SYSTEMS = {
    address: load_system(address)
    for address in sorted({clause.system for one in RISKS.requirements for clause in one.parts} - {""})
}
"""The other systems that show clauses of the pump."""
STATUSES = statuses(
    SYSTEM.requirements,
    SYSTEM.properties,
    VIOLATED,
    elsewhere={address: known.properties for address, known in SYSTEMS.items()},
)
TOLD = [incident for incident in RISKS.incidents if incident.trace is not None]


def test_all_hundred_published_statements_are_requirements() -> None:
    published = [one for one in RISKS.requirements if one.published]
    assert len(published) == 100
    assert all(one.basis for one in published)


def test_what_no_source_confirms_says_so_where_it_is_cited() -> None:
    for requirement in RISKS.requirements:
        assert (requirement.basis == "unconfirmed") == ("unconfirmed" in requirement.source), requirement.id


def test_the_outside_lists_are_answered_in_full() -> None:
    assert len(RISKS.outside_risks) == len({one.id for one in RISKS.outside_risks}) == 157
    assert len(RISKS.incidents) == 54


def test_every_clause_is_shown_or_says_why_not() -> None:
    silent = [
        (known.clause.id, known.by)
        for one in STATUSES
        for known in one.clauses
        if known.status is Status.OPEN and not known.clause.awaits
    ]
    assert silent == []


def test_every_requirement_counts_once() -> None:
    assert Counter(one.status for one in STATUSES).total() == len(SYSTEM.requirements)
    assert {one.status for one in STATUSES} == set(Status)


def test_every_hazard_has_a_control_and_every_control_a_requirement() -> None:
    controlled = {hazard for control in RISKS.controls for hazard in control.controls}
    assert {hazard.id for hazard in RISKS.hazards} - controlled == set()
    implemented = {control for one in RISKS.requirements for control in one.implements}
    assert {control.id for control in RISKS.controls} - implemented == set()


def test_every_feature_is_awaited_by_something() -> None:
    awaited = {clause.awaits for one in RISKS.requirements for clause in one.parts}
    assert set(RISKS.features) - awaited == set()


def formalizing(link: str, system: System) -> set[str]:
    """The properties that formalise a clause, or, for a requirement with clauses, anything of it."""
    exactly = {known.id for known in system.properties if link in known.links}
    return exactly if "." in link else exactly | {k.id for k in system.properties if link in k.formalizes}


def rejecting(trace: Trace) -> set[str]:
    """The properties that reject a trace, of the system that it names."""
    if trace.system:
        return set(rejected_by(SYSTEMS[trace.system], trace, {}))
    return set(rejected_by(SYSTEM, trace, RISKS.limits))


def shown(record: Violation | Incident) -> str:
    return record.says


@pytest.mark.parametrize("record", [*RISKS.violations, *TOLD], ids=shown)
def test_what_violates_a_requirement_is_rejected_by_a_property_of_it(record: Violation | Incident) -> None:
    assert record.trace is not None
    found = rejecting(record.trace)
    system = SYSTEMS.get(record.trace.system, SYSTEM)
    for link in record.violates:
        assert found & formalizing(link, system), f"{record.trace.place}: {link}: rejected by {sorted(found)}"


@pytest.mark.parametrize("record", [*RISKS.violations, *TOLD], ids=shown)
def test_the_sound_pump_passes_the_same_events(record: Violation | Incident) -> None:
    assert record.trace is not None
    assert rejecting(replace(record.trace, patch=None, instead={})) == set()


def marked_tests(repository: Path) -> Iterator[tuple[str, str]]:
    """Every clause, or incident, that a test says it verifies, with the test."""
    for file in sorted((repository / "tests").rglob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.verifies":
                        for link in map(ast.literal_eval, mark.args):
                            yield link, f"{file.relative_to(repository)}::{node.name}"


def test_the_tests_of_the_file_are_those_that_say_so_themselves(repository: Path) -> None:
    marked: dict[str, set[str]] = {}
    for link, test in marked_tests(repository):
        marked.setdefault(link, set()).add(test)
    clauses = {clause.id: clause.tests for one in RISKS.requirements for clause in one.parts}
    incidents = {incident.id: incident.tests for incident in RISKS.incidents}
    written = {link: set(tests) for link, tests in (clauses | incidents).items() if tests}
    assert written == marked, (
        "spec/pump/requirements/tested.toml and the marks `verifies` of the tests differ"
    )


def test_a_clause_link_always_belongs_to_its_requirement() -> None:
    for known in SYSTEM.properties:
        assert known.formalizes == tuple(dict.fromkeys(map(requirement_of, known.links)))
