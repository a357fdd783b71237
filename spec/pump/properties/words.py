"""Words that several properties use; none of them is used by the pump itself."""

from dataclasses import replace

from pumpproof.spec.pump.events import SelfTestFinished
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.state import (
    ALARM_COUNT,
    NO_THERAPY,
    AlarmPhase,
    Alarms,
    Basal,
    Bolus,
    Calculator,
    Confirmation,
    ExtendedBolus,
    Mode,
    Prime,
    Pump,
    Question,
    Reminder,
    SelfTestFailure,
)


def is_on(pump: Pump) -> bool:
    """Time counts in every mode but off."""
    return pump.mode is not Mode.OFF


def held(pump: Pump) -> bool:
    """Some hold is set."""
    return pump.holds.user or pump.holds.alarm or pump.holds.remote or pump.holds.timed_s >= 1


def rest_cancelled(bolus: Bolus) -> Bolus:
    """The same bolus with all that remained of it reported as cancelled."""
    return replace(
        bolus, remaining_pulses=0, cancelled_pulses=bolus.cancelled_pulses + bolus.remaining_pulses
    )


def prime_broken(prime: Prime) -> Prime:
    """A prime that runs is over and has failed; one that does not run stays as it is."""
    return replace(prime, remaining_pulses=0, failed=prime.failed or prime.remaining_pulses > 0)


def extended_rest_cancelled(extended: ExtendedBolus) -> ExtendedBolus:
    """The same extended bolus with all that remained of it reported as cancelled."""
    rest = extended.remaining_pulses
    return replace(extended, remaining_pulses=0, cancelled_pulses=extended.cancelled_pulses + rest)


def boluses_are_over(pump: Pump) -> bool:
    """Nothing remains of a bolus, nor of an extended one."""
    return pump.bolus.remaining_pulses == 0 and pump.extended_bolus.remaining_pulses == 0


def rest_is_reported(before: Pump, after: Pump) -> bool:
    """What remained of both boluses was added to what is reported as cancelled."""
    bolus = before.bolus.cancelled_pulses + before.bolus.remaining_pulses
    extended = before.extended_bolus.cancelled_pulses + before.extended_bolus.remaining_pulses
    return after.bolus.cancelled_pulses == bolus and after.extended_bolus.cancelled_pulses == extended


def therapy_pulses(outputs: Outputs) -> int:
    """All that a step gives as therapy."""
    return outputs.basal_pulses + outputs.bolus_pulses + outputs.extended_pulses


def nothing_shown() -> Confirmation:
    """Nothing waits for a confirmation."""
    return Confirmation(question=Question.NONE, pulses=0, extended_pulses=0, duration_s=0, remaining_s=0)


def bolus_withdrawn(confirmation: Confirmation) -> Confirmation:
    """The same, but a bolus is not shown any more."""
    return nothing_shown() if confirmation.question is Question.BOLUS else confirmation


def suggestion_ended(calculator: Calculator) -> Calculator:
    """The same settings, and no suggestion stands."""
    return replace(calculator, suggestion_left_s=0)


def gives_nothing(outputs: Outputs) -> bool:
    """Accepted, and nothing is driven; it may tell that what was shown has lapsed."""
    return replace(outputs, question_lapsed=False) == Outputs()


def temporary_ended(basal: Basal) -> Basal:
    """The same basal without a temporary rate that runs."""
    return replace(basal, temporary=replace(basal.temporary, remaining_s=0))


def reminder_ended(pump: Pump) -> Pump:
    """The same pump with its reminder silent and its time begun anew; the wait for escalation ends with the last."""
    phases = tuple(
        AlarmPhase.SILENT if k == NO_THERAPY else pump.alarms.phases[k] for k in range(ALARM_COUNT)
    )
    waits = any(phases[k] is AlarmPhase.SOUNDING for k in range(ALARM_COUNT))
    alarms = Alarms(
        phases=phases,
        unacknowledged_s=pump.alarms.unacknowledged_s if waits else 0,
        audio_paused_s=pump.alarms.audio_paused_s,
    )
    return replace(pump, alarms=alarms, reminder=Reminder(without_therapy_s=0))


def accepted(outputs: Outputs) -> bool:
    """The request of this step was not refused."""
    return outputs.refusal is Reason.NONE


def open_for_settings(pump: Pump) -> bool:
    """The self-test has passed and no fault was found since."""
    return pump.mode is Mode.IDLE or pump.mode is Mode.PRIMING or pump.mode is Mode.DELIVERING


def passes(result: SelfTestFinished) -> bool:
    """The self-test found nothing wrong: it says so, and names nothing."""
    return result.passed and result.failure is SelfTestFailure.NONE


def named_as_failed(result: SelfTestFinished) -> SelfTestFailure:
    """What a self-test that fails found wrong; without a name, that none was said."""
    return SelfTestFailure.NOT_SAID if result.failure is SelfTestFailure.NONE else result.failure


def request_is_accepted(outputs: Outputs) -> bool:
    """A witness for properties that say when a request is accepted: one that is."""
    return accepted(outputs)


def something_is_driven(outputs: Outputs) -> bool:
    """A witness for properties of what is given: a step that gives something."""
    return outputs.drive_pulses > 0
