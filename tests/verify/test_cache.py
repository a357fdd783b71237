"""A cache saves work and decides nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from models import FOLDER, loaded, system_of

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.proof.cache import FileCache, NoCache, default_path
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.proof.obligations import CODE, TABLE, Obligation, Obligations
from pumpproof.verify.proof.pool import obligations_of
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Discharge
from pumpproof.verify.run import Request, verify_system

SOLVER = "z3 1.2.3"
GOOD = system_of(loaded(FOLDER / "proved" / "three_pulses.py"))
BAD = system_of(loaded(FOLDER / "refuted" / "limit_is_exclusive.py"))


def discharges(system: System, cache: FileCache | NoCache, budget: int = 20_000_000) -> list[Discharge]:
    symbolic = SymbolicSystem(system)
    obligations = Obligations(symbolic)
    prover = Prover(symbolic, cache, budget)
    subjects = [TABLE, CODE, *(known.id for known in system.properties)]
    return [prover.discharge(subject, obligations_of(obligations, subject)) for subject in subjects]


def every_obligation(system: System) -> Iterator[Obligation]:
    obligations = Obligations(SymbolicSystem(system))
    for subject in [TABLE, CODE, *(known.id for known in system.properties)]:
        yield from obligations_of(obligations, subject)


def totals(found: list[Discharge]) -> tuple[int, int]:
    return sum(one.tally.solved for one in found), sum(one.tally.cached for one in found)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "system.obligations"


def test_a_second_run_finds_all_that_the_first_solved(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    solved, cached = totals(discharges(GOOD, cache))
    assert solved > 0 and cached == 0
    cache.save()
    assert totals(discharges(GOOD, FileCache(path, SOLVER))) == (0, solved)


def test_what_fails_is_never_stored(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    failed = [failure.obligation for one in discharges(BAD, cache) for failure in one.failures]
    assert failed
    keys = {cache.key(one): one.name for one in every_obligation(BAD)}
    assert not {keys.get(key) for key in cache.used} & set(failed)
    cache.save()
    again = [
        failure.obligation for one in discharges(BAD, FileCache(path, SOLVER)) for failure in one.failures
    ]
    assert again == failed


def test_what_ran_out_of_budget_is_never_stored(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    found = discharges(GOOD, cache, budget=1)
    open_ones = {failure.obligation for one in found for failure in one.failures}
    keys = {cache.key(one): one.name for one in every_obligation(GOOD)}
    assert not {keys.get(key) for key in cache.used} & open_ones


def test_verdicts_with_a_full_cache_are_those_without(path: Path) -> None:
    for system in (GOOD, BAD):
        cache = FileCache(path, SOLVER)
        first = verify_system(system, Request(), cache=cache)
        cache.save()
        second = verify_system(system, Request(), cache=FileCache(path, SOLVER))
        plain = verify_system(system, Request(), cache=NoCache())
        assert first.verdicts() == second.verdicts() == plain.verdicts()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe garbage \x80\n",
        b"0" * 63 + b"\n",
        b"G" * 64 + b"\n",
        json.dumps({"proved": True}).encode(),
        "ﬀ".encode() * 64,
    ],
)
def test_a_damaged_file_is_an_empty_cache(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    solved, cached = totals(discharges(GOOD, FileCache(path, SOLVER)))
    assert solved > 0 and cached == 0


def test_a_file_that_was_cut_off_keeps_what_is_whole(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    discharges(GOOD, cache)
    cache.save()
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    reread = FileCache(path, SOLVER)
    known = sum(reread.holds(one) for one in every_obligation(GOOD))
    assert known == sum(cache.key(one) in cache.used for one in every_obligation(GOOD)) - 1


def test_another_solver_or_version_has_other_keys(path: Path) -> None:
    one = next(every_obligation(GOOD))
    keys = {FileCache(path, solver).key(one) for solver in ("z3 1.2.3", "z3 1.2.4", "cvc5 1.2.3")}
    assert len(keys) == 3
    cache = FileCache(path, "z3 1.2.3")
    discharges(GOOD, cache)
    cache.save()
    assert totals(discharges(GOOD, FileCache(path, "z3 1.2.4")))[1] == 0


def test_a_key_is_about_every_hypothesis_and_the_goal(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    parts = [((*one.hypotheses, one.goal), one) for one in every_obligation(GOOD)]
    one = next(one for terms, one in parts if len(set(terms)) == len(terms) > 4)
    fewer = [
        replace(one, hypotheses=one.hypotheses[:i] + one.hypotheses[i + 1 :])
        for i in range(len(one.hypotheses))
    ]
    other = replace(one, goal=one.hypotheses[-1])
    moved = replace(one, hypotheses=one.hypotheses[:-1], goal=one.hypotheses[-1])
    assert cache.key(one) not in {cache.key(each) for each in (*fewer, other, moved)}


def test_a_question_that_can_hold_is_no_proof_of_anything(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    for one in every_obligation(GOOD):
        cache.add_can_hold((*one.hypotheses, one.goal))
    cache.save()
    assert not any(FileCache(path, SOLVER).holds(one) for one in every_obligation(GOOD))


def test_a_changed_row_changes_the_keys_of_what_it_touches(path: Path) -> None:
    def keys(name: str, row: str) -> set[str]:
        system = system_of(loaded(FOLDER / name))
        names = [
            one for one in every_obligation(system) if one.arrow is not None and one.arrow.entry.id == row
        ]
        return {FileCache(path, SOLVER).key(one) for one in names if not one.unchanged}

    good = keys("proved/three_pulses.py", "MDL-BOLUS-002")
    changed = keys("rejected/two_rows_at_once.py", "MDL-BOLUS-002")
    assert good and changed and good.isdisjoint(changed)
    assert keys("rejected/two_rows_at_once.py", "MDL-BOLUS-003") == keys(
        "proved/three_pulses.py", "MDL-BOLUS-003"
    )


def test_many_writers_leave_a_whole_file(path: Path) -> None:
    one = next(every_obligation(GOOD))

    def write(number: int) -> None:
        cache = FileCache(path, f"solver {number}")
        cache.add(one)
        cache.save()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    lines = path.read_text(encoding="ascii").splitlines()
    assert 1 <= len(lines) <= 40
    assert all(len(line) == 64 for line in lines)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_nothing_is_written_when_nothing_is_new(path: Path) -> None:
    cache = FileCache(path, SOLVER)
    discharges(GOOD, cache)
    cache.save()
    before = path.stat().st_mtime_ns, path.stat().st_ino
    again = FileCache(path, SOLVER)
    discharges(GOOD, again)
    again.save()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUMPPROOF_CACHE", str(tmp_path))
    assert default_path("my pump: 2") == tmp_path / "my-pump--2.obligations"


def test_a_cache_that_can_not_be_read_knows_nothing(tmp_path: Path) -> None:
    (tmp_path / "pump.obligations").mkdir()
    assert FileCache(tmp_path / "pump.obligations", "z3").used == frozenset()


def test_the_name_of_a_system_may_be_longer_than_a_file_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PUMPPROOF_CACHE", str(tmp_path))
    one, other = default_path("pump " * 100), default_path("pump " * 101)
    one.write_text("", encoding="utf-8")
    assert one != other
