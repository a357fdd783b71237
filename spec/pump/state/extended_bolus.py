"""The extended bolus, its books and its time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExtendedBolus:
    """The last extended bolus: what was programmed, in pulses, is delivered, remains to be given, or was cancelled.

    ``remaining_s`` is what is left of its own time of ``duration_s`` seconds, which stands while another bolus runs.
    Each second of this time adds ``programmed_pulses`` to ``accumulator``, and ``duration_s`` of it are a pulse: so all
    of it comes in exactly its time, and nothing is rounded.
    """

    programmed_pulses: int
    duration_s: int
    remaining_pulses: int
    delivered_pulses: int
    cancelled_pulses: int
    remaining_s: int
    accumulator: int
