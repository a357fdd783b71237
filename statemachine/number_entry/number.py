"""The number on the screen: what it is, how keys change it, and when it is unusual."""

from dataclasses import replace

from pumpproof.spec.number_entry.limits import MOST_FACTOR, Limits
from pumpproof.spec.number_entry.model import MOST_DECIMALS, Mode, NumberEntry, Wrong


def on_screen(entry: NumberEntry) -> int:
    """Thousandths of what the screen shows."""
    if entry.decimals == 0:
        return 1000 * entry.mantissa
    if entry.decimals == 1:
        return 100 * entry.mantissa
    return 10 * entry.mantissa if entry.decimals == 2 else entry.mantissa


def show(entry: NumberEntry, thousandths: int) -> NumberEntry:
    """Another number on the screen, with all its decimals."""
    return replace(entry, mantissa=thousandths, decimals=MOST_DECIMALS, marked=True)


def blank_if_shown(entry: NumberEntry) -> NumberEntry:
    """Typing begins a number of its own: nothing of the value in force remains."""
    return replace(entry, mantissa=0, decimals=0, marked=False) if entry.mode is Mode.SHOWN else entry


def with_digit(entry: NumberEntry, digit: int) -> NumberEntry:
    blank = blank_if_shown(entry)
    decimals = blank.decimals + (1 if blank.marked else 0)
    return replace(blank, mantissa=10 * blank.mantissa + digit, decimals=decimals)


def wrong_with_digit(entry: NumberEntry, digit: int, limits: Limits) -> Wrong:
    """A digit that has no place is never dropped: what would remain is a number that nobody typed."""
    if entry.mode is Mode.EDITED and not entry.marked and entry.mantissa == 0:
        return Wrong.LEADING_ZERO
    if entry.mode is Mode.EDITED and entry.decimals >= MOST_DECIMALS:
        return Wrong.TOO_FINE
    return Wrong.ABOVE if on_screen(with_digit(entry, digit)) > limits.most else Wrong.NOTHING


def is_unfinished(entry: NumberEntry) -> bool:
    return entry.marked and entry.decimals == 0


def is_on_grid(thousandths: int, limits: Limits) -> bool:
    """Whether the number is a whole number of steps, for each of the steps in use."""
    if limits.step == 15_000:
        return thousandths % 15_000 == 0
    if limits.step == 5000:
        return thousandths % 5000 == 0
    if limits.step == 1000:
        return thousandths % 1000 == 0
    if limits.step == 500:
        return thousandths % 500 == 0
    if limits.step == 250:
        return thousandths % 250 == 0
    if limits.step == 100:
        return thousandths % 100 == 0
    if limits.step == 50:
        return thousandths % 50 == 0
    if limits.step == 25:
        return thousandths % 25 == 0
    if limits.step == 20:
        return thousandths % 20 == 0
    if limits.step == 10:
        return thousandths % 10 == 0
    if limits.step == 5:
        return thousandths % 5 == 0
    return True


def wrong_to_confirm(entry: NumberEntry, limits: Limits) -> Wrong:
    if is_unfinished(entry):
        return Wrong.UNFINISHED
    if on_screen(entry) < limits.least:
        return Wrong.BELOW
    return Wrong.NOTHING if is_on_grid(on_screen(entry), limits) else Wrong.OFF_GRID


def is_far(number: int, in_force: int, limits: Limits) -> bool:
    """More than ``near`` apart, and one more than ``factor`` times the other."""
    smaller = min(number, in_force)
    larger = max(number, in_force)
    times = any(limits.factor == k and larger > k * smaller for k in range(2, MOST_FACTOR + 1))
    return larger - smaller > limits.near and times


def is_unusual(entry: NumberEntry, limits: Limits) -> bool:
    number = on_screen(entry)
    return not limits.soft_least <= number <= limits.soft_most or is_far(number, entry.in_force, limits)
