"""The status of a requirement: computed from links, and never stronger than the weakest clause."""

from dataclasses import replace

import pytest
from bolus_pump import SYSTEM

from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.kernel.requirements import Clause, Handler, Outside, Requirement, requirements_for
from pumpproof.statemachine.kernel.system import InvalidSystem
from pumpproof.verify.requirements.status import Status, statuses

HARDWARE = Outside(Handler.HARDWARE, "pump maker", "It is so.")


def linked(*links: str) -> Property:
    return replace(next(known for known in SYSTEM.properties if known.links), id="INV-DOSE-001", links=links)


def status_of(
    *clauses: Clause, links: tuple[str, ...] = (), violated: tuple[str, ...] | None = None
) -> Status:
    requirement = Requirement("REQ-DOSE-001", "It is so.", "made up", clauses)
    (found,) = statuses([requirement], [linked(*links)] if links else [], violated)
    return found.status


def test_a_requirement_without_clauses_is_proved_by_a_property_that_names_it() -> None:
    assert status_of(links=("REQ-DOSE-001",)) is Status.PROVED


def test_without_a_property_it_is_open() -> None:
    assert status_of() is Status.OPEN


def test_without_a_violating_behaviour_it_is_open() -> None:
    assert status_of(links=("REQ-DOSE-001",), violated=()) is Status.OPEN
    assert status_of(links=("REQ-DOSE-001",), violated=("REQ-DOSE-001",)) is Status.PROVED


def test_a_property_that_names_a_requirement_with_clauses_shows_none_of_them() -> None:
    assert status_of(Clause("REQ-DOSE-001.a", "It."), links=("REQ-DOSE-001",)) is Status.OPEN


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (Clause("REQ-DOSE-001.b", "It."), Status.OPEN),
        (Clause("REQ-DOSE-001.b", "It.", awaits="alarm-system"), Status.OPEN),
        (Clause("REQ-DOSE-001.b", "It.", outside=HARDWARE), Status.HARDWARE),
        (
            Clause("REQ-DOSE-001.b", "It.", outside=replace(HARDWARE, handler=Handler.OUTSIDE)),
            Status.OUTSIDE,
        ),
        (Clause("REQ-DOSE-001.b", "It.", tests=("tests/test_it.py::test_it",)), Status.TESTED),
    ],
)
def test_the_weakest_clause_decides(second: Clause, expected: Status) -> None:
    assert status_of(Clause("REQ-DOSE-001.a", "It."), second, links=("REQ-DOSE-001.a",)) is expected


def test_only_what_a_record_calls_proved_counts() -> None:
    requirement = Requirement("REQ-DOSE-001", "It is so.", "made up")
    properties = [linked("REQ-DOSE-001"), replace(linked("REQ-DOSE-001"), id="INV-DOSE-002")]
    (found,) = statuses([requirement], properties, None, proved={"INV-DOSE-001"})
    assert found.status is Status.OPEN
    assert found.clauses[0].by == ("INV-DOSE-002 is not proved",)


def test_a_property_of_a_clause_that_awaits_a_feature_is_refused() -> None:
    link = SYSTEM.properties[0].links[0]
    waiting = tuple(
        replace(one, clauses=(Clause(link, one.says, awaits="alarm-system"),)) if one.id == link else one
        for one in SYSTEM.requirements
    )
    with pytest.raises(InvalidSystem) as caught:
        replace(SYSTEM, requirements=waiting)
    assert str(caught.value).splitlines()[0] == (
        f"system {SYSTEM.name}: {SYSTEM.properties[0].id}: formalizes {link}, "
        "which says that it awaits a feature, is outside or is tested: remove that from it"
    )


ELSEWHERE = "made.up.bench:SYSTEM"


def shown_elsewhere(
    *links: str, proved: tuple[str, ...] | None = None, here: tuple[str, ...] = ()
) -> tuple[Status, tuple[str, ...]]:
    clause = Clause("REQ-DOSE-001.a", "It.", system=ELSEWHERE)
    requirement = Requirement("REQ-DOSE-001", "It is so.", "made up", (clause,))
    properties = [linked(*here)] if here else []
    found = {ELSEWHERE: [linked(*links)]} if links else {}
    (status,) = statuses([requirement], properties, None, proved, found)
    return status.status, status.clauses[0].by


def test_a_clause_of_another_system_is_shown_by_the_properties_of_that_system_alone() -> None:
    assert shown_elsewhere("REQ-DOSE-001.a") == (Status.PROVED, (f"INV-DOSE-001 of {ELSEWHERE}",))
    assert shown_elsewhere(here=("REQ-DOSE-001.a",)) == (
        Status.OPEN,
        ("no property and no test says it",),
    )


def test_a_record_of_one_system_proves_nothing_of_another() -> None:
    status, by = shown_elsewhere("REQ-DOSE-001.a", proved=("INV-DOSE-001",))
    assert (status, by) == (Status.OPEN, (f"INV-DOSE-001 of {ELSEWHERE} is not proved",))


def test_the_other_system_sees_its_own_clauses_as_asking_for_a_proof() -> None:
    own, other = (
        Clause("REQ-DOSE-001.a", "It.", system=ELSEWHERE),
        Clause("REQ-DOSE-001.b", "It.", outside=HARDWARE),
    )
    known = Requirement("REQ-DOSE-001", "It is so.", "made up", (own, other))
    assert not known.asks_for_a_proof
    (found,) = requirements_for([known, replace(known, clauses=(other,))], ELSEWHERE)
    assert [clause.asks_for_a_proof for clause in found.clauses] == [True, False]
    assert requirements_for([known], "made.up.lamp:SYSTEM") == ()
