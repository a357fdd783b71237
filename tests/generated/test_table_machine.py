"""State machines generated from tables: every arrow is taken, every property holds, and a wrong row is noticed.

``PUMPPROOF_SEED=7 PUMPPROOF_EXAMPLES=20000 pytest -m slow tests/generated`` makes the long campaign another one.
"""

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import bolus_pump
import pytest
from bolus_pump import BolusRequested, Reason
from hypothesis import find
from hypothesis.errors import NoSuchExample
from models import loaded, model_files, system_of
from table_machine import (
    Payloads,
    TableMachine,
    campaign,
    run_examples,
    starts_before_arrows,
    state_machine_of,
)

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    Event,
    PowerOn,
    ReservoirReplaced,
    Resume,
    SelfTestFinished,
    StartDelivery,
    Suspend,
    Tick,
)
from pumpproof.spec.pump.events import BolusRequested as PumpBolus
from pumpproof.spec.pump.limits import PROFILES, Limits
from pumpproof.spec.pump.outputs import Reason as PumpReason
from pumpproof.spec.pump.outputs import Step
from pumpproof.spec.pump.state import Pump
from pumpproof.statemachine.kernel.machine import NoRow
from pumpproof.statemachine.kernel.system import System
from pumpproof.statemachine.pump.alarms import acknowledge
from pumpproof.statemachine.pump.bolus import refuse_bolus
from pumpproof.statemachine.pump.holds import is_held
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.search.guided import Goals, explore_system
from pumpproof.verify.search.limits import some_valid_limits
from pumpproof.verify.search.replay import judging_only
from pumpproof.verify.search.run import Run

SEED = int(os.environ.get("PUMPPROOF_SEED", "0"))
EXAMPLES = int(os.environ.get("PUMPPROOF_EXAMPLES", "300"))

DEVICES = ("reference-bench", "omnipod-dash")


def limits_of(device: str) -> Limits:
    return PROFILES.load_profile(device).limits()


def some_limits(system: System) -> Any:
    return some_valid_limits(SymbolicSystem(system))


def each_model(verdict: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", model_files(verdict), ids=lambda path: path.stem)


@pytest.mark.parametrize("device", DEVICES)
def test_every_arrow_of_the_pump_is_taken_and_every_property_holds(device: str) -> None:
    assert campaign(SYSTEM, limits_of(device), seed=SEED).missing == ()


@each_model("proved")
def test_every_arrow_of_a_proved_model_is_taken_and_every_property_holds(path: Path) -> None:
    system = system_of(loaded(path))
    assert campaign(system, some_limits(system), seed=SEED).missing == ()


@pytest.mark.slow
@pytest.mark.parametrize("device", DEVICES)
def test_every_property_of_the_pump_holds_in_a_long_campaign(device: str) -> None:
    starts = starts_before_arrows(SYSTEM, limits_of(device))
    machine = state_machine_of(SYSTEM, limits_of(device), starts=starts.values(), longest_repeat=4000)
    run_examples(machine, seed=SEED, examples=EXAMPLES, steps=40)


def ways_to(run: Run) -> list[Run]:
    """Runs that end somewhere on the way that a run goes, before its last event."""
    if not run.parts:
        return []
    *parts, (event, count) = run.parts
    return [Run(run.limits, tuple(parts[:number])) for number in range(len(parts) + 1)] + [
        Run(run.limits, (*parts, (event, count - 1)))
    ]


@each_model("refuted")
def test_what_is_refuted_by_proof_is_broken_by_generated_use(path: Path) -> None:
    subject = loaded(path).SUBJECT
    system = judging_only(system_of(loaded(path)), (subject,))
    limits = some_limits(system)
    found = explore_system(system, limits, Goals(violations=(subject,))).violations[subject]
    machine = state_machine_of(system, limits, starts=ways_to(found), longest_repeat=8)
    with pytest.raises(AssertionError, match=f"{subject} does not hold"):
        run_examples(machine, examples=1000, shrink=False)


def accepts_one_pulse_too_many(pump: Pump, event: PumpBolus, limits: Limits) -> PumpReason:
    return refuse_bolus(pump, event, replace(limits, max_bolus_pulses=limits.max_bolus_pulses + 1))


def refuses_the_largest_bolus(pump: Pump, event: PumpBolus, limits: Limits) -> PumpReason:
    return refuse_bolus(pump, event, replace(limits, max_bolus_pulses=limits.max_bolus_pulses - 1))


def forgets_the_hold(pump: Pump, event: Suspend, limits: Limits) -> Step:
    return Step(pump)


def ignores_latched_alarms(pump: Pump, event: Resume, limits: Limits) -> PumpReason:
    return PumpReason.NONE if is_held(pump.holds) else PumpReason.NOTHING_HELD


def ends_the_alarm_hold(pump: Pump, event: AcknowledgeAlarm, limits: Limits) -> Step:
    after = acknowledge(pump, event, limits).state
    return Step(replace(after, holds=replace(after.holds, alarm=False)))


def never_late(pump: Pump, event: Tick, limits: Limits) -> bool:
    return False


def pump_with(identifier: str, *events: Event, **changes: Any) -> type[TableMachine]:
    """The reference pump with one entry of its table changed, used while it delivers and ``events`` have happened."""
    assert any(entry.id == identifier for entry in SYSTEM.table)
    table = tuple(replace(one, **changes) if one.id == identifier else one for one in SYSTEM.table)
    limits = limits_of("reference-bench")
    full = ReservoirReplaced(limits.reservoir_capacity_pulses)
    delivering = (PowerOn(), SelfTestFinished(passed=True), full, StartDelivery())
    machine = state_machine_of(replace(SYSTEM, table=table), limits, longest_repeat=5)
    machine.starts = (Run.of(limits, (*delivering, *events)),)
    return machine


OCCLUSION = (Tick(0, 100_000, False),) * 3


@pytest.mark.parametrize(
    ("identifier", "events", "part", "wrong", "broken"),
    [
        ("MDL-BOLUS-001", (), "refuse", accepts_one_pulse_too_many, "INV-BOLUS-107"),
        ("MDL-BOLUS-001", (), "refuse", refuses_the_largest_bolus, "INV-BOLUS-014"),
        ("MDL-SUSP-001", (), "effect", forgets_the_hold, "INV-SUSP-006"),
        ("MDL-SUSP-003", OCCLUSION, "refuse", ignores_latched_alarms, "INV-SUSP-007"),
        ("MDL-ALARM-001", OCCLUSION, "effect", ends_the_alarm_hold, "INV-ALARM-008"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_wrong_row_of_the_pump_breaks_a_property(
    identifier: str, events: tuple[Event, ...], part: str, wrong: Any, broken: str
) -> None:
    machine = pump_with(identifier, *events, **{part: wrong})
    with pytest.raises(AssertionError) as caught:
        run_examples(machine, examples=12_000, steps=3, shrink=False)
    said = str(caught.value)
    assert f"{broken} does not hold: {SYSTEM.property_named(broken).says}" in said
    assert f"the last by {identifier}" in said


def test_an_event_that_no_row_takes_is_reported_with_the_run_that_leads_to_it() -> None:
    with pytest.raises(NoRow, match="no row is enabled among MDL-DOSE-001") as caught:
        run_examples(pump_with("MDL-DOSE-004", guard=never_late), examples=3000, shrink=False)
    (run,) = (
        note for note in caught.value.__notes__ if note.startswith("raised by the last event of this run")
    )
    assert run.endswith("delivery_inhibited=True)")


def accepts_above_the_limit(
    pump: bolus_pump.Pump, request: BolusRequested, limits: bolus_pump.Limits
) -> Reason:
    if not 0 < request.pulses <= pump.reservoir_pulses:
        return Reason.RESERVOIR_TOO_LOW
    return Reason.NONE


def test_a_failure_tells_the_sentence_the_smallest_run_and_where_it_leads() -> None:
    system = bolus_pump.with_entry("MDL-BOLUS-001", refuse=accepts_above_the_limit)
    with pytest.raises(AssertionError) as caught:
        run_examples(state_machine_of(system, bolus_pump.LIMITS), examples=300)
    words = re.sub(r"=(1[1-9]|2[0-5])([,)])", r"=MORE\2", str(caught.value))
    assert words.replace("reservoir_pulses=MORE", "reservoir_pulses=25") == (
        "INV-BOLUS-001 does not hold: A bolus that starts is within the limit.\n"
        "after 1 step, the last by MDL-BOLUS-001 accepted\n"
        "  Limits(max_bolus_pulses=10, reservoir_pulses=25)\n"
        "  BolusRequested(pulses=MORE, button=<Button.BOLUS: 'bolus'>)\n"
        "which leads to\n"
        "  Pump(mode=<Mode.DELIVERING: 'delivering'>, remaining_pulses=MORE, reservoir_pulses=25)"
    )


@pytest.mark.parametrize("pulses", [0, 1, 9, 10, 11, 19, 20, 21, 500])
def test_payloads_lie_at_the_limits_at_the_present_state_and_at_the_ends_of_ranges(pulses: int) -> None:
    payloads = Payloads(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    events = payloads.event(BolusRequested, bolus_pump.delivering(3))
    assert find(events, lambda event: event.pulses == pulses) == BolusRequested(pulses)


def test_payloads_never_leave_their_ranges() -> None:
    payloads = Payloads(bolus_pump.SYSTEM, bolus_pump.LIMITS)
    events = payloads.event(BolusRequested, bolus_pump.delivering(3))
    with pytest.raises(NoSuchExample, match="No examples found"):
        find(events, lambda event: not 0 <= event.pulses <= 500)
