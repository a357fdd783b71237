"""Amounts as a person types and reads them: text to an exact amount with its unit, and back.

An ``Amount`` is a whole number of thousandths of its unit, so 1.05 U is 1050 thousandths, and the unit stays with it.
``read_amount`` takes a text only if it has one meaning, exactly on the grid of its range and within its limits;
``show_amount`` writes an amount in the one way that cannot be misread: a zero before the point, none at the end, and
the unit behind it. Reading what was shown gives the amount that was shown, for every amount of every range.

Nothing is rounded here but glucose between its two units, and nothing passes through ``float``.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pumpproof.spec.kernel.units import whole

THOUSANDTHS: Final = 1000
MOST_CHARACTERS: Final = 20
"""Longest text that is looked at; no amount needs as many."""

_NUMBER: Final = re.compile(r"([0-9]*)(?:([.,])([0-9]*))?", re.ASCII)
_GROUP: Final = 3
"""Digits that a thousands mark sets apart."""


class Unit(Enum):
    """What a number counts; the value is how it is written."""

    INSULIN = "U"
    INSULIN_RATE = "U/h"
    CARBOHYDRATE = "g"
    GLUCOSE_MG_PER_DL = "mg/dL"
    GLUCOSE_MMOL_PER_L = "mmol/L"
    PERCENT = "%"
    MINUTES = "min"
    HOURS = "h"


class AmountError(ValueError):
    """A text or an amount that cannot be used. The message says what was wrong and what to write."""


@dataclass(frozen=True)
class Amount:
    """An exact amount: thousandths of a unit, 0 or more, and the unit.

    Raises:
        UnitError: ``thousandths`` is not a whole number of 0 or more.
    """

    thousandths: int
    unit: Unit

    def __post_init__(self) -> None:
        whole(self.thousandths, "thousandths")

    def __str__(self) -> str:
        return show_amount(self)


@dataclass(frozen=True)
class AmountRange:
    """The amounts that may be entered somewhere: ``least`` to ``most``, both included, in steps of ``step``.

    All three are in thousandths of ``unit``. An amount is representable if it lies in the range and is a whole number
    of steps.

    Raises:
        UnitError: a value is not a whole number in range.
        AmountError: ``least`` is above ``most``; an end is no whole number of steps; or the range reaches 1000 units
            and needs three decimals, so that 1.025 could stand for 1025 as well.
    """

    unit: Unit
    least: int
    most: int
    step: int

    def __post_init__(self) -> None:
        whole(self.step, "step", minimum=1)
        whole(self.least, "least")
        whole(self.most, "most")
        if self.least > self.most:
            raise AmountError(
                f"the least amount, {self._shown(self.least)}, is above the most, {self._shown(self.most)}."
            )
        for end in (self.least, self.most):
            if end % self.step:
                raise AmountError(
                    f"{self._shown(end)} is an end of a range in steps of {self._shown(self.step)}; "
                    f"give a whole number of steps."
                )
        if self.most >= THOUSANDTHS * THOUSANDTHS and self.step % 10:
            raise AmountError(
                f"a range that reaches {self._shown(self.most)} in steps of {self._shown(self.step)} has amounts "
                f"with three decimals, which look like thousands; give a step of whole hundredths."
            )

    def holds(self, amount: Amount) -> bool:
        """Whether the amount is representable here."""
        inside = amount.unit is self.unit and self.least <= amount.thousandths <= self.most
        return inside and amount.thousandths % self.step == 0

    def _shown(self, thousandths: int) -> str:
        return show_amount(Amount(thousandths, self.unit))


def show_amount(amount: Amount) -> str:
    """The amount as text with its unit: ``0.5 U``, never ``.5`` nor ``0.50``, with a decimal point."""
    return f"{show_number(amount.thousandths)} {amount.unit.value}"


def show_number(thousandths: int) -> str:
    """The number of an amount alone, for a place that shows the unit by itself."""
    units, rest = divmod(whole(thousandths, "thousandths"), THOUSANDTHS)
    return f"{units}.{rest:03}".rstrip("0").rstrip(".")


def read_amount(text: str, allowed: AmountRange) -> Amount:
    """The amount that a text says, exactly; it has the unit of ``allowed``.

    The decimal mark is a point or a comma and may come first; zeros at the end are allowed, and so is the unit
    behind the number. A mark with exactly three digits behind it is taken as decimal only if the third is needed and
    the number of thousands would be out of range.

    Raises:
        AmountError: the text has no meaning or more than one, or its amount is not representable. The message names
            the limits, or the nearest two amounts.
    """
    number = _without_unit(text, allowed.unit)
    units, decimals = _digits(number, text)
    scaled, scale = int(units + decimals), 10 ** len(decimals)
    if _looks_like_thousands(units, decimals):
        alternative = int(units + decimals) * THOUSANDTHS
        if decimals.endswith("0") or alternative <= allowed.most:
            raise AmountError(
                f"{text!r} may mean {show_number(scaled)} or {show_number(alternative)}; write the one that is meant."
            )
    if not allowed.least * scale <= scaled * THOUSANDTHS <= allowed.most * scale:
        side = "below" if scaled * THOUSANDTHS < allowed.least * scale else "above"
        raise AmountError(
            f"{text!r} is {side} what is allowed; give from {_shown(allowed.least, allowed)} "
            f"to {_shown(allowed.most, allowed)}."
        )
    steps, off_grid = divmod(scaled * THOUSANDTHS, allowed.step * scale)
    if off_grid:
        lower = steps * allowed.step
        raise AmountError(
            f"{text!r} is no whole number of steps of {_shown(allowed.step, allowed)}; the nearest amounts are "
            f"{_shown(lower, allowed)} and {_shown(lower + allowed.step, allowed)}."
        )
    return Amount(steps * allowed.step, allowed.unit)


def _shown(thousandths: int, allowed: AmountRange) -> str:
    return show_amount(Amount(thousandths, allowed.unit))


def _without_unit(text: str, unit: Unit) -> str:
    """The number of a text that may name its unit; another unit is refused, not converted."""
    if len(text) > MOST_CHARACTERS:
        raise AmountError(f"a text of {len(text)} characters is no amount; give at most {MOST_CHARACTERS}.")
    stripped = text.strip(" ")
    for known in sorted(Unit, key=lambda one: -len(one.value)):
        if stripped.endswith(known.value):
            if known is not unit:
                raise AmountError(f"{text!r} is in {known.value}; expected {unit.value}.")
            return stripped.removesuffix(unit.value).rstrip(" ")
    return stripped


def _digits(number: str, text: str) -> tuple[str, str]:
    """The digits before the decimal mark and behind it; the first may be empty if there are others."""
    if not number:
        raise AmountError(f"{text!r} holds no number; write one, such as 0.5.")
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise AmountError(_what_is_wrong(number, text))
    units, mark, decimals = found[1], found[2] or "", found[3] or ""
    if mark and not decimals:
        raise AmountError(f"{text!r} ends in a decimal mark; write the digits behind it, or leave it out.")
    if len(units) > 1 and units.startswith("0"):
        shorter = units.lstrip("0") or "0"
        raise AmountError(
            f"{text!r} begins with a zero that counts nothing; if a decimal mark is missing behind it, write "
            f"0.{units[1:]}{decimals}, else {shorter}{mark and '.'}{decimals}."
        )
    return units, decimals


def _what_is_wrong(number: str, text: str) -> str:
    """Why no number can be made of the characters: the first of them that has no place there."""
    for character in number:
        if character in "+-−":
            return f"{text!r} has a sign; an amount is 0 or more and is written without one."
        if character in " '’_\u00a0\u202f\u2009":
            return f"{text!r} has a space or a mark inside; write the digits without."
        if not character.isascii() and character.isdigit():
            return f"{text!r} has a digit other than 0 to 9; write it with these."
        if character in "eE":
            return f"{text!r} has an exponent or another letter; write all digits instead."
        if character not in "0123456789.,":
            return f"{text!r} has {character!r}, which is no part of a number; write digits and one decimal mark."
    return f"{text!r} has more than one mark; write no thousands marks, and one decimal mark at most."


def _looks_like_thousands(units: str, decimals: str) -> bool:
    return len(decimals) == _GROUP and 1 <= len(units) <= _GROUP and not units.startswith("0")


MG_PER_DL_OF_100_MMOL_PER_L: Final = 1802
"""Glucose: 18.02 mg/dL are 1 mmol/L, the published factor (a mole of glucose is 180.2 g), taken as exact."""


def shown_in(amount: Amount, unit: Unit) -> Amount:
    """A glucose amount in ``unit``: whole mg/dL, or tenths of a mmol/L, rounded to the nearest; a tie goes down,
    because less glucose never asks for more insulin. An amount that has this unit already stays as it is.

    From mmol/L to mg/dL and back gives the same tenth. The other way round, the first conversion may move a value by
    less than 1 mg/dL, and no further one moves it again; so keep the value that was measured or entered.

    Raises:
        AmountError: one of the units is not a unit of glucose, or the amount is no whole mg/dL or tenth of a mmol/L.
    """
    if amount.unit is unit:
        return amount
    if amount.unit is Unit.GLUCOSE_MG_PER_DL and unit is Unit.GLUCOSE_MMOL_PER_L:
        mg_per_dl = _whole_part(amount, THOUSANDTHS)
        return Amount(100 * _nearest(mg_per_dl * 1000, MG_PER_DL_OF_100_MMOL_PER_L), unit)
    if amount.unit is Unit.GLUCOSE_MMOL_PER_L and unit is Unit.GLUCOSE_MG_PER_DL:
        tenths = _whole_part(amount, 100)
        return Amount(THOUSANDTHS * _nearest(tenths * MG_PER_DL_OF_100_MMOL_PER_L, 1000), unit)
    raise AmountError(f"{show_amount(amount)} has no value in {unit.value}; only glucose has two units.")


def _whole_part(amount: Amount, grain: int) -> int:
    count, rest = divmod(amount.thousandths, grain)
    if rest:
        raise AmountError(
            f"{show_amount(amount)} is finer than {show_amount(Amount(grain, amount.unit))}; "
            f"convert the value that was measured or entered."
        )
    return count


def _nearest(numerator: int, denominator: int) -> int:
    """The nearest whole number to the quotient of two positive numbers; a tie goes down."""
    return -((denominator - 2 * numerator) // (2 * denominator))
