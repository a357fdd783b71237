"""What becomes of a mutant, on systems that are small enough to know it beforehand."""

from dataclasses import dataclass, replace

import lamp
import pytest
import tiny_pump
from lamp import cooled

from pumpproof.spec.kernel.observers import Observer
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.checks.independence import shared_functions
from pumpproof.verify.mutation import hunt
from pumpproof.verify.mutation.apply import applied
from pumpproof.verify.mutation.attempt import attempt
from pumpproof.verify.mutation.baseline import Baseline, SharedFunction, baseline_of
from pumpproof.verify.mutation.fates import Fate
from pumpproof.verify.mutation.mutants import CodeChange, Mutant, mutants_of
from pumpproof.verify.mutation.proofs import Proofs
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.run import Request, verify_system
from pumpproof.verify.search.replay import Replay


@dataclass(frozen=True)
class Heat:
    """A record that is computed by the pump's own code, as no record should be."""

    present: bool


def begin_heat(state: lamp.Lamp) -> Heat:
    return Heat(present=cooled(state).heat_alarm)


HEAT = Observer("heat", "Trusts the code that it judges.", Heat, begin_heat, steps=())


def named(found: tuple[Mutant, ...], identifier: str) -> Mutant:
    (one,) = [mutant for mutant in found if mutant.id == identifier]
    return one


def fate_of(base: Baseline, found: tuple[Mutant, ...], identifier: str) -> tuple[Fate, tuple[str, ...]]:
    outcome = attempt(base, named(found, identifier))
    return outcome.fate, outcome.by


def test_a_run_that_breaks_a_property_of_a_requirement_kills(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    removed = "lamp/refuse_dimming/refusal/1"
    assert fate_of(lamp_baseline, of_lamp, removed) == (Fate.KILLED, ("INV-UI-001",))


def test_an_acceptance_property_kills_in_a_column_of_its_own(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    boundary = "lamp/refuse_dimming/comparison/2"
    assert fate_of(lamp_baseline, of_lamp, boundary) == (Fate.ACCEPTANCE, ("INV-UI-002",))


def test_a_run_that_the_machine_does_not_confirm_is_no_kill(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_options: object) -> Replay:
        return Replay((), (), {})

    monkeypatch.setattr(hunt, "replay", refused)
    outcome = attempt(lamp_baseline, named(of_lamp, "lamp/refuse_dimming/refusal/1"))
    assert (outcome.fate, outcome.lost) == (Fate.PROOF_LOST, ("INV-UI-001",))


def test_two_rows_or_none_enabled_are_killed_by_the_table(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    assert fate_of(lamp_baseline, of_lamp, "lamp/cannot_light/guard/1") == (Fate.TABLE, ("table",))
    assert fate_of(lamp_baseline, of_lamp, "lamp/any_press/constant/1") == (Fate.TABLE, ("table",))


def test_what_is_no_system_is_stillborn_and_not_killed(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    outcome = attempt(lamp_baseline, named(of_lamp, "lamp/MDL-UI-003/row/1"))
    assert outcome.fate is Fate.STILLBORN
    assert outcome.reason == (
        "Stillborn: system lamp: (LIT, Press) is not accounted for: add a row, or declare it Refused or Ignored"
    )


def test_a_mutant_that_no_reachable_step_shows_is_proved_equivalent(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    always = named(of_lamp, "lamp/cooled/choice/2")
    assert always.difference == (
        "return [-replace(lamp, heat_alarm=False) if lamp.heat_alarm else lamp-]{+replace(lamp, heat_alarm=False)+}"
    )
    assert attempt(lamp_baseline, always).fate is Fate.EQUIVALENT


def test_equivalence_is_never_claimed_of_a_step_that_differs(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    for mutant in of_lamp:
        if attempt(lamp_baseline, mutant).fate is Fate.SURVIVED:
            with applied(lamp.SYSTEM, mutant) as (system, reader):
                assert Proofs(lamp_baseline, system, reader).is_equivalent() is False


def test_a_survivor_says_what_its_rows_write_of_what_counts(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    unseen = attempt(lamp_baseline, named(of_lamp, "lamp/light/assignment/2"))
    assert (unseen.fate, unseen.writes) == (Fate.SURVIVED, ("drive_pulses", "mode"))
    alarm = attempt(lamp_baseline, named(of_lamp, "lamp/darken/call/1"))
    assert (alarm.fate, alarm.writes) == (Fate.SURVIVED, ("mode", "heat_alarm"))
    begun = attempt(lamp_baseline, named(of_lamp, "lamp/initial/constant/4"))
    assert (begun.fate, begun.writes) == (Fate.SURVIVED, ("heat_alarm",))
    lock = attempt(lamp_baseline, named(of_lamp, "lamp/initial/constant/3"))
    assert (lock.fate, lock.writes) == (Fate.SURVIVED, ())


def test_afterwards_the_code_is_what_it_was(lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]) -> None:
    code = lamp.can_light.__code__
    mutant = named(of_lamp, "lamp/can_light/conjunct/2")
    assert isinstance(mutant.change, CodeChange)
    with applied(lamp.SYSTEM, mutant) as (system, reader):
        assert lamp.can_light.__code__ is not code
        assert SymbolicSystem(system, reader).arrows[0].guard is not lamp_baseline.symbolic.arrows[0].guard
    assert lamp.can_light.__code__ is code


def test_only_what_was_proved_stands_against_a_mutant() -> None:
    verified = verify_system(lamp.SYSTEM, Request())
    first, *others = verified.properties
    shaken = replace(verified, properties=(replace(first, verdict=Verdict.UNKNOWN), *others))
    assert {"INV-UI-001", "INV-UI-002", "table", "code"} <= baseline_of(lamp.SYSTEM, verified).proved
    assert "INV-UI-001" not in baseline_of(lamp.SYSTEM, shaken).proved


def test_what_was_not_proved_before_kills_nothing(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    less = replace(lamp_baseline, proved=lamp_baseline.proved - {"INV-UI-001", "INV-UI-002", "table"})
    assert attempt(less, named(of_lamp, "lamp/refuse_dimming/conjunct/1")).fate is Fate.SURVIVED
    assert attempt(less, named(of_lamp, "lamp/cannot_light/guard/1")).fate is Fate.SURVIVED


def test_a_row_that_can_never_be_taken_again_is_noticed(
    lamp_baseline: Baseline, of_lamp: tuple[Mutant, ...]
) -> None:
    less = replace(lamp_baseline, proved=lamp_baseline.proved - {"INV-UI-001", "INV-UI-002"})
    removed = "lamp/refuse_dimming/refusal/1"
    assert fate_of(less, of_lamp, removed) == (Fate.DEAD, ("MDL-UI-004 refused",))


def test_a_property_that_calls_what_a_row_calls_is_refused() -> None:
    shared = replace(lamp.SYSTEM, observers=(HEAT,))
    with pytest.raises(SharedFunction) as refused:
        baseline_of(shared, verify_system(lamp.SYSTEM, Request()))
    assert str(refused.value).endswith(
        "cooled is called by observer heat and by MDL-UI-003: a fault in it would change the row and its judge "
        "alike; give the specification words of its own"
    )


@pytest.mark.parametrize("system", [SYSTEM, tiny_pump.SYSTEM], ids=lambda system: system.name)
def test_no_property_of_our_systems_calls_what_a_row_calls(system: System) -> None:
    assert shared_functions(SymbolicSystem(system)) == ()


def test_a_mutant_of_a_system_in_another_module_is_killed_too() -> None:
    base = baseline_of(tiny_pump.SYSTEM, verify_system(tiny_pump.SYSTEM, Request()))
    fates = [attempt(base, mutant).fate for mutant in mutants_of(tiny_pump.SYSTEM)]
    assert Fate.KILLED in fates
    assert Fate.FAULT not in fates
