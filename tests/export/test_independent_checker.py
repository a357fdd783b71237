"""Model checkers that are not ours say of exported small systems what we say of them."""

from functools import cache
from pathlib import Path

import pytest
from hardware_checker import MISSING, WHY_SKIPPED, Broken, HardwareChecker, Holds
from models import loaded, model_files, system_of, verdict_of, verified

from pumpproof.verify.export.btor2 import btor2
from pumpproof.verify.export.transitions import Judged, Transitions, Variable, transitions
from pumpproof.verify.logic.terms import TRUE, add, floor_divide, integer, less_or_equal, variable
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict

pytestmark = pytest.mark.skipif(bool(MISSING), reason=WHY_SKIPPED)

_PATIENCE_S = 60
_SLOW = {"dual_bolus", "empty_reservoir", "slow_counter"}
"""What takes minutes here is left to `make crosscheck`."""
PROVED, REFUTED, VACUOUS = (
    [path for path in model_files(verdict) if path.stem not in _SLOW]
    for verdict in ("proved", "refuted", "vacuous")
)


@cache
def text(path: Path, width: int | None = None) -> str:
    symbolic = SymbolicSystem(system_of(loaded(path)))
    return btor2(symbolic, transitions(symbolic, symbolic.system.properties), width)


@pytest.mark.parametrize("path", PROVED, ids=lambda path: path.stem)
def test_what_is_proved_is_proved_there_too_and_runs_exist(path: Path, tmp_path: Path) -> None:
    checker = HardwareChecker(text(path), tmp_path, _PATIENCE_S)
    assert all(one.verdict is Verdict.PROVED for one in verified(path).properties)
    assert checker.takes_a_step()
    assert checker.proof() == Holds()


@pytest.mark.parametrize("path", REFUTED, ids=lambda path: path.stem)
def test_what_is_refuted_is_broken_there_after_as_many_steps(path: Path, tmp_path: Path) -> None:
    checker = HardwareChecker(text(path), tmp_path, _PATIENCE_S)
    subject = str(loaded(path).SUBJECT)
    (ours,) = (one.counterexample for one in verified(path).properties if one.property.id == subject)
    assert ours is not None
    found = checker.shortest(subject, len(ours.run))
    assert isinstance(found, Broken)
    assert found.steps == len(ours.run) if ours.shortest else found.steps <= len(ours.run)


@pytest.mark.parametrize("path", VACUOUS, ids=lambda path: path.stem)
def test_what_is_vacuous_holds_there_for_it_is_no_question_of_a_model_checker(
    path: Path, tmp_path: Path
) -> None:
    checker = HardwareChecker(text(path), tmp_path, _PATIENCE_S)
    assert verdict_of(verified(path), str(loaded(path).SUBJECT)) is Verdict.VACUOUS
    assert checker.proof() == Holds()
    assert checker.takes_a_step() is (path.stem != "contradictory_conditions")


def test_what_fails_only_beyond_the_bounds_is_broken_in_wider_ones_and_nowhere_else(tmp_path: Path) -> None:
    count = variable("count", "Int")
    counter = Variable(count, integer(0), add(count, integer(1)))
    judged = Judged("small", "Below eight.", less_or_equal(floor_divide(count, 4), integer(1)))
    system = Transitions((), TRUE, (), TRUE, (counter,), (judged,))
    symbolic = SymbolicSystem(system_of(loaded(PROVED[0])))
    found = {}
    for width in (4, 5):
        folder = tmp_path / str(width)
        folder.mkdir()
        found[width] = HardwareChecker(btor2(symbolic, system, width), folder, _PATIENCE_S).proof("small")
    assert found[4] == Holds()
    assert isinstance(found[5], Broken)
    assert found[5].steps == 8
