"""Where the entry of a number meets amounts with units: its limits from a range, its screen and its result as text."""

from dataclasses import dataclass

from pumpproof.spec.kernel.amounts import Amount, AmountError, AmountRange, Unit, show_amount
from pumpproof.spec.number_entry.limits import Limits
from pumpproof.spec.number_entry.model import MOST_DECIMALS, NumberEntry, Outputs


@dataclass(frozen=True)
class Place:
    """A place where a number is entered: its range, and when a number asks again.

    ``start`` is in force before any entry; beyond ``soft_least`` and ``soft_most`` a number asks again, and so it does
    when it is more than ``near`` from the value in force, and more than ``factor`` times as much or as little.

    Raises:
        AmountError: an amount has another unit than the range.
    """

    allowed: AmountRange
    start: Amount
    soft_least: Amount
    soft_most: Amount
    near: Amount
    factor: int
    expiry_s: int

    def __post_init__(self) -> None:
        for amount in (self.start, self.soft_least, self.soft_most, self.near):
            if amount.unit is not self.unit:
                raise AmountError(f"{amount} has another unit than the range; expected {self.unit.value}.")

    @property
    def unit(self) -> Unit:
        """The unit of everything that is entered here."""
        return self.allowed.unit

    def limits(self) -> Limits:
        """The limits under which the entry is proved; the running machine refuses those that are not valid."""
        return Limits(
            least=self.allowed.least,
            most=self.allowed.most,
            soft_least=self.soft_least.thousandths,
            soft_most=self.soft_most.thousandths,
            step=self.allowed.step,
            start=self.start.thousandths,
            factor=self.factor,
            near=self.near.thousandths,
            expiry_s=self.expiry_s,
        )


def screen_text(entry: NumberEntry, unit: Unit) -> str:
    """What the screen has to show, digit by digit as it was typed, with the unit: ``1.50 U``.

    A number that has all its decimals, such as the value in force, is shown without zeros at the end.
    """
    if entry.decimals == MOST_DECIMALS:
        return show_amount(Amount(entry.mantissa, unit))
    digits = f"{entry.mantissa:0{entry.decimals + 1}}"
    units, decimals = digits[: len(digits) - entry.decimals], digits[len(digits) - entry.decimals :]
    return f"{units}{'.' if entry.marked else ''}{decimals} {unit.value}"


def taken_amount(outputs: Outputs, unit: Unit) -> Amount | None:
    """The amount that comes into force with a step; None if none does."""
    return Amount(outputs.taken_thousandths, unit) if outputs.taken else None
