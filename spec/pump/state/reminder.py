"""The reminder that no therapy is given."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reminder:
    """For how many seconds there has been no therapy, counted up to the limit of the reminder.

    The count begins anew with therapy, and each time the person acknowledges the reminder.
    """

    without_therapy_s: int
