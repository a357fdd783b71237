"""What the person does with the infusion set."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ConfirmDisconnected:
    """The person has looked: the set is disconnected from the body."""


@dataclass(frozen=True)
class ConfirmConnected:
    """The set is connected to the body again."""


@dataclass(frozen=True)
class SetChanged:
    """A new infusion set is in place."""


@dataclass(frozen=True)
class FillCannula:
    """Fill the cannula of a new set, connected to the body."""

    pulses: int
