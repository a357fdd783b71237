"""Faulty pumps as data: a value of the last step, or a changed text of one function, and what refuses each mistake."""

from collections.abc import Mapping
from dataclasses import fields

import pytest

from pumpproof.spec.kernel.risk_file import load_risk_file
from pumpproof.spec.kernel.traces import Patch, Trace, Value
from pumpproof.spec.pump.outputs import Outputs
from pumpproof.spec.pump.requirements import RISK_FILE
from pumpproof.spec.pump.state import Alarm, Holds, Pump
from pumpproof.statemachine.pump.system import SYSTEM
from pumpproof.verify.requirements.traces import TraceError, rejected_by

LIMITS = load_risk_file(RISK_FILE).limits
DELIVERING = (
    "PowerOn",
    "SelfTestFinished passed=true",
    "ReservoirReplaced pulses=40",
    "StartDelivery",
)


def rejecting(
    *events: str, instead: Mapping[str, Value] | None = None, patch: Patch | None = None
) -> tuple[str, ...]:
    return rejected_by(
        SYSTEM, Trace((*DELIVERING, *events), patch, instead or {}, {}, "made-up.toml:7"), LIMITS
    )


def complaint(*events: str, instead: Mapping[str, Value] | None = None, patch: Patch | None = None) -> str:
    with pytest.raises(TraceError) as caught:
        rejecting(*events, instead=instead, patch=patch)
    return str(caught.value)


def test_a_value_deep_in_the_state_is_replaced_and_nothing_beside_it() -> None:
    # With no programme a rate is refused for being above its multiple; nothing at all is a rate too.
    temporary = "StartTemporaryBasal rate_millipulses_per_h=0 duration_s=3"
    assert rejecting(temporary, instead={"after.basal.temporary.remaining_s": 3}) == ()
    assert rejecting(temporary, instead={"after.basal.temporary.remaining_s": 2}) == (
        "INV-BASAL-003",
        "INV-BASAL-009",
    )


def test_several_values_of_one_record_are_replaced_together() -> None:
    assert rejecting("Suspend", instead={"after.holds.user": True, "after.holds.alarm": False}) == ()
    assert rejecting("Suspend", instead={"after.holds.user": True, "after.holds.alarm": True}) == (
        "INV-SUSP-006",
        "INV-SUSP-031",
    )


def fields_at(place: str, record: type) -> str:
    """The fields of a record, as a message lists them."""
    return ", ".join(f"{place}.{item.name}" for item in fields(record))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("before.mode", "IDLE", "before.mode is neither after.<field> nor outputs.<field>"),
        ("after", 0, "after is neither after.<field> nor outputs.<field>"),
        (
            "outputs.pulses",
            0,
            f"outputs.pulses is no field; there are {fields_at('outputs', Outputs)}",
        ),
        (
            "after.user_hold",
            True,
            f"after.user_hold is no field; there are {fields_at('after', Pump)}",
        ),
        (
            "after.holds.person",
            True,
            f"after.holds.person is no field; there are {fields_at('after.holds', Holds)}",
        ),
        (
            "after.basal.temporary.remaining",
            0,
            (
                "after.basal.temporary.remaining is no field; there are after.basal.temporary.kind, "
                "after.basal.temporary.millipulses_per_h, after.basal.temporary.percent, "
                "after.basal.temporary.remaining_s"
            ),
        ),
        (
            "after.holds",
            True,
            f"after.holds is a record; expected one of its fields: {fields_at('after.holds', Holds)}",
        ),
        ("after.mode.name", "IDLE", "after.mode has no fields; expected a value for itself"),
        ("after.holds.user", 1, "after.holds.user = 1; expected true or false"),
        ("after.reservoir.pulses", True, "after.reservoir.pulses = True; expected a whole number"),
        (
            "after.mode",
            "BUSY",
            "after.mode = 'BUSY'; expected one of OFF, SELF_TEST, IDLE, PRIMING, DELIVERING, FAULT",
        ),
        (
            "after.accounts.minute_pulses",
            0,
            "after.accounts.minute_pulses = 0; expected a field of a single value",
        ),
    ],
)
def test_a_value_that_cannot_stand_there_is_named(path: str, value: Value, said: str) -> None:
    assert complaint("Suspend", instead={path: value}) == f"made-up.toml:7: instead: {said}"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("Bolus pulses=6", "neither a word nor an event of reference pump"),
        ("Suspend pulses=6", "Suspend carries nothing"),
        ("BolusRequested", "BolusRequested carries pulses=..."),
        ("BolusRequested pulses=6 pulses=6", "BolusRequested carries pulses=..."),
        ("SelfTestFinished failure=CLOCK", "SelfTestFinished carries passed=... failure=..."),
        ("BolusRequested pulses=six", "pulses = 'six'; expected a whole number"),
        ("BolusRequested pulses=--6", "pulses = '--6'; expected a whole number"),
        ("AcknowledgeAlarm alarm=1", f"alarm = 1; expected one of {', '.join(Alarm.__members__)}"),
    ],
)
def test_an_event_that_is_not_one_is_named(event: str, said: str) -> None:
    assert complaint(event) == f"made-up.toml:7: {event!r}: {said}"


def test_a_payload_that_has_a_default_may_be_left_out() -> None:
    # Without a name it failed all the same: what is told from then on is that none was said.
    failed = "SelfTestFinished passed=false"
    assert rejecting(failed, instead={"after.supervision.self_test_failure": "NOT_SAID"}) == ()
    assert (
        rejecting(f"{failed} failure=CLOCK", instead={"after.supervision.self_test_failure": "CLOCK"}) == ()
    )


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        (Patch("boluses.py", "a", "b"), "no file of rows is called boluses.py"),
        (
            Patch("holds.py", "pump.user_hold", ""),
            "'pump.user_hold' stands 0 times in holds.py; expected once",
        ),
        (Patch("holds.py", "holds", ""), "'holds' stands 9 times in holds.py; expected once"),
        (
            Patch("holds.py", "import Holds", "import Hold"),
            "'import Holds' does not stand within one function of holds.py",
        ),
        (Patch("holds.py", "holds.user or", "holds.user or or"), "SyntaxError: invalid syntax"),
    ],
)
def test_a_patch_that_does_not_fit_is_named(patch: Patch, said: str) -> None:
    assert complaint("Suspend", patch=patch) == f"made-up.toml:7: {said}"


def test_a_pump_that_is_rejected_before_the_last_step_shows_nothing_about_its_values() -> None:
    fault = Patch("suspension.py", "user=True", "user=False")
    assert complaint("Suspend", "Suspend", instead={"after.holds.user": True}, patch=fault).startswith(
        "made-up.toml:7: the sound pump is rejected before the last step, by INV-"
    )
