"""The lamp of the mutation tests, verified once."""

import lamp
import pytest

from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.mutation.baseline import Baseline, baseline_of
from pumpproof.verify.mutation.mutants import Mutant, mutants_of
from pumpproof.verify.run import Request, verify_system


@pytest.fixture(scope="session")
def of_lamp() -> tuple[Mutant, ...]:
    """Every mutant of the lamp."""
    return mutants_of(lamp.SYSTEM)


@pytest.fixture(scope="session")
def of_pump() -> tuple[Mutant, ...]:
    """Every mutant of the reference pump."""
    return mutants_of(SYSTEM)


@pytest.fixture(scope="session")
def lamp_baseline() -> Baseline:
    """The lamp as it is, verified."""
    return baseline_of(lamp.SYSTEM, verify_system(lamp.SYSTEM, Request()))
