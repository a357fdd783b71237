"""Insulin on board."""

from dataclasses import dataclass

from pumpproof.spec.pump.state import InsulinCurve


@dataclass(frozen=True)
class ReadInsulinOnBoard:
    """Say how much insulin still acts."""


@dataclass(frozen=True)
class ChooseInsulinCurve:
    """Let insulin on board wear off by this curve."""

    curve: InsulinCurve
