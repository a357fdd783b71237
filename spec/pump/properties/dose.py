"""What every step obeys: the drive, the accounts, refusals, late seconds."""

from pumpproof.spec.kernel.properties import Property, step_property
from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.outputs import Outputs, Reason
from pumpproof.spec.pump.properties.words import accepted, something_is_driven, therapy_pulses
from pumpproof.spec.pump.state import Mode, Pump


@step_property(
    "INV-DOSE-001",
    says="The drive gets exactly the basal, bolus, extended and prime pulses of the step.",
    formalizes=("REQ-DOSE-002.a",),
    witness=something_is_driven,
)
def drive_is_the_sum(outputs: Outputs) -> bool:
    return outputs.drive_pulses == therapy_pulses(outputs) + outputs.prime_pulses


@step_property(
    "INV-DOSE-002",
    says="No output is negative, and no step drives more than a stroke and a pulse of basal.",
    formalizes=("REQ-DOSE-002", "REQ-DOSE-003.b", "REQ-DOSE-010.a"),
    uses=("INV-BOLUS-104", "INV-BOLUS-130", "INV-PRIME-010", "INV-RES-002"),
    witness=something_is_driven,
)
def drive_is_bounded(outputs: Outputs, limits: Limits) -> bool:
    doses = outputs.bolus_pulses >= 0 and outputs.extended_pulses >= 0 and outputs.prime_pulses >= 0
    positive = doses and outputs.basal_pulses >= 0
    return positive and outputs.drive_pulses <= limits.stroke_pulses + 1


@step_property(
    "INV-DOSE-003",
    says="The accounts of therapy and prime grow by exactly what is driven for each.",
    formalizes=("REQ-DOSE-002.b", "REQ-PRIME-002", "REQ-DOSE-007.a", "REQ-DOSE-014.a"),
    witness=something_is_driven,
)
def accounts_grow_by_the_drive(before: Pump, after: Pump, outputs: Outputs) -> bool:
    therapy = after.accounts.therapy_delivered_pulses - before.accounts.therapy_delivered_pulses
    prime = after.accounts.prime_delivered_pulses - before.accounts.prime_delivered_pulses
    return therapy == therapy_pulses(outputs) and prime == outputs.prime_pulses


@step_property(
    "INV-DOSE-004",
    says="Therapy is given only while delivering, and prime only while priming.",
    formalizes=("REQ-DOSE-002", "REQ-PRIME-001"),
    witness=something_is_driven,
)
def pulses_belong_to_their_mode(before: Pump, outputs: Outputs) -> bool:
    therapy = outputs.basal_pulses == 0 and outputs.bolus_pulses == 0 and outputs.extended_pulses == 0
    return (therapy or before.mode is Mode.DELIVERING) and (
        outputs.prime_pulses == 0 or before.mode is Mode.PRIMING
    )


def second_came_late(event: Tick) -> bool:
    return event.delivery_inhibited


@step_property(
    "INV-DOSE-005",
    says="A second that a late controller makes up for commands nothing.",
    formalizes=("REQ-DOSE-003.a",),
    when=second_came_late,
)
def late_second_commands_nothing(event: Tick, outputs: Outputs) -> bool:
    return outputs.drive_pulses == 0


def request_was_refused(outputs: Outputs) -> bool:
    return not accepted(outputs)


@step_property(
    "INV-DOSE-006",
    says="A refused request changes nothing and commands nothing.",
    formalizes=("REQ-DOSE-006", "REQ-UI-004.a"),
    when=request_was_refused,
)
def refusal_changes_nothing(before: Pump, after: Pump, outputs: Outputs) -> bool:
    return after == before and outputs.drive_pulses == 0


@step_property(
    "INV-DOSE-007",
    says="A second is never refused.",
    formalizes=("REQ-DOSE-005.a",),
)
def seconds_are_not_refused(event: Tick, outputs: Outputs) -> bool:
    return outputs.refusal is Reason.NONE


DOSE_PROPERTIES: tuple[Property, ...] = (
    drive_is_the_sum,
    drive_is_bounded,
    accounts_grow_by_the_drive,
    pulses_belong_to_their_mode,
    late_second_commands_nothing,
    refusal_changes_nothing,
    seconds_are_not_refused,
)
