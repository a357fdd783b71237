"""After an occlusion: when it is gone, what may be stored in the line, and how often is too often."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pump_bench import FULL_BASAL, HIGH_PA, SMALL, Bench, delivering, ready

from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    BolusRequested,
    ConfirmBolus,
    ConfirmDisconnected,
    ConfirmLine,
    LockKeys,
    PowerOff,
    PowerOn,
    ReadInsulinOnBoard,
    Resume,
    SelfTestFinished,
    StartDelivery,
    StartPrime,
    StopDelivery,
    Tick,
)
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.state import Alarm, AlarmPhase, Mode, Priority

RELEASE_PA = SMALL.occlusion_release_pa
FIND_S = SMALL.occlusion_persistence_s
WINDOW_S = SMALL.repeated_occlusion_window_s
ACKNOWLEDGED = (AcknowledgeAlarm(Alarm.OCCLUSION), AcknowledgeAlarm(Alarm.REPEATED_OCCLUSION))


def occlude(bench: Bench) -> None:
    """The line blocks until that is found, and opens again."""
    bench.seconds(FIND_S, pressure_pa=HIGH_PA)
    bench.seconds(1)


def occlude_after(bench: Bench, seconds: int) -> None:
    """The next occlusion is found so many seconds after the last one, and opens again."""
    bench.seconds(seconds - FIND_S - 1)
    occlude(bench)


def resumed() -> Bench:
    """Basal runs again after an occlusion; nobody has confirmed the line."""
    bench = delivering(FULL_BASAL)
    occlude(bench)
    assert bench.send(*ACKNOWLEDGED, Resume()).refusal is Reason.NONE
    return bench


def occluded_thrice(bench: Bench) -> Bench:
    """Three occlusions in quick succession, all alarms acknowledged, the line open."""
    for _ in range(3):
        occlude(bench)
    bench.send(*ACKNOWLEDGED)
    return bench


def second(bench: Bench, pressure_pa: int = 0) -> Outputs:
    """What one more second puts out."""
    return bench.send(Tick(0, pressure_pa, delivery_inhibited=False))


def test_an_occlusion_stays_until_the_pressure_is_below_the_release() -> None:
    bench = delivering()
    bench.seconds(FIND_S, pressure_pa=HIGH_PA)
    bench.send(*ACKNOWLEDGED)
    for pressure_pa in (HIGH_PA - 1, RELEASE_PA):
        bench.seconds(3, pressure_pa=pressure_pa)
        assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.ACKNOWLEDGED
        assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.seconds(1, pressure_pa=RELEASE_PA - 1)
    assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.SILENT
    assert bench.send(Resume()).refusal is Reason.NONE


def test_pressure_between_the_thresholds_is_no_occlusion_of_its_own() -> None:
    bench = delivering(FULL_BASAL)
    assert sum(bench.seconds(20, pressure_pa=HIGH_PA - 1)) == 10
    assert bench.phase(Alarm.OCCLUSION) is AlarmPhase.SILENT


def test_a_pressure_that_swings_about_the_threshold_is_one_occlusion() -> None:
    bench = delivering()
    for _ in range(5):
        bench.seconds(FIND_S, pressure_pa=HIGH_PA)
        bench.seconds(1, pressure_pa=HIGH_PA - 1)
    assert bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SILENT


def test_an_occlusion_outlives_power_off() -> None:
    bench = delivering()
    bench.seconds(FIND_S, pressure_pa=HIGH_PA)
    bench.send(PowerOff(), PowerOn(), SelfTestFinished(passed=True))
    assert second(bench, RELEASE_PA).signal.alarm is Alarm.OCCLUSION
    assert bench.send(ConfirmLine()).refusal is Reason.LINE_OCCLUDED
    assert second(bench).insulin_in_line


def test_insulin_in_the_line_is_told_from_the_alarm_until_the_line_is_confirmed() -> None:
    bench = delivering(FULL_BASAL)
    assert not second(bench, HIGH_PA).insulin_in_line
    found = second(bench, HIGH_PA)
    assert (found.insulin_in_line, found.signal.alarm) == (True, Alarm.OCCLUSION)
    assert second(bench).insulin_in_line
    bench.send(*ACKNOWLEDGED, Resume())
    assert second(bench).insulin_in_line
    bench.send(StopDelivery())
    assert second(bench).insulin_in_line
    assert bench.send(ConfirmLine()).refusal is Reason.NONE
    assert not second(bench).insulin_in_line


def test_an_occlusion_during_a_prime_puts_the_line_in_question_too() -> None:
    bench = ready()
    bench.send(ConfirmDisconnected(), StartPrime(5))
    assert second(bench, HIGH_PA).prime_pulses == 2
    assert second(bench, HIGH_PA).insulin_in_line


def test_basal_is_resumed_and_no_bolus_is_shown_before_the_line_is_confirmed() -> None:
    bench = resumed()
    assert sum(bench.seconds(4)) == 2
    refused = bench.send(BolusRequested(3)).refusal
    assert refused is Reason.INSULIN_IN_LINE
    assert refused.value == "insulin may be stored in the line, which was not confirmed since its occlusion"
    assert bench.send(ConfirmLine(), BolusRequested(3)).refusal is Reason.NONE
    assert bench.send(ConfirmBolus(3)).refusal is Reason.NONE
    assert sum(bench.seconds(4)) == 5


def test_an_occlusion_withdraws_a_bolus_that_is_shown_and_it_stays_away() -> None:
    bench = delivering()
    bench.send(BolusRequested(3))
    bench.seconds(FIND_S, pressure_pa=HIGH_PA)
    bench.seconds(1)
    bench.send(*ACKNOWLEDGED, Resume())
    assert bench.send(ConfirmBolus(3)).refusal is Reason.NOTHING_TO_CONFIRM


def test_what_was_delivered_up_to_an_occlusion_stays_booked_and_on_board() -> None:
    bench = delivering()
    bench.bolus(6)
    assert bench.seconds(FIND_S, pressure_pa=HIGH_PA) == (2, 0)
    for event in (*ACKNOWLEDGED, Tick(0, 0, delivery_inhibited=False), ConfirmLine(), Resume()):
        bench.send(event)
        assert bench.pump().accounts.therapy_delivered_pulses == 2
        assert bench.send(ReadInsulinOnBoard()).insulin_on_board_millipulses == 2000


def test_a_line_can_be_confirmed_once_after_its_occlusion_is_gone() -> None:
    bench = delivering()
    never = bench.send(ConfirmLine()).refusal
    assert never is Reason.LINE_NOT_IN_QUESTION
    assert never.value == "the line was not occluded since it was confirmed"
    bench.seconds(FIND_S, pressure_pa=HIGH_PA)
    blocked = bench.send(ConfirmLine()).refusal
    assert (blocked, blocked.value) == (Reason.LINE_OCCLUDED, "the line is still occluded")
    bench.seconds(1)
    assert bench.send(ConfirmLine()).refusal is Reason.NONE
    assert bench.send(ConfirmLine()).refusal is Reason.LINE_NOT_IN_QUESTION


def test_a_line_is_confirmed_with_unlocked_keys_where_therapy_may_follow() -> None:
    bench = resumed()
    bench.send(LockKeys())
    assert bench.send(ConfirmLine()).refusal is Reason.KEYS_LOCKED
    off = resumed()
    off.send(PowerOff())
    assert off.send(ConfirmLine()).refusal is Reason.POWERED_OFF
    off.send(PowerOn())
    assert off.send(ConfirmLine()).refusal is Reason.NOT_IN_THIS_MODE
    off.send(SelfTestFinished(passed=True), ConfirmDisconnected(), StartPrime(2))
    assert off.pump().mode is Mode.PRIMING
    assert off.send(ConfirmLine()).refusal is Reason.NONE


def test_the_third_occlusion_of_a_window_alarms_for_itself() -> None:
    bench = delivering()
    occlude(bench)
    occlude(bench)
    assert bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SILENT
    second(bench, HIGH_PA)
    third = second(bench, HIGH_PA)
    assert (third.signal.alarm, third.signal.priority) == (Alarm.REPEATED_OCCLUSION, Priority.HIGH)
    assert third.signal.sound


def test_after_the_third_occlusion_nothing_flows_until_the_line_is_confirmed() -> None:
    bench = occluded_thrice(delivering(FULL_BASAL))
    refused = bench.send(Resume()).refusal
    assert refused is Reason.OCCLUDED_REPEATEDLY
    assert refused.value == "the line was occluded too often and was not confirmed since"
    bench.send(PowerOff(), PowerOn(), SelfTestFinished(passed=True))
    assert bench.send(StartDelivery()).refusal is Reason.HELD
    bench.seconds(WINDOW_S)
    assert bench.send(Resume()).refusal is Reason.OCCLUDED_REPEATEDLY
    assert bench.send(ConfirmLine(), Resume(), StartDelivery()).refusal is Reason.NONE
    assert sum(bench.seconds(4)) == 2


def test_the_alarm_of_repeated_occlusions_wants_its_acknowledgement_and_the_confirmation() -> None:
    bench = delivering()
    for _ in range(3):
        occlude(bench)
    bench.send(AcknowledgeAlarm(Alarm.OCCLUSION), ConfirmLine())
    assert bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SOUNDING
    assert bench.send(Resume()).refusal is Reason.ALARM_LATCHED
    bench.send(AcknowledgeAlarm(Alarm.REPEATED_OCCLUSION))
    assert bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SILENT
    assert bench.send(Resume()).refusal is Reason.NONE


def test_another_occlusion_right_after_the_confirmation_sounds_anew() -> None:
    bench = occluded_thrice(delivering(limits=replace(SMALL, occlusion_persistence_s=1)))
    bench.send(ConfirmLine())
    second(bench, HIGH_PA)
    assert bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SOUNDING


@settings(max_examples=40)
@given(first_s=st.integers(FIND_S + 1, WINDOW_S), second_s=st.integers(FIND_S + 1, WINDOW_S))
def test_three_occlusions_are_too_many_exactly_within_one_window(first_s: int, second_s: int) -> None:
    bench = delivering()
    bench.open("line window")
    occlude(bench)
    occlude_after(bench, first_s)
    occlude_after(bench, second_s)
    repeated = bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SOUNDING
    assert repeated == (first_s + second_s < WINDOW_S)


@pytest.mark.parametrize(("apart_s", "repeated"), [(29, True), (30, False)])
def test_the_edge_of_the_window_and_time_off_that_counts_for_nothing(apart_s: int, repeated: bool) -> None:
    bench = delivering()
    occlude(bench)
    occlude_after(bench, 30)
    bench.send(PowerOff(), *(Tick(0, 0, delivery_inhibited=False),) * 30, PowerOn())
    occlude_after(bench, apart_s)
    assert (bench.phase(Alarm.REPEATED_OCCLUSION) is AlarmPhase.SOUNDING) == repeated
