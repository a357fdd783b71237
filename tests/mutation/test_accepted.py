"""Survivors that a person accepted: closed reasons, until a date, never where insulin could be concerned."""

from datetime import date
from pathlib import Path

import pytest

from pumpproof.verify.mutation.accepted import Acceptance, BadAcceptance, read_accepted, review
from pumpproof.verify.mutation.campaign import Result
from pumpproof.verify.mutation.fates import Fate, Outcome
from pumpproof.verify.mutation.mutants import Mutant
from pumpproof.verify.mutation.report import exit_code, gaps
from pumpproof.verify.results.exits import ExitCode

TODAY = date(2026, 6, 1)

ENTRY = """\
[[survivor]]
mutant = "lamp/initial/constant/3"
fingerprint = "9b17b0108e981cd2"
reason = "no safety effect"
reviewer = "A. Person"
expires = 2026-12-31
"""


@pytest.fixture
def survivor(of_lamp: tuple[Mutant, ...]) -> Mutant:
    """A mutant of a field that no row writes."""
    (one,) = [mutant for mutant in of_lamp if mutant.id == "lamp/initial/constant/3"]
    return one


def accepted(tmp_path: Path, text: str = ENTRY) -> tuple[Acceptance, ...]:
    file = tmp_path / "accepted.toml"
    file.write_text(text, encoding="utf-8")
    return read_accepted(file)


def test_an_accepted_survivor_is_no_gap_and_is_not_killed(tmp_path: Path, survivor: Mutant) -> None:
    results = [Result(survivor, Outcome(Fate.SURVIVED))]
    found = review(results, accepted(tmp_path), TODAY)
    assert (found.accepted, found.problems) == (frozenset({survivor.id}), ())
    assert (gaps(results, found), exit_code(results, found)) == ((), ExitCode.PROVED)


@pytest.mark.parametrize(
    ("change", "outcome", "today", "problem"),
    [
        (
            ("9b17b0108e981cd2", "0000000000000000"),
            Outcome(Fate.SURVIVED),
            TODAY,
            "the mutant is another one now (fingerprint 9b17b0108e981cd2); look at it again",
        ),
        (
            ("", ""),
            Outcome(Fate.SURVIVED),
            date(2027, 1, 1),
            "accepted until 2026-12-31 only; look at it again",
        ),
        (
            ("", ""),
            Outcome(Fate.SURVIVED, writes=("drive_pulses", "heat_alarm")),
            TODAY,
            "a row that writes drive_pulses, heat_alarm may have no survivor; write a property",
        ),
        (
            ("", ""),
            Outcome(Fate.EQUIVALENT),
            TODAY,
            "it did not survive (proved equivalent); remove the entry",
        ),
    ],
)
def test_an_acceptance_that_does_not_fit_accepts_nothing(
    change: tuple[str, str], outcome: Outcome, today: date, problem: str, tmp_path: Path, survivor: Mutant
) -> None:
    results = [Result(survivor, outcome)]
    found = review(results, accepted(tmp_path, ENTRY.replace(*change)), today)
    assert (found.accepted, found.problems) == (frozenset(), (f"{survivor.id}: {problem}",))
    assert exit_code(results, found) is (ExitCode.REFUTED if outcome.fate is Fate.SURVIVED else ExitCode.GATE)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            ENTRY.replace("no safety effect", "looks fine"),
            "survivor 1: reason = 'looks fine'; expected one of: no safety effect",
        ),
        (
            ENTRY.replace("2026-12-31", '"soon"'),
            "survivor 1: expires = 'soon'; expected a date such as 2027-06-30",
        ),
        (ENTRY.replace("A. Person", ""), "survivor 1: reviewer = ''; expected a text that is not empty"),
        (
            ENTRY.replace("reviewer", "by"),
            "survivor 1: expected exactly the keys mutant, fingerprint, reason, reviewer, expires",
        ),
        (ENTRY + ENTRY, "lamp/initial/constant/3 is accepted twice; leave one entry"),
        ("[[survivors]]\n", "holds survivors; expected tables [[survivor]] alone"),
        ("x =", "can not be read: Invalid value (at end of document)"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(BadAcceptance) as refused:
        accepted(tmp_path, text)
    assert str(refused.value) == f"{tmp_path / 'accepted.toml'}: {problem}"
