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
    stroke_pulses: int
    """Most pulses of a bolus or a prime that one stroke delivers."""
    stroke_interval_s: int
    """Seconds from one stroke of a bolus or a prime to the next."""
    max_prime_pulses: int
    """Largest single prime."""
    reservoir_capacity_pulses: int
    """Content of a full reservoir."""
    low_reservoir_pulses: int
    """The low-reservoir warning is given at this content or less."""
    occlusion_pressure_pa: int
    """A line pressure of this much or more suggests an occlusion."""
    occlusion_persistence_s: int
    """The pressure must stay there for this long before an occlusion is declared."""
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
    temporary_highest_times: int
    """A temporary basal is accepted at most at so many times the highest rate of the programme."""
    temporary_current_times: int
    """A temporary basal is at most so many times the rate that is programmed for the same second."""
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
