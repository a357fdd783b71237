"""What must hold of the reference pump: observers and properties, by feature."""

from pumpproof.spec.kernel.observers import Observer
from pumpproof.spec.kernel.properties import Property
from pumpproof.spec.pump.properties.alarms import ALARM_PROPERTIES, EMPTY_WATCH, LOW_WATCH
from pumpproof.spec.pump.properties.basal import BASAL_PROGRAMME, BASAL_PROPERTIES, BASAL_STRETCH
from pumpproof.spec.pump.properties.bolus import BOLUS_LEDGER, BOLUS_PROPERTIES, STROKE_CLOCK
from pumpproof.spec.pump.properties.dose import DOSE_PROPERTIES
from pumpproof.spec.pump.properties.first_use import FIRST_USE, FIRST_USE_PROPERTIES
from pumpproof.spec.pump.properties.hour import HOUR_PROPERTIES, HOUR_WINDOW
from pumpproof.spec.pump.properties.insulin_on_board import (
    CHOSEN_CURVE,
    INSULIN_ON_BOARD_PROPERTIES,
    THERAPY_SINCE,
)
from pumpproof.spec.pump.properties.occlusion import OCCLUSION_PROPERTIES, OCCLUSION_WATCH
from pumpproof.spec.pump.properties.power import POWER_PROPERTIES
from pumpproof.spec.pump.properties.prime import PRIME_LEDGER, PRIME_PROPERTIES
from pumpproof.spec.pump.properties.reservoir import RESERVOIR_LEDGER, RESERVOIR_PROPERTIES
from pumpproof.spec.pump.properties.suspension import SUSPENSION_PROPERTIES, USER_HOLD

OBSERVERS: tuple[Observer, ...] = (
    HOUR_WINDOW,
    BASAL_PROGRAMME,
    BASAL_STRETCH,
    BOLUS_LEDGER,
    STROKE_CLOCK,
    THERAPY_SINCE,
    CHOSEN_CURVE,
    OCCLUSION_WATCH,
    USER_HOLD,
    EMPTY_WATCH,
    LOW_WATCH,
    RESERVOIR_LEDGER,
    PRIME_LEDGER,
    FIRST_USE,
)

PROPERTIES: tuple[Property, ...] = (
    *DOSE_PROPERTIES,
    *HOUR_PROPERTIES,
    *BASAL_PROPERTIES,
    *BOLUS_PROPERTIES,
    *INSULIN_ON_BOARD_PROPERTIES,
    *OCCLUSION_PROPERTIES,
    *SUSPENSION_PROPERTIES,
    *ALARM_PROPERTIES,
    *RESERVOIR_PROPERTIES,
    *POWER_PROPERTIES,
    *PRIME_PROPERTIES,
    *FIRST_USE_PROPERTIES,
)
