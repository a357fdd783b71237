"""What people read: the report of ``verify``, in plain lines wherever nobody looks at it as it grows."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bolus_pump import LIMITS, BolusRequested, Mark, Tick
from small_models import proved_valve
from verifications import BREAKING, SYSTEM, not_inductive, refuted, result, row, verification

from pumpproof.cli.verifying import Request, finish
from pumpproof.spec.kernel.properties import invariant
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Counterexample, Verification
from pumpproof.verify.results.left_out import LeftOut
from pumpproof.verify.results.trace import replay_counterexample
from pumpproof.verify.search.replay import ReplayMismatch
from pumpproof.verify.search.run import Run

NOTHING = Request("", (), (), 1, None, None, use_cache=False)


@pytest.fixture
def printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The report of a record as text."""

    def printing(record: Verification, *left_out: LeftOut) -> str:
        finish(NOTHING, record, "now", left_out)
        return capsys.readouterr().out

    return printing


def test_every_property_stands_on_one_line_with_its_sentence_and_the_strength_of_its_proof(
    printed: Callable[..., str],
) -> None:
    lines = printed(verification()).splitlines()
    assert (
        "INV-RES-001   The reservoir never goes below empty.   proved (z3, cvc5)   induction   250 ms"
        in lines
    )


def test_what_formalises_a_requirement_comes_before_lemmas_and_the_overall_result_comes_last(
    printed: Callable[..., str],
) -> None:
    text = printed(verification())
    order = ["Properties that formalise", "INV-RES-001", "Lemmas", "INV-RES-002", "Checks", "Rows", "Result"]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert text.splitlines()[-2].startswith("obligations: ")
    assert "; 12 again by cvc5 1.4.2; 1.5 s, z3 0" in text.splitlines()[-2]
    assert text.splitlines()[-1] == "ALL PROVED (z3, cvc5): 2 properties of system bolus pump. Exit code 0."


def test_nothing_but_plain_lines_reaches_a_pipe(printed: Callable[..., str]) -> None:
    text = printed(verification(result(0), result(1), not_inductive(), refuted()))
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text) is None
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_a_long_sentence_is_not_broken_in_a_pipe(printed: Callable[..., str]) -> None:
    says = f"A sentence {'of very many words ' * 6}ends here."
    known = replace(result(0), property=replace(SYSTEM.properties[0], says=says))
    assert says in printed(verification(known))


def test_columns_may_narrow_a_pipe_and_no_id_is_broken(
    printed: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = printed(verification(result(0), result(1), not_inductive(), refuted()))
    assert max(map(len, text.splitlines())) <= 80
    for known in ("INV-RES-001", "INV-RES-002", "INV-DOSE-001", "INV-DOSE-002"):
        assert any(line.startswith(f"{known} ") for line in text.splitlines())


def test_a_counterexample_is_a_table_of_what_changed(printed: Callable[..., str]) -> None:
    text = printed(verification(refuted()))
    start = text.index("INV-DOSE-002 refuted")
    assert text[start : text.index("\n  what is false")] == (
        "INV-DOSE-002 refuted\n"
        "  No step drives a pulse.\n"
        "  reason: because\n"
        "  INV-DOSE-002 is broken by a run from the initial state, replayed in the running machine: 4 steps, "
        "the shortest found; a shorter one may exist.\n"
        "\n"
        "  limits: max_bolus_pulses=10, reservoir_pulses=25\n"
        "  state:  mode=IDLE, remaining_pulses=0, reservoir_pulses=25\n"
        "  STEP   TAKEN BY                 EVENT                               WHAT CHANGED\n"
        "  ─────────────────────────────────────────────────────────────────────────────────────────────\n"
        "     1   MDL-BOLUS-001 accepted   BolusRequested                      mode: IDLE → DELIVERING\n"
        "                                    pulses=3                          remaining_pulses: 0 → 3\n"
        "                                    button=BOLUS\n"
        "   2–3   2 × MDL-BOLUS-005        2 × Tick(delivery_inhibited=True)   nothing\n"
        "   ✗ 4   MDL-BOLUS-003            Tick(delivery_inhibited=False)      remaining_pulses: 3 → 2\n"
        "                                                                      reservoir_pulses: 25 → 24\n"
        "                                                                      output drive_pulses = 1\n"
    )


def test_what_is_false_and_what_let_it_happen_are_named_with_their_places(
    printed: Callable[..., str],
) -> None:
    text = printed(verification(refuted()))
    said = text[text.index("  what is false") : text.index("\nResult")]
    said = re.sub(r"/\S*/(\w+\.py):\d+", r"\1", said)
    assert said == (
        "  what is false       outputs.drive_pulses = 0\n"
        "                        outputs.drive_pulses = 1\n"
        "                      nothing_is_driven, verifications.py\n"
        "  what let it happen  step 4, MDL-BOLUS-003: One pulse a second.\n"
        "                      guard is_not_last, bolus_pump.py\n"
        "                      effect deliver, bolus_pump.py\n"
        "  what would stop it  no comparison was found that excludes this step and keeps the runs that are known\n"
    )


def test_a_state_that_no_run_reached_is_told_by_what_was_never_seen(printed: Callable[..., str]) -> None:
    text = printed(verification(not_inductive()))
    assert "never seen          in all 4 states of known runs, but not in this one:\n" in text
    assert "window.delivered_pulses <= 1 in mode DELIVERING; here window.delivered_pulses = 4\n" in text


def test_only_what_was_shown_to_be_shortest_is_called_shortest(printed: Callable[..., str]) -> None:
    assert "4 steps, the shortest found; a shorter one may exist." in printed(verification(refuted()))
    assert "4 steps, no shorter run breaks it." in printed(verification(refuted(shortest=True)))


def test_a_counterexample_that_the_machine_does_not_confirm_is_never_printed(
    printed: Callable[..., str],
) -> None:
    harmless = Run(LIMITS, ((BolusRequested(3), 1), (Tick(delivery_inhibited=True), 2)))
    claimed = replace(refuted(), counterexample=Counterexample(harmless, shortest=False, found_by="nobody"))
    with pytest.raises(ReplayMismatch, match="INV-DOSE-002: the counterexample of 3 steps does not break it"):
        printed(verification(claimed))


def test_a_counterexample_to_induction_shows_the_ghosts_and_says_what_it_is(
    printed: Callable[..., str],
) -> None:
    text = printed(verification(not_inductive()))
    assert "observer window: age_s=3, delivered_pulses=4\n" in text
    assert "observer total" not in text
    assert "window.delivered_pulses: 4 → 5\n" in text
    assert (
        "INV-DOSE-001 is not kept by a step, but no run reaches this as far as is known: "
        "a counterexample to induction. The state satisfies everything that the proof assumes, "
        "so a lemma may be missing." in " ".join(text.split())
    )


def test_the_last_line_names_what_decides_the_exit_code(printed: Callable[..., str]) -> None:
    def last(*properties: Any, **more: Any) -> str:
        return printed(verification(*properties, **more)).splitlines()[-1]

    assert last(result(0, Verdict.UNKNOWN), refuted()) == "REFUTED: 1 property (INV-DOSE-002). Exit code 1."
    assert last(result(0), result(1, Verdict.TIMEOUT), rows=(row(reached=False),)) == (
        "NOT PROVED: 1 property (INV-RES-002), 1 row (MDL-BOLUS-003). Exit code 2."
    )
    assert last(accounted=27) == (
        "INCOMPLETE: 28 pairs of row and property requested, 27 accounted for. Exit code 3."
    )


def test_nothing_but_vacuous_verdicts_is_not_called_refuted(printed: Callable[..., str]) -> None:
    last = printed(verification(result(0, Verdict.VACUOUS))).splitlines()[-1]
    assert last == "VACUOUS: 1 property (INV-RES-001). Exit code 1."


def test_an_observer_that_breaks_a_property_by_opening_at_the_end_is_found() -> None:
    @invariant("INV-RES-009", says="A mark is never below 25.", formalizes=("REQ-BOLUS-001",))
    def marks_are_full(mark: Mark) -> bool:
        return mark.reservoir_pulses == 25

    system = replace(SYSTEM, properties=(*SYSTEM.properties, marks_are_full))
    trace = replay_counterexample(system, marks_are_full, Run(LIMITS, ((BolusRequested(3), 1), (Tick(), 1))))
    assert trace.ghosts == (("mark", Mark(24)),)


def test_a_profile_that_was_not_asked_for_is_named_with_the_reason(printed: Callable[..., str]) -> None:
    text = printed(verification(), LeftOut("some-pump", "Some Pump", "not published: max_bolus_mu"))
    assert "some-pump   Some Pump   not asked for   not published: max_bolus_mu\n" in text


def test_progress_is_a_few_lines_on_standard_error(folder: Path, call: Callable[..., Any]) -> None:
    answer = call("verify", proved_valve(folder, "valve_in_progress"))
    assert re.fullmatch(r"(verifying: \d+ of \d+ done \([A-Za-z0-9-]+\)\n){1,4}", answer.err)


def test_equal_events_in_a_row_share_a_line_and_the_last_step_stands_alone() -> None:
    trace = replay_counterexample(SYSTEM, SYSTEM.properties[5], BREAKING)
    assert [(one.first, one.last) for one in trace.stretches] == [(1, 1), (2, 3), (4, 4)]
    longer = Run(LIMITS, ((BolusRequested(5), 1), (Tick(), 4)))
    trace = replay_counterexample(SYSTEM, SYSTEM.properties[5], longer)
    assert [(one.first, one.last) for one in trace.stretches] == [(1, 1), (2, 4), (5, 5)]
    assert trace.stretches[1].outputs == (("drive_pulses", 3),)
