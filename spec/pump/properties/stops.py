"""What a second by itself may find that stops the insulin: an occlusion, a drive that disobeys, no supervision."""

from typing import Final

from pumpproof.spec.pump.events import Tick
from pumpproof.spec.pump.limits import Limits
from pumpproof.spec.pump.properties.drive_count import (
    TwoCounts,
    ahead_pulses,
    behind_pulses,
    seconds_ahead,
)
from pumpproof.spec.pump.properties.occlusion import OcclusionWatch, occlusion_found
from pumpproof.spec.pump.properties.supervision import SelfTests

STOP_LEMMAS: Final = ("INV-OCC-001", "INV-INTEG-010", "INV-INTEG-011", "INV-INTEG-030", "INV-INTEG-040")
"""What says that the pump counts as the observers do by which ``second_stops`` judges."""


def drive_disobeys(counts: TwoCounts, limits: Limits) -> bool:
    """The encoder has been ahead for the persistence, or both counts are far apart."""
    far = max(ahead_pulses(counts), behind_pulses(counts)) > limits.gross_difference_pulses
    return far or seconds_ahead(counts, limits) >= limits.surplus_persistence_s


def supervision_is_missing(tests: SelfTests, event: Tick, limits: Limits) -> bool:
    """No self-test has passed in time, or no second came in time for as long as the watchdog."""
    too_late = event.delivery_inhibited and tests.late_s + 1 >= limits.watchdog_s
    return too_late or tests.since_s + 1 >= limits.self_test_interval_s + limits.self_test_bound_s


def second_stops(
    watch: OcclusionWatch, counts: TwoCounts, tests: SelfTests, event: Tick, limits: Limits
) -> bool:
    """With this second there is a reason to stop that was not reported before it."""
    found = occlusion_found(watch, event, limits) or drive_disobeys(counts, limits)
    return found or supervision_is_missing(tests, event, limits)
