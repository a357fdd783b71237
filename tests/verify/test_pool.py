"""Work over several processes gives what work in one gives."""

from pathlib import Path

import pytest
from models import FOLDER, loaded, system_of

from pumpproof.verify.proof.cache import FileCache, NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligations
from pumpproof.verify.proof.pool import can_fork, discharge_all
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge

pytestmark = pytest.mark.skipif(not can_fork(), reason="work is spread over processes by `fork` alone")

NAMES = ["proved/single_bolus", "refuted/empty_reservoir", "rejected/two_rows_at_once"]


def discharged(name: str, jobs: int, cache: FileCache | NoCache) -> dict[str, Discharge]:
    system = system_of(loaded(FOLDER / f"{name}.py"))
    symbolic = SymbolicSystem(system)
    subjects = [TABLE, CODE, *(known.id for known in system.properties)]
    prover = Prover(symbolic, cache)
    return discharge_all(Obligations(symbolic), subjects, prover, jobs, lambda _: None)


def outcome(found: dict[str, Discharge]) -> list[tuple[object, ...]]:
    return [
        (
            name,
            one.requested,
            one.steps,
            one.tally,
            [(failure.obligation, failure.reason) for failure in one.failures],
        )
        for name, one in found.items()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_discharges_are_the_same_in_any_number_of_processes(name: str) -> None:
    assert outcome(discharged(name, 1, NoCache())) == outcome(discharged(name, 2, NoCache()))


def test_a_cache_learns_what_the_processes_found(tmp_path: Path) -> None:
    one, two = (FileCache(tmp_path / f"{jobs}", "solver") for jobs in (1, 2))
    discharged("proved/single_bolus", 1, one)
    discharged("proved/single_bolus", 2, two)
    assert one.used == two.used != frozenset()


def test_every_subject_is_reported_once_and_in_order() -> None:
    told: list[str] = []
    system = system_of(loaded(FOLDER / "proved/single_bolus.py"))
    symbolic = SymbolicSystem(system)
    subjects = [CODE, *(known.id for known in system.properties), TABLE]
    found = discharge_all(Obligations(symbolic), subjects, Prover(symbolic, NoCache()), 2, told.append)
    assert sorted(told) == sorted(subjects)
    assert list(found) == subjects
