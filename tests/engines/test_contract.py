"""What every engine owes: it never proves what is false, never refutes what is true, and shows what it says."""

from pathlib import Path

import pytest
from models import loaded, model_files, system_of
from questions import ENGINES, SMALL, question, without_hints

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.engines.engine import (
    Engine,
    Proved,
    ProvedBounded,
    Question,
    Refuted,
    TimedOut,
    Unknown,
)
from pumpproof.verify.proof.cache import NoCache
from pumpproof.verify.proof.induction import Prover
from pumpproof.verify.search.replay import replay

PROVED = [(path, one.id) for path in model_files("proved") for one in system_of(loaded(path)).properties]
REFUTED = [(path, loaded(path).SUBJECT) for path in model_files("refuted")]


def name(value: object) -> str:
    if isinstance(value, Path):
        return value.stem
    return str(getattr(value, "name", value)) + " of any path" * (not getattr(value, "_simple_path", True))


each_engine = pytest.mark.parametrize("engine", ENGINES, ids=name)


def is_shown(asked: Question, found: Proved) -> bool:
    """Discharge the certificate anew, with nothing from the engine but its obligations."""
    prover = Prover(asked.obligations.symbolic, NoCache())
    discharge = prover.discharge(asked.known.id, found.certificate.obligations)
    return discharge.proved and discharge.requested > 0


def breaks(system: System, identifier: str, found: Refuted) -> bool:
    run, openings = found.counterexample.run, found.counterexample.openings
    violations = replay(system, run, openings=openings, only=(identifier,)).violations
    return len(run) in {one.step_number for one in violations}


@each_engine
@pytest.mark.parametrize(("path", "identifier"), PROVED, ids=name)
def test_what_holds_is_never_refuted_and_a_proof_is_shown_again(
    engine: Engine, path: Path, identifier: str
) -> None:
    asked = question(without_hints(system_of(loaded(path))), identifier)
    found = engine.attempt(asked, SMALL)
    assert isinstance(found, Proved | ProvedBounded | Unknown | TimedOut)
    if isinstance(found, Proved):
        assert is_shown(asked, found)


@each_engine
@pytest.mark.parametrize(("path", "identifier"), REFUTED, ids=name)
def test_what_is_broken_is_never_proved_and_a_refutation_replays(
    engine: Engine, path: Path, identifier: str
) -> None:
    system = without_hints(system_of(loaded(path)))
    found = engine.attempt(question(system, identifier), SMALL)
    assert not isinstance(found, Proved)
    if isinstance(found, Refuted):
        assert breaks(system, identifier, found)


@each_engine
def test_the_same_question_has_the_same_answer(engine: Engine) -> None:
    path = next(path for path in model_files("proved") if path.stem == "single_bolus")
    asked = question(without_hints(system_of(loaded(path))), "INV-RES-001")
    one, other = engine.attempt(asked, SMALL), engine.attempt(asked, SMALL)
    assert type(one) is type(other)
    if isinstance(one, Proved) and isinstance(other, Proved):
        assert one.certificate.strengthening == other.certificate.strengthening
    else:
        assert one == other


@pytest.mark.parametrize("engine", [one for one in ENGINES if one.name != "bounded search"], ids=name)
def test_an_engine_proves_what_one_step_shows(engine: Engine) -> None:
    path = next(path for path in model_files("proved") if path.stem == "three_pulses")
    found = engine.attempt(question(system_of(loaded(path)), "INV-BOLUS-001"), SMALL)
    assert isinstance(found, Proved)
    assert found.method.startswith(engine.name)
