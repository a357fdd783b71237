"""The key lock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LockKeys:
    """Lock the keys."""


@dataclass(frozen=True)
class UnlockRequested:
    """Ask to unlock the keys; nothing is unlocked before it is confirmed."""


@dataclass(frozen=True)
class ConfirmUnlock:
    """Unlock the keys, as asked."""
