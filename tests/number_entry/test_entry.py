"""The entry of a number: proved for all limits, and the same number by keys and by text."""

from typing import Any

import pytest

from pumpproof.spec.kernel.amounts import Amount, AmountError, AmountRange, Unit, read_amount, show_number
from pumpproof.spec.kernel.traces import Patch, Trace
from pumpproof.spec.number_entry.edge import Place, screen_text, taken_amount
from pumpproof.spec.number_entry.model import (
    Clear,
    Confirm,
    DecimalMark,
    Digit,
    Down,
    Mode,
    NumberEntry,
    Outputs,
    Reason,
    Tick,
    Up,
    Wrong,
)
from pumpproof.statemachine.kernel.machine import InvalidLimits, Machine
from pumpproof.statemachine.number_entry.system import SYSTEM
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.requirements.traces import rejected_by
from pumpproof.verify.run import Request, verify_system


def units(thousandths: int) -> Amount:
    return Amount(thousandths, Unit.INSULIN)


BOLUS = Place(
    AmountRange(Unit.INSULIN, least=0, most=30_000, step=50),
    start=units(2000),
    soft_least=units(0),
    soft_most=units(15_000),
    near=units(1000),
    factor=3,
    expiry_s=20,
)


def typed(text: str) -> list[Any]:
    return [DecimalMark() if key in ".," else Digit(int(key)) for key in text]


def press(machine: Machine, *events: Any) -> Outputs:
    """The outputs of the last of these events."""
    outputs = [machine.step(event).outputs for event in events]
    assert isinstance(outputs[-1], Outputs)
    return outputs[-1]


def new_entry() -> Machine:
    return Machine(SYSTEM, BOLUS.limits())


def shown(machine: Machine) -> str:
    assert isinstance(machine.state, NumberEntry)
    return screen_text(machine.state, BOLUS.unit)


@pytest.fixture(scope="module")
def verification() -> Verification:
    return verify_system(SYSTEM, Request(second_opinion=False))


@pytest.mark.verifies("REQ-UI-003", "REQ-UI-004.b")
def test_every_property_is_proved_for_all_limits(verification: Verification) -> None:
    assert {one.property.id: one.verdict for one in verification.properties} == {
        known.id: Verdict.PROVED for known in SYSTEM.properties
    }
    assert set(verification.verdicts()) == {Verdict.PROVED}


def test_every_row_is_reached_by_a_run(verification: Verification) -> None:
    assert [row.name for row in verification.rows if row.reached is None] == []


@pytest.mark.verifies("REQ-UI-003")
def test_keys_and_text_give_the_same_amount_for_every_amount_up_to_30_units() -> None:
    machine = new_entry()
    for thousandths in range(0, 30_001, 50):
        number = show_number(thousandths)
        press(machine, *typed(number))
        on_screen = shown(machine)
        assert on_screen == f"{number} U"
        outputs = press(machine, Confirm())
        if outputs.asks_again:
            assert shown(machine) == on_screen
            outputs = press(machine, Confirm())
        assert (
            taken_amount(outputs, BOLUS.unit) == read_amount(on_screen, BOLUS.allowed) == units(thousandths)
        )
        assert read_amount(shown(machine), BOLUS.allowed) == units(machine.state.in_force)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("05", Wrong.LEADING_ZERO),
        ("1.0.5", Wrong.SECOND_MARK),
        ("1.0500", Wrong.TOO_FINE),
        ("30.05", Wrong.ABOVE),
        ("5.", Wrong.UNFINISHED),
        (".", Wrong.UNFINISHED),
        ("1.02", Wrong.OFF_GRID),
    ],
)
@pytest.mark.verifies("REQ-UI-003")
def test_what_is_wrong_stays_wrong_until_it_is_cleared(text: str, wrong: Wrong) -> None:
    machine = new_entry()
    told = [press(machine, key) for key in [*typed(text), Confirm()]]
    assert wrong in [outputs.wrong for outputs in told]
    assert machine.state.mode is Mode.WRONG
    for key in (Digit(1), DecimalMark(), Up(), Down(), Confirm()):
        assert press(machine, key).refusal is Reason.CLEAR_FIRST
    press(machine, Clear())
    assert shown(machine) == "2 U"
    assert machine.state.in_force == 2000


@pytest.mark.parametrize("text", ["05", "1.0.5", "30.05", "5.", ".", "1.02"])
def test_what_keys_cannot_enter_no_text_can(text: str) -> None:
    with pytest.raises(AmountError):
        read_amount(text, BOLUS.allowed)


@pytest.mark.parametrize(("key", "end"), [(Up(), 30_000), (Down(), 0)], ids=["up", "down"])
def test_stepping_ends_where_the_range_ends(key: Up | Down, end: int) -> None:
    machine = new_entry()
    while press(machine, key).refusal is Reason.NONE:
        pass
    assert press(machine, key).refusal is Reason.END_OF_RANGE
    assert shown(machine) == screen_text(
        NumberEntry(Mode.EDITED, 0, end, 3, marked=True, left_s=1), BOLUS.unit
    )


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("3", False),  # near: a unit away
        ("3.05", False),  # within three times as much
        ("6", False),
        ("6.05", True),  # more than three times as much
        ("1", False),
        ("0.6", True),  # less than a third
        ("0", True),
        ("15.05", True),  # beyond the soft limit
    ],
)
@pytest.mark.verifies("REQ-UI-004.b")
def test_a_number_far_from_the_value_in_force_asks_again(text: str, asks: bool) -> None:
    machine = new_entry()
    first = press(machine, *typed(text), Confirm())
    assert (first.asks_again, first.taken) == (asks, not asks)
    if asks:
        assert machine.state.in_force == 2000
        assert press(machine, Digit(1)).refusal is Reason.ANSWER_FIRST
        assert press(machine, Confirm()).taken
    assert units(machine.state.in_force) == read_amount(text, BOLUS.allowed)


def test_a_number_within_the_factor_asks_again_beyond_the_soft_limit() -> None:
    machine = new_entry()
    press(machine, *typed("6"), Confirm())
    assert press(machine, *typed("15"), Confirm()).taken
    assert press(machine, *typed("15.05"), Confirm()).asks_again


def test_an_entry_that_is_left_alone_ends_and_says_so() -> None:
    machine = new_entry()
    assert not press(machine, Digit(9), Confirm(), *[Tick()] * 19).expired
    assert machine.state.mode is Mode.ASKED
    assert press(machine, Tick()) == Outputs(expired=True)
    assert (machine.state.mode, machine.state.in_force) == (Mode.SHOWN, 2000)
    assert press(machine, Confirm()).refusal is Reason.NOTHING_ENTERED


def fault(file: str, old: str, new: str) -> Patch:
    return Patch(file, old, new)


@pytest.mark.parametrize(
    ("says", "keys", "patch", "rejecting"),
    [
        (
            "The decimal mark is ignored.",
            "Digit digit=1, DecimalMark, Digit digit=5",
            fault("number.py", "blank.decimals + (1 if blank.marked else 0)", "blank.decimals"),
            {"INV-ENTRY-001"},
        ),
        (
            "A step up at the end of the range wraps around.",
            "Up, Up, Up, Up, Up, Up, Up",
            fault(
                "rows.py",
                "on_screen(entry) + limits.step), left_s",
                "(on_screen(entry) + limits.step) % 2200), left_s",
            ),
            {"INV-ENTRY-001", "INV-ENTRY-008"},
        ),
        (
            "What comes into force is a step more than what was shown.",
            "Digit digit=2, Confirm",
            fault("rows.py", "in_force=number)", "in_force=number + limits.step)"),
            {"INV-ENTRY-002"},
        ),
        (
            "A number far from the value in force is taken at once.",
            "Digit digit=9, Confirm",
            fault("number.py", "larger - smaller > limits.near and times", "larger < smaller"),
            {"INV-ENTRY-013", "INV-ENTRY-014"},
        ),
        (
            "A number beyond the soft limit is taken at once.",
            "Digit digit=6, Confirm, Digit digit=1, Digit digit=6, Confirm",
            fault("number.py", "not limits.soft_least <= number <= limits.soft_most or", "number < 0 or"),
            {"INV-ENTRY-013", "INV-ENTRY-014"},
        ),
        (
            "An entry that ends is taken.",
            "Digit digit=3, " + "Tick, " * 19 + "Tick",
            fault(
                "rows.py",
                "Step(back_to_value_in_force(entry), Outputs(expired=True))",
                "Step(replace(entry, in_force=on_screen(entry)), Outputs(expired=True))",
            ),
            {"INV-ENTRY-003"},
        ),
        (
            "A number between two steps is rounded down.",
            "Digit digit=2, DecimalMark, Digit digit=0, Digit digit=2, Confirm",
            fault(
                "number.py",
                "Wrong.NOTHING if is_on_grid(on_screen(entry), limits) else Wrong.OFF_GRID",
                "Wrong.NOTHING",
            ),
            {"INV-ENTRY-004", "INV-ENTRY-013"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.endswith(".") else "",
)
@pytest.mark.verifies("REQ-UI-003", "REQ-UI-004.b")
def test_a_faulty_entry_is_rejected(says: str, keys: str, patch: Patch, rejecting: set[str]) -> None:
    limits = vars(BOLUS.limits())
    events = tuple(keys.split(", "))
    assert rejected_by(SYSTEM, Trace(events, None, {}, {}, says), limits) == ()
    assert rejecting <= set(rejected_by(SYSTEM, Trace(events, patch, {}, {}, says), limits))


@pytest.mark.verifies("REQ-UI-008.b")
def test_the_unit_of_an_entry_goes_with_it_from_the_range_to_the_amount() -> None:
    machine = new_entry()
    press(machine, Digit(3))
    assert shown(machine) == "3 U"
    assert str(taken_amount(press(machine, Confirm()), BOLUS.unit)) == "3 U"
    with pytest.raises(AmountError, match=r"2 U/h has another unit than the range; expected U\."):
        Place(
            BOLUS.allowed,
            Amount(2000, Unit.INSULIN_RATE),
            BOLUS.soft_least,
            BOLUS.soft_most,
            BOLUS.near,
            BOLUS.factor,
            BOLUS.expiry_s,
        )


def test_limits_for_which_nothing_is_proved_do_not_run() -> None:
    odd = Place(
        AmountRange(Unit.INSULIN, 0, 30_000, 60),
        units(60),
        units(0),
        units(15_000),
        units(600),
        factor=3,
        expiry_s=20,
    )
    with pytest.raises(InvalidLimits, match="ASM-ENTRY-001"):
        Machine(SYSTEM, odd.limits())
