"""The limits under which the pump is proved, as one record."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits under which the pump is proved, in core units."""

    max_bolus_pulses: int
    """Largest single bolus."""
    max_basal_millipulses_per_h: int
    """Largest basal rate, scheduled or temporary."""
    max_hour_pulses: int
    """Most therapy (basal and bolus) delivered in any window of 3600 s."""
    max_day_pulses: int
    """Most therapy (basal and bolus) delivered in any window of 24 hours."""
    stroke_pulses: int
    """Most pulses of a bolus or a prime that one stroke delivers."""
    stroke_interval_s: int
    """Seconds from one stroke of a bolus or a prime to the next."""
    max_prime_pulses: int
    """Largest single prime."""
    max_prime_s: int
    """A prime that has not ended by then fails."""
    prime_confirmation_s: int
    """Seconds in which a prime may begin after the set was confirmed to be disconnected."""
    max_cannula_fill_pulses: int
    """Largest filling of the cannula of a new set."""
    set_change_s: int
    """From this age on the person is reminded to change the set."""
    service_grace_s: int
    """Seconds from that reminder until the set stops the insulin; 0 for a set that never does."""
    reservoir_capacity_pulses: int
    """Content of a full reservoir."""
    low_reservoir_pulses: int
    """The low-reservoir warning is given at this content or less."""
    level_disagreement_pulses: int
    """From this difference on, a reading of the level and the count disagree."""
    occlusion_pressure_pa: int
    """A line pressure of this much or more suggests an occlusion."""
    occlusion_persistence_s: int
    """The pressure must stay there for this long before an occlusion is declared."""
    occlusion_release_pa: int
    """An occlusion is gone once the line pressure is below this."""
    repeated_occlusion_window_s: int
    """Three occlusions within so many seconds are too many."""
    max_temporary_basal_s: int
    """Longest temporary basal."""
    audio_pause_s: int
    """A pause of the sound of the alarms lasts for this long."""
    escalation_s: int
    """An alarm that was not acknowledged for this long is signalled with high priority."""
    bolus_lockout_s: int
    """Least seconds from the start of one bolus to the start of the next."""
    max_boluses_per_day: int
    """Most boluses that begin in any window of 24 hours."""
    confirmation_s: int
    """Seconds in which what the pump shows can be confirmed."""
    max_timed_suspension_s: int
    """Longest time for which a suspension may be set."""
    reminder_s: int
    """Seconds without therapy, or since the last acknowledgement, after which the pump reminds of it."""
    max_carbohydrate_g: int
    """Most carbohydrate that one suggestion may be asked for."""
    lowest_glucose_mg_per_dl: int
    """Lowest glucose from which a dose is suggested."""
    highest_glucose_mg_per_dl: int
    """Highest glucose from which a dose is suggested."""
    glucose_valid_s: int
    """Glucose of this age, or older, suggests no dose and carries no suggestion."""
    least_millipulses_per_g: int
    """Least dose that may be set for a gram of carbohydrate."""
    most_millipulses_per_g: int
    """Most dose that may be set for a gram of carbohydrate."""
    least_millipulses_per_mg_per_dl: int
    """Least dose that may be set for a mg/dL above the target."""
    most_millipulses_per_mg_per_dl: int
    """Most dose that may be set for a mg/dL above the target."""
    lowest_target_mg_per_dl: int
    """Lowest glucose at which a dose may aim."""
    highest_target_mg_per_dl: int
    """Highest glucose at which a dose may aim."""
    temporary_highest_times: int
    """A temporary basal is accepted at most at so many times the highest rate of the programme."""
    temporary_current_times: int
    """A temporary basal is at most so many times the rate that is programmed for the same second."""
    min_extended_s: int
    """Least seconds over which an extended bolus is given."""
    max_extended_s: int
    """Most seconds over which an extended bolus is given."""
    count_tolerance_pulses: int
    """The encoder of the drive may be so many pulses ahead of or behind what was commanded."""
    gross_difference_pulses: int
    """A difference of more than this, either way, stops the insulin at once."""
    surplus_persistence_s: int
    """The encoder must be ahead beyond the tolerance for this long before it counts as over-delivery."""
    shortfall_persistence_s: int
    """The encoder must be behind beyond the tolerance for this long before it counts as under-delivery."""
    self_test_interval_s: int
    """A self-test is due this long after the last one that passed."""
    self_test_bound_s: int
    """The result of a self-test that is due must come within this time."""
    watchdog_s: int
    """So many late seconds in a row are a fault."""
