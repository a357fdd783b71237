"""Amounts from text and back: one meaning or none, and the amount that was shown is the amount that is read."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pumpproof.spec.kernel.amounts import (
    Amount,
    AmountError,
    AmountRange,
    Unit,
    read_amount,
    show_amount,
    shown_in,
)
from pumpproof.spec.kernel.units import UnitError

BOLUS = AmountRange(Unit.INSULIN, 0, 30_000, 50)
FINE = AmountRange(Unit.INSULIN, 0, 30_000, 1)
RATE = AmountRange(Unit.INSULIN_RATE, 25, 15_000, 25)
DURATION = AmountRange(Unit.MINUTES, 0, 1_440_000, 1000)
GLUCOSE = AmountRange(Unit.GLUCOSE_MG_PER_DL, 20_000, 600_000, 1000)


@st.composite
def representable(draw: st.DrawFn) -> tuple[Amount, AmountRange]:
    """An amount and a range that holds it."""
    step = draw(st.sampled_from((1, 5, 10, 25, 50, 100, 250, 1000, 5000, 30_000)))
    reach = 10**9 if step % 10 == 0 else 999_999
    least, number, most = sorted(draw(st.lists(st.integers(0, reach // step), min_size=3, max_size=3)))
    unit = draw(st.sampled_from(Unit))
    return Amount(number * step, unit), AmountRange(unit, least * step, most * step, step)


@pytest.mark.verifies("REQ-UI-003", "REQ-UI-008.b")
@given(representable())
def test_what_is_shown_is_read_back_exactly(shown: tuple[Amount, AmountRange]) -> None:
    amount, allowed = shown
    assert allowed.holds(amount)
    assert read_amount(show_amount(amount), allowed) == amount


@pytest.mark.verifies("REQ-UI-003")
@pytest.mark.parametrize(
    ("allowed", "every"), [(BOLUS, 50), (FINE, 7)], ids=["all of 0.05 U", "some of 0.001 U"]
)
def test_amounts_up_to_30_units_are_read_however_they_are_written(allowed: AmountRange, every: int) -> None:
    for thousandths in range(allowed.least, allowed.most + 1, every):
        amount = Amount(thousandths, Unit.INSULIN)
        number = str(amount).removesuffix(" U")
        padded = f"{thousandths // 1000}.{thousandths % 1000:03}0"
        ways = [str(amount), number, number.replace(".", ","), padded, f" {number}U "]
        if 0 < thousandths < 1000:
            ways.append(number.removeprefix("0"))
        assert {read_amount(text, allowed) for text in ways} == {amount}


def value_of(text: str) -> Fraction:
    return Fraction(text.replace(",", ".").removesuffix("U").strip())


@given(st.text(alphabet="0123456789.,+-eU ", max_size=9))
def test_a_text_is_refused_or_means_what_its_digits_say(text: str) -> None:
    try:
        amount = read_amount(text, FINE)
    except AmountError:
        return
    assert Fraction(amount.thousandths, 1000) == value_of(text)
    assert FINE.holds(amount)


@given(st.integers(0, 10**7), st.integers(0, 9), st.sampled_from((1, 5, 25, 50, 1000)))
def test_a_number_beside_the_grid_names_its_two_neighbours(digits: int, decimals: int, step: int) -> None:
    allowed = AmountRange(Unit.INSULIN, 0, 999_000, step)
    value = Fraction(digits, 10**decimals)
    off_grid = value * 1000 % step != 0
    text = f"{digits // 10**decimals}.{digits % 10**decimals:0{decimals}}" if decimals else str(digits)
    if decimals == 3:
        text += "0"  # with three decimals it could mean thousands
    if not off_grid or value > 999:
        return
    with pytest.raises(AmountError) as caught:
        read_amount(text, allowed)
    named = re.search(r"nearest amounts are ([0-9.]+) U and ([0-9.]+) U\.$", str(caught.value))
    assert named is not None
    lower, upper = Fraction(named[1]), Fraction(named[2])
    assert lower < value < upper and upper - lower == Fraction(step, 1000)


@pytest.mark.verifies("REQ-UI-003")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "'' holds no number; write one, such as 0.5."),
        ("U", "'U' holds no number; write one, such as 0.5."),
        (".", "'.' ends in a decimal mark; write the digits behind it, or leave it out."),
        ("5.", "'5.' ends in a decimal mark; write the digits behind it, or leave it out."),
        (
            "05",
            (
                "'05' begins with a zero that counts nothing; if a decimal mark is missing behind it, write 0.5, "
                "else 5."
            ),
        ),
        ("-1", "'-1' has a sign; an amount is 0 or more and is written without one."),
        ("+1", "'+1' has a sign; an amount is 0 or more and is written without one."),
        ("1e1", "'1e1' has an exponent or another letter; write all digits instead."),
        ("1 000", "'1 000' has a space or a mark inside; write the digits without."),
        ("1'000", '"1\'000" has a space or a mark inside; write the digits without.'),
        ("1_0", "'1_0' has a space or a mark inside; write the digits without."),
        ("١", "'١' has a digit other than 0 to 9; write it with these."),
        ("１.５", "'１.５' has a digit other than 0 to 9; write it with these."),
        ("1²", "'1²' has a digit other than 0 to 9; write it with these."),
        ("ten", "'ten' has 't', which is no part of a number; write digits and one decimal mark."),
        (
            "1,000.5",
            "'1,000.5' has more than one mark; write no thousands marks, and one decimal mark at most.",
        ),
        ("1.0.5", "'1.0.5' has more than one mark; write no thousands marks, and one decimal mark at most."),
        ("1,000", "'1,000' may mean 1 or 1000; write the one that is meant."),
        ("12.500", "'12.500' may mean 12.5 or 12500; write the one that is meant."),
        ("30.05", "'30.05' is above what is allowed; give from 0 U to 30 U."),
        ("9999999999", "'9999999999' is above what is allowed; give from 0 U to 30 U."),
        (
            "1.02",
            "'1.02' is no whole number of steps of 0.05 U; the nearest amounts are 1 U and 1.05 U.",
        ),
        (
            "1.0500001",
            "'1.0500001' is no whole number of steps of 0.05 U; the nearest amounts are 1.05 U and 1.1 U.",
        ),
        ("1" * 21, "a text of 21 characters is no amount; give at most 20."),
    ],
)
def test_what_has_no_single_exact_meaning_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(AmountError) as caught:
        read_amount(text, BOLUS)
    assert str(caught.value) == complaint


def test_less_than_the_least_is_refused_with_both_limits() -> None:
    with pytest.raises(AmountError, match=r"'0' is below what is allowed; give from 0\.025 U/h to 15 U/h\."):
        read_amount("0", RATE)


def test_three_decimals_are_read_unless_the_thousands_are_allowed_too() -> None:
    assert read_amount("1.025", RATE) == Amount(1025, Unit.INSULIN_RATE)
    with pytest.raises(AmountError, match=r"'1\.025' may mean 1\.025 or 1025"):
        read_amount("1.025", DURATION)
    assert read_amount("1025", DURATION) == Amount(1_025_000, Unit.MINUTES)


@pytest.mark.verifies("INC-UI-001")
@pytest.mark.parametrize("text", ["1.05", "1,05", "1.05 U", "1.0500"])
def test_1_05_is_never_fifteen_units(text: str) -> None:
    assert read_amount(text, BOLUS) == Amount(1050, Unit.INSULIN)


@pytest.mark.verifies("INC-UI-002")
def test_0_299_is_taken_exactly_or_not_at_all() -> None:
    assert read_amount("0.299", FINE) == Amount(299, Unit.INSULIN)
    with pytest.raises(AmountError, match=r"the nearest amounts are 0\.25 U and 0\.3 U\."):
        read_amount("0.299", BOLUS)


@pytest.mark.verifies("REQ-UI-008.b")
@pytest.mark.parametrize("written", Unit)
@pytest.mark.parametrize("expected", Unit)
def test_a_number_in_another_unit_is_refused_never_converted(written: Unit, expected: Unit) -> None:
    allowed = AmountRange(expected, 0, 100_000, 1000)
    text = f"7 {written.value}"
    if written is expected:
        assert read_amount(text, allowed) == Amount(7000, expected)
    else:
        with pytest.raises(AmountError) as caught:
            read_amount(text, allowed)
        assert str(caught.value) == f"'{text}' is in {written.value}; expected {expected.value}."


@pytest.mark.verifies("REQ-UI-008.b")
def test_amounts_of_two_units_are_different_whatever_their_numbers() -> None:
    assert Amount(7000, Unit.GLUCOSE_MG_PER_DL) != Amount(7000, Unit.GLUCOSE_MMOL_PER_L)
    assert not GLUCOSE.holds(Amount(100_000, Unit.GLUCOSE_MMOL_PER_L))


@pytest.mark.parametrize(
    ("mg_per_dl", "mmol_per_l"),
    [
        (18, "1 mmol/L"),
        (91, "5 mmol/L"),
        (70, "3.9 mmol/L"),
        (100, "5.5 mmol/L"),
        (180, "10 mmol/L"),
        (400, "22.2 mmol/L"),
    ],
)
def test_glucose_is_shown_in_the_other_unit_by_18_02(mg_per_dl: int, mmol_per_l: str) -> None:
    measured = Amount(mg_per_dl * 1000, Unit.GLUCOSE_MG_PER_DL)
    assert str(shown_in(measured, Unit.GLUCOSE_MMOL_PER_L)) == mmol_per_l


def test_glucose_is_rounded_to_the_nearest_and_a_tie_goes_down() -> None:
    for mg_per_dl in range(2000):
        tenths = (
            shown_in(Amount(mg_per_dl * 1000, Unit.GLUCOSE_MG_PER_DL), Unit.GLUCOSE_MMOL_PER_L).thousandths
            / 100
        )
        exact = Fraction(mg_per_dl * 1000, 1802)
        assert -Fraction(1, 2) < exact - Fraction(tenths) <= Fraction(1, 2)
    at_25_mmol_per_l = shown_in(Amount(25_000, Unit.GLUCOSE_MMOL_PER_L), Unit.GLUCOSE_MG_PER_DL)
    assert str(at_25_mmol_per_l) == "450 mg/dL"


def test_glucose_in_tenths_of_a_mmol_per_l_survives_the_way_there_and_back() -> None:
    for tenths in range(1000):
        entered = Amount(tenths * 100, Unit.GLUCOSE_MMOL_PER_L)
        assert shown_in(shown_in(entered, Unit.GLUCOSE_MG_PER_DL), Unit.GLUCOSE_MMOL_PER_L) == entered


@pytest.mark.verifies("INC-UI-003")
def test_a_value_that_is_in_its_unit_already_is_not_converted_again() -> None:
    for mg_per_dl in range(1000):
        measured = Amount(mg_per_dl * 1000, Unit.GLUCOSE_MG_PER_DL)
        once = shown_in(measured, Unit.GLUCOSE_MMOL_PER_L)
        assert shown_in(once, Unit.GLUCOSE_MMOL_PER_L) == once
        assert shown_in(measured, Unit.GLUCOSE_MG_PER_DL) == measured
        back = shown_in(once, Unit.GLUCOSE_MG_PER_DL)
        assert shown_in(back, Unit.GLUCOSE_MMOL_PER_L) == once
        assert abs(back.thousandths - measured.thousandths) <= 1000


@pytest.mark.parametrize(
    ("amount", "unit", "complaint"),
    [
        (Amount(1000, Unit.INSULIN), Unit.CARBOHYDRATE, "1 U has no value in g; only glucose has two units."),
        (Amount(1000, Unit.MINUTES), Unit.HOURS, "1 min has no value in h; only glucose has two units."),
        (
            Amount(5550, Unit.GLUCOSE_MMOL_PER_L),
            Unit.GLUCOSE_MG_PER_DL,
            "5.55 mmol/L is finer than 0.1 mmol/L; convert the value that was measured or entered.",
        ),
    ],
)
def test_what_has_no_other_unit_is_refused(amount: Amount, unit: Unit, complaint: str) -> None:
    with pytest.raises(AmountError) as caught:
        shown_in(amount, unit)
    assert str(caught.value) == complaint


@pytest.mark.parametrize(
    ("least", "most", "step", "complaint"),
    [
        (100, 50, 50, "the least amount, 0.1 U, is above the most, 0.05 U."),
        (0, 30_010, 50, "30.01 U is an end of a range in steps of 0.05 U; give a whole number of steps."),
        (
            0,
            2_000_000,
            25,
            (
                "a range that reaches 2000 U in steps of 0.025 U has amounts with three decimals, which look like "
                "thousands; give a step of whole hundredths."
            ),
        ),
    ],
)
def test_a_range_that_could_not_be_typed_is_refused(least: int, most: int, step: int, complaint: str) -> None:
    with pytest.raises(AmountError) as caught:
        AmountRange(Unit.INSULIN, least, most, step)
    assert str(caught.value) == complaint


@pytest.mark.parametrize("thousandths", [-1, True, 1.0])
def test_an_amount_is_a_whole_number_of_thousandths(thousandths: int) -> None:
    with pytest.raises(UnitError):
        Amount(thousandths, Unit.INSULIN)
