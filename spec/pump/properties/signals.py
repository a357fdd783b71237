"""The signals of alarms: what is shown and heard, how long it may be silent, and what happens if nobody comes."""

from dataclasses import dataclass, replace
from typing import Annotated

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property, acceptance, invariant, lemma, step_property
from pumpproof.spec.kernel.types import Length
from pumpproof.spec.pump.events import (
    AcknowledgeAlarm,
    EncoderRead,
    HardwareReported,
    PauseAudio,
    PowerOff,
    ReservoirReplaced,
    Resume,
    StartDelivery,
    Tick,
)
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Signal
from pumpproof.spec.pump.properties.words import accepted, is_on, request_is_accepted
from pumpproof.spec.pump.state import (
    ACTIONS,
    ALARM_COUNT,
    ALARMS,
    AUDIO_PAUSABLE,
    NO_THERAPY,
    PRIORITIES,
    Action,
    AlarmPhase,
    Mode,
    Priority,
    Pump,
)


def waits(pump: Pump) -> bool:
    """Some alarm waits for its acknowledgement."""
    return any(pump.alarms.phases[k] is AlarmPhase.SOUNDING for k in range(ALARM_COUNT))


def begins(before: Pump, after: Pump) -> bool:
    """Some alarm begins to sound in this step."""
    return any(
        before.alarms.phases[k] is AlarmPhase.SILENT and after.alarms.phases[k] is AlarmPhase.SOUNDING
        for k in range(ALARM_COUNT)
    )


@dataclass(frozen=True)
class AudioPause:
    """The seconds that remain of an accepted pause of the sound."""

    left_s: int


def begin_pause(pump: Pump) -> AudioPause:
    """Nothing is paused."""
    return AudioPause(left_s=0)


def note_pause(pause: AudioPause, outputs: Outputs, limits: Limits) -> AudioPause:
    """An accepted request begins a whole pause."""
    return AudioPause(left_s=limits.audio_pause_s) if accepted(outputs) else pause


def second_of_pause(pause: AudioPause, before: Pump, after: Pump) -> AudioPause:
    """A second of it is over; an alarm that begins ends all of it."""
    if before.mode is Mode.OFF:
        return pause
    over = pause.left_s <= 1 or begins(before, after)
    return AudioPause(left_s=0 if over else pause.left_s - 1)


def new_alarm_ends_pause(pause: AudioPause, before: Pump, after: Pump) -> AudioPause:
    """An alarm that begins ends the pause."""
    return AudioPause(left_s=0) if begins(before, after) else pause


def power_off_ends_pause(pause: AudioPause, outputs: Outputs) -> AudioPause:
    """After power off every alarm is heard again."""
    return AudioPause(left_s=0) if accepted(outputs) else pause


AUDIO_PAUSE = Observer(
    "audio pause",
    says="Counts down an accepted pause of the sound; an alarm that begins, or power off, ends it.",
    record=AudioPause,
    begin=begin_pause,
    steps=(
        (PauseAudio, note_pause),
        (Tick, second_of_pause),
        (HardwareReported, new_alarm_ends_pause),
        (EncoderRead, new_alarm_ends_pause),
        (ReservoirReplaced, new_alarm_ends_pause),
        (PowerOff, power_off_ends_pause),
    ),
)


@dataclass(frozen=True)
class AlarmWait:
    """For how many seconds each alarm, in the order of the table, and some alarm has waited to be acknowledged."""

    waited_s: Annotated[tuple[int, ...], Length(ALARM_COUNT)]
    some_waited_s: int


def begin_wait(pump: Pump) -> AlarmWait:
    """Nothing waits."""
    return AlarmWait(waited_s=tuple(0 for k in range(ALARM_COUNT)), some_waited_s=0)


def second_of_wait(wait: AlarmWait, before: Pump) -> AlarmWait:
    """Every second in which the pump is on counts for each alarm that sounded before it."""
    if before.mode is Mode.OFF:
        return wait
    return AlarmWait(
        waited_s=tuple(
            wait.waited_s[k] + 1 if before.alarms.phases[k] is AlarmPhase.SOUNDING else 0
            for k in range(ALARM_COUNT)
        ),
        some_waited_s=wait.some_waited_s + 1 if waits(before) else 0,
    )


def acknowledgement_ends_wait(
    wait: AlarmWait, after: Pump, event: AcknowledgeAlarm, outputs: Outputs
) -> AlarmWait:
    """An accepted acknowledgement ends the wait of its own alarm, and the last one ends all waiting."""
    if not accepted(outputs):
        return wait
    return AlarmWait(
        waited_s=tuple(0 if event.alarm is ALARMS[k] else wait.waited_s[k] for k in range(ALARM_COUNT)),
        some_waited_s=wait.some_waited_s if waits(after) else 0,
    )


def therapy_ends_wait(wait: AlarmWait, after: Pump, outputs: Outputs) -> AlarmWait:
    """An accepted resume or start that lets therapy run ends the wait of the reminder."""
    if not accepted(outputs) or after.mode is not Mode.DELIVERING:
        return wait
    return AlarmWait(
        waited_s=tuple(0 if k == NO_THERAPY else wait.waited_s[k] for k in range(ALARM_COUNT)),
        some_waited_s=wait.some_waited_s if waits(after) else 0,
    )


ALARM_WAIT = Observer(
    "alarm wait",
    says="Counts for each alarm the seconds for which it has been waiting for its acknowledgement.",
    record=AlarmWait,
    begin=begin_wait,
    steps=(
        (Tick, second_of_wait),
        (AcknowledgeAlarm, acknowledgement_ends_wait),
        (Resume, therapy_ends_wait),
        (StartDelivery, therapy_ends_wait),
    ),
)


def urgency(priority: Priority) -> int:
    """Priorities as numbers, to compare them."""
    if priority is Priority.HIGH:
        return 3
    if priority is Priority.MEDIUM:
        return 2
    return 1 if priority is Priority.LOW else 0


def is_escalated(pump: Pump, limits: Limits) -> bool:
    """Something has waited for as long as it takes to escalate."""
    return pump.alarms.unacknowledged_s >= limits.escalation_s


def urgency_now(phase: AlarmPhase, priority: Priority, escalated: bool) -> int:
    """That of the table; the highest for an alarm that waits once it has escalated; none for a silent one."""
    if phase is AlarmPhase.SILENT:
        return 0
    return 3 if escalated and phase is AlarmPhase.SOUNDING else urgency(priority)


def second_while_on(before: Pump, event: Tick) -> bool:
    return is_on(before)


def medium_is_signalled(outputs: Outputs) -> bool:
    return outputs.signal.priority is Priority.MEDIUM


@step_property(
    "INV-ALARM-013",
    says="Every second signals a latched alarm with its priority, and if none is latched it signals nothing.",
    formalizes=("REQ-ALARM-006.b", "REQ-ALARM-007", "REQ-INTEG-004.b"),
    when=second_while_on,
    witness=medium_is_signalled,
)
def signal_is_a_latched_alarm(
    before: Pump, after: Pump, event: Tick, outputs: Outputs, limits: Limits
) -> bool:
    escalated = is_escalated(after, limits)
    signalled = urgency(outputs.signal.priority)
    named = any(
        outputs.signal.alarm is ALARMS[k]
        and signalled > 0
        and signalled == urgency_now(after.alarms.phases[k], PRIORITIES[k], escalated)
        for k in range(ALARM_COUNT)
    )
    silent = all(after.alarms.phases[k] is AlarmPhase.SILENT for k in range(ALARM_COUNT))
    return outputs.signal == Signal() if silent else named and outputs.signal.light


@step_property(
    "INV-ALARM-014",
    says="No latched alarm is more urgent than the signalled one, which is the first of the table among equals.",
    formalizes=("REQ-ALARM-007",),
    when=second_while_on,
    witness=medium_is_signalled,
)
def signal_is_the_most_urgent(
    before: Pump, after: Pump, event: Tick, outputs: Outputs, limits: Limits
) -> bool:
    escalated = is_escalated(after, limits)
    signalled = urgency(outputs.signal.priority)
    return all(
        signalled >= urgency_now(after.alarms.phases[k], PRIORITIES[k], escalated) for k in range(ALARM_COUNT)
    ) and not any(
        outputs.signal.alarm is ALARMS[k]
        and any(
            i < k and signalled == urgency_now(after.alarms.phases[i], PRIORITIES[i], escalated)
            for i in range(ALARM_COUNT)
        )
        for k in range(ALARM_COUNT)
    )


def sound_is_paused(after: Pump, outputs: Outputs) -> bool:
    return waits(after) and not outputs.signal.sound


@step_property(
    "INV-ALARM-015",
    says="While an alarm waits, every second vibrates and sounds; a pause takes away pausable sound alone.",
    formalizes=("REQ-ALARM-008.b", "REQ-ALARM-013"),
    when=second_while_on,
    witness=sound_is_paused,
)
def waiting_alarm_is_heard(before: Pump, after: Pump, event: Tick, outputs: Outputs, limits: Limits) -> bool:
    paused = after.alarms.audio_paused_s >= 1 and not is_escalated(after, limits)
    heard = any(
        after.alarms.phases[k] is AlarmPhase.SOUNDING and not (paused and AUDIO_PAUSABLE[k])
        for k in range(ALARM_COUNT)
    )
    return outputs.signal.sound == heard and outputs.signal.vibration == waits(after)


def stop_is_announced(before: Pump, after: Pump, event: Tick) -> bool:
    return is_on(before) and any(
        ACTIONS[k] is Action.STOP and after.alarms.phases[k] is AlarmPhase.SOUNDING
        for k in range(ALARM_COUNT)
    )


@step_property(
    "INV-ALARM-016",
    says="An alarm that stops the insulin is announced by light and vibration until it is acknowledged, come what may.",
    formalizes=("REQ-ALARM-013",),
    when=stop_is_announced,
    witness=sound_is_paused,
)
def stop_is_announced_twice(before: Pump, after: Pump, event: Tick, outputs: Outputs) -> bool:
    return outputs.signal.light and outputs.signal.vibration


def audio_is_paused(pause: AudioPause) -> bool:
    return pause.left_s > 0


@invariant(
    "INV-ALARM-017",
    says="A pause of the sound lasts exactly its time, unless an alarm begins or the pump is switched off.",
    formalizes=("REQ-ALARM-008.a",),
    witness=audio_is_paused,
)
def pause_is_counted(pump: Pump, pause: AudioPause) -> bool:
    return pump.alarms.audio_paused_s == pause.left_s


@invariant(
    "INV-ALARM-018",
    says="No pause of the sound has longer to run than a whole one, nor a negative time.",
    formalizes=("REQ-ALARM-008.a",),
    witness=audio_is_paused,
)
def pause_is_bounded(pause: AudioPause, limits: Limits) -> bool:
    return 0 <= pause.left_s <= limits.audio_pause_s


@acceptance(
    "INV-ALARM-019",
    says="The sound can be paused exactly while the pump is on, an alarm waits, and none has waited too long.",
    formalizes=("REQ-ALARM-008.b", "REQ-POWER-001.c", "REQ-UI-006.c"),
    uses=("INV-ALARM-020",),
    witness=request_is_accepted,
)
def pause_is_accepted(
    before: Pump, event: PauseAudio, outputs: Outputs, limits: Limits, wait: AlarmWait
) -> bool:
    patient = wait.some_waited_s < limits.escalation_s
    return accepted(outputs) == (is_on(before) and waits(before) and patient)


def some_alarm_waits(wait: AlarmWait) -> bool:
    return wait.some_waited_s > 0


@invariant(
    "INV-ALARM-020",
    says="The seconds for which something has waited for its acknowledgement are counted exactly, up to escalation.",
    formalizes=("REQ-ALARM-011.c",),
    witness=some_alarm_waits,
)
def wait_is_counted(pump: Pump, wait: AlarmWait, limits: Limits) -> bool:
    return pump.alarms.unacknowledged_s == min(wait.some_waited_s, limits.escalation_s)


@lemma(
    "INV-ALARM-101",
    says="No alarm has waited for longer than some alarm has, and one that does not sound has not waited.",
    witness=some_alarm_waits,
)
def each_waits_within_all(pump: Pump, wait: AlarmWait) -> bool:
    return wait.some_waited_s >= 0 and all(
        wait.waited_s[k] <= wait.some_waited_s
        and (wait.waited_s[k] == 0 or pump.alarms.phases[k] is AlarmPhase.SOUNDING)
        for k in range(ALARM_COUNT)
    )


def nobody_has_come(before: Pump, event: Tick, limits: Limits, wait: AlarmWait) -> bool:
    too_long = any(wait.waited_s[k] + 1 >= limits.escalation_s for k in range(ALARM_COUNT))
    return is_on(before) and too_long


@step_property(
    "INV-ALARM-021",
    says="Once any alarm has not been acknowledged for the limit, every second signals high priority and sounds.",
    formalizes=("REQ-ALARM-014", "REQ-ALARM-008.b"),
    when=nobody_has_come,
    uses=("INV-ALARM-020", "INV-ALARM-101"),
)
def unacknowledged_alarm_escalates(before: Pump, event: Tick, outputs: Outputs) -> bool:
    return outputs.signal.priority is Priority.HIGH and outputs.signal.sound


def paused_now(event: PauseAudio, outputs: Outputs) -> bool:
    return accepted(outputs)


@step_property(
    "INV-ALARM-022",
    says="A pause of the sound begins with its whole time and changes nothing else: every alarm stays as it is.",
    formalizes=("REQ-ALARM-008.a",),
    when=paused_now,
)
def pause_does_this_alone(
    before: Pump, after: Pump, event: PauseAudio, outputs: Outputs, limits: Limits
) -> bool:
    alarms = replace(before.alarms, audio_paused_s=limits.audio_pause_s)
    return after == replace(before, alarms=alarms) and outputs == Outputs()


SIGNAL_PROPERTIES: tuple[Property, ...] = (
    signal_is_a_latched_alarm,
    signal_is_the_most_urgent,
    waiting_alarm_is_heard,
    stop_is_announced_twice,
    pause_is_counted,
    pause_is_bounded,
    pause_is_accepted,
    wait_is_counted,
    each_waits_within_all,
    unacknowledged_alarm_escalates,
    pause_does_this_alone,
)
