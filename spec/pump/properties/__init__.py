"""What must hold of the reference pump: observers and properties, by feature."""

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.pump.properties.alarms import ALARM_PROPERTIES, ALARM_WATCH
from pumpproof.spec.pump.properties.basal import BASAL_PROPERTIES, BASAL_STRETCH, TEMPORARY_WATCH
from pumpproof.spec.pump.properties.bolus import BOLUS_LEDGER, BOLUS_PROPERTIES
from pumpproof.spec.pump.properties.bolus_starts import BOLUS_CLOCK, BOLUS_STARTS_PROPERTIES, DAY_WINDOW
from pumpproof.spec.pump.properties.calculator import CALCULATOR_PROPERTIES, DOSE_BOOK
from pumpproof.spec.pump.properties.cannula import CANNULA, CANNULA_PROPERTIES
from pumpproof.spec.pump.properties.clock import CLOCK_MOVES, CLOCK_PROPERTIES
from pumpproof.spec.pump.properties.confirmation import ASKED, CONFIRMATION_PROPERTIES
from pumpproof.spec.pump.properties.day import DAY_OF_THERAPY, DAY_PROPERTIES
from pumpproof.spec.pump.properties.dose import DOSE_PROPERTIES
from pumpproof.spec.pump.properties.drive_count import DRIVE_COUNT_PROPERTIES, TWO_COUNTS
from pumpproof.spec.pump.properties.extended_bolus import EXTENDED_BOLUS_PROPERTIES
from pumpproof.spec.pump.properties.extended_ledger import EXTENDED_LEDGER
from pumpproof.spec.pump.properties.extended_pace import EXTENDED_PACE_PROPERTIES
from pumpproof.spec.pump.properties.first_use import FIRST_USE, FIRST_USE_PROPERTIES
from pumpproof.spec.pump.properties.hardware import HARDWARE_PROPERTIES
from pumpproof.spec.pump.properties.holds import ALARM_HOLD, HOLDS_PROPERTIES, REMOTE_HOLD, TIMED_HOLD
from pumpproof.spec.pump.properties.hour import HOUR_PROPERTIES, HOUR_WINDOW
from pumpproof.spec.pump.properties.infusion_set import DISCONNECTION, INFUSION_SET_PROPERTIES
from pumpproof.spec.pump.properties.insulin_on_board import (
    CHOSEN_CURVE,
    INSULIN_ON_BOARD_PROPERTIES,
    THERAPY_SINCE,
)
from pumpproof.spec.pump.properties.key_lock import KEY_LOCK_PROPERTIES, KEYS
from pumpproof.spec.pump.properties.level import LEVEL_PROPERTIES, LEVEL_READING
from pumpproof.spec.pump.properties.line import LINE_PROPERTIES, LINE_WINDOW
from pumpproof.spec.pump.properties.occlusion import OCCLUSION_PROPERTIES, OCCLUSION_WATCH
from pumpproof.spec.pump.properties.patterns import PATTERN_BOOK, PATTERN_PROPERTIES
from pumpproof.spec.pump.properties.power import POWER_PROPERTIES
from pumpproof.spec.pump.properties.prime import PRIME_LEDGER, PRIME_PROPERTIES
from pumpproof.spec.pump.properties.prime_end import PRIME_END_PROPERTIES
from pumpproof.spec.pump.properties.prime_fate import PRIME_FATE
from pumpproof.spec.pump.properties.reminder import REMINDER_PROPERTIES, THERAPY_GAP
from pumpproof.spec.pump.properties.reservoir import RESERVOIR_LEDGER, RESERVOIR_PROPERTIES
from pumpproof.spec.pump.properties.restart import LAST_SECOND, REQUESTS, RESTART_PROPERTIES
from pumpproof.spec.pump.properties.set_age import SET_AGE, SET_AGE_PROPERTIES
from pumpproof.spec.pump.properties.signals import ALARM_WAIT, AUDIO_PAUSE, SIGNAL_PROPERTIES
from pumpproof.spec.pump.properties.strokes import STROKE_CLOCK, STROKE_PROPERTIES
from pumpproof.spec.pump.properties.suggestion import ADVICE, SUGGESTION_PROPERTIES
from pumpproof.spec.pump.properties.supervision import SELF_TESTS, SUPERVISION_PROPERTIES
from pumpproof.spec.pump.properties.suspension import SUSPENSION_PROPERTIES, USER_HOLD

OBSERVERS: tuple[Observer, ...] = (
    HOUR_WINDOW,
    DAY_OF_THERAPY,
    PATTERN_BOOK,
    TEMPORARY_WATCH,
    BASAL_STRETCH,
    BOLUS_LEDGER,
    EXTENDED_LEDGER,
    STROKE_CLOCK,
    BOLUS_CLOCK,
    DAY_WINDOW,
    ASKED,
    KEYS,
    THERAPY_SINCE,
    CHOSEN_CURVE,
    DOSE_BOOK,
    ADVICE,
    OCCLUSION_WATCH,
    LINE_WINDOW,
    USER_HOLD,
    TIMED_HOLD,
    REMOTE_HOLD,
    ALARM_HOLD,
    THERAPY_GAP,
    ALARM_WATCH,
    ALARM_WAIT,
    AUDIO_PAUSE,
    RESERVOIR_LEDGER,
    LEVEL_READING,
    PRIME_LEDGER,
    PRIME_FATE,
    DISCONNECTION,
    CANNULA,
    SET_AGE,
    FIRST_USE,
    CLOCK_MOVES,
    TWO_COUNTS,
    SELF_TESTS,
    REQUESTS,
    LAST_SECOND,
)

PROPERTIES: tuple[Property, ...] = (
    *DOSE_PROPERTIES,
    *HOUR_PROPERTIES,
    *DAY_PROPERTIES,
    *PATTERN_PROPERTIES,
    *BASAL_PROPERTIES,
    *BOLUS_PROPERTIES,
    *STROKE_PROPERTIES,
    *EXTENDED_BOLUS_PROPERTIES,
    *EXTENDED_PACE_PROPERTIES,
    *BOLUS_STARTS_PROPERTIES,
    *CONFIRMATION_PROPERTIES,
    *KEY_LOCK_PROPERTIES,
    *INSULIN_ON_BOARD_PROPERTIES,
    *CALCULATOR_PROPERTIES,
    *SUGGESTION_PROPERTIES,
    *OCCLUSION_PROPERTIES,
    *LINE_PROPERTIES,
    *SUSPENSION_PROPERTIES,
    *HOLDS_PROPERTIES,
    *REMINDER_PROPERTIES,
    *ALARM_PROPERTIES,
    *SIGNAL_PROPERTIES,
    *HARDWARE_PROPERTIES,
    *RESERVOIR_PROPERTIES,
    *LEVEL_PROPERTIES,
    *POWER_PROPERTIES,
    *PRIME_PROPERTIES,
    *PRIME_END_PROPERTIES,
    *INFUSION_SET_PROPERTIES,
    *CANNULA_PROPERTIES,
    *SET_AGE_PROPERTIES,
    *FIRST_USE_PROPERTIES,
    *CLOCK_PROPERTIES,
    *DRIVE_COUNT_PROPERTIES,
    *SUPERVISION_PROPERTIES,
    *RESTART_PROPERTIES,
)
