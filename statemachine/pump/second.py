"""What passes with every second in which the pump is on."""

from dataclasses import replace

from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.state import Pump
from pumpproof.statemachine.pump.accounts import second_of_accounts
from pumpproof.statemachine.pump.basal import second_of_basal
from pumpproof.statemachine.pump.bolus_starts import second_of_starts
from pumpproof.statemachine.pump.confirmation import second_of_confirmation
from pumpproof.statemachine.pump.day import second_of_day
from pumpproof.statemachine.pump.drive import second_of_drive
from pumpproof.statemachine.pump.drive_count import second_of_drive_count
from pumpproof.statemachine.pump.holds import second_of_holds
from pumpproof.statemachine.pump.infusion_set import second_of_prime, second_of_set
from pumpproof.statemachine.pump.insulin_on_board import second_of_insulin_on_board
from pumpproof.statemachine.pump.line import second_of_line
from pumpproof.statemachine.pump.reminder import second_of_reminder
from pumpproof.statemachine.pump.signals import second_of_signals
from pumpproof.statemachine.pump.suggestion import second_of_suggestion
from pumpproof.statemachine.pump.supervision import second_of_supervision


def second_passes(pump: Pump, tick: Tick, limits: Limits) -> Pump:
    """Move every timer by one second, each feature its own; no insulin is given here."""
    return replace(
        pump,
        holds=second_of_holds(pump.holds),
        alarms=second_of_signals(pump.alarms, limits),
        line=second_of_line(pump.line, tick, limits),
        basal=second_of_basal(pump.basal),
        bolus_starts=second_of_starts(pump.bolus_starts),
        calculator=second_of_suggestion(pump.calculator),
        confirmation=second_of_confirmation(pump.confirmation),
        drive=second_of_drive(pump.drive),
        prime=second_of_prime(pump.prime),
        infusion_set=second_of_set(pump.infusion_set),
        drive_count=second_of_drive_count(pump.drive_count, limits),
        supervision=second_of_supervision(pump.supervision, tick, limits),
        accounts=second_of_accounts(pump.accounts),
        day=second_of_day(pump.day, pump.bolus_starts),
        insulin_on_board=second_of_insulin_on_board(pump.insulin_on_board, pump.accounts),
        reminder=second_of_reminder(pump, limits),
    )
