"""The mutation campaign: which mutants it makes, how it judges them, and that it leaves nothing behind."""

import ast
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.campaigns import lamp, mutants
from tests.campaigns.judgement import Fate, Result, as_data, judge, marks, report, sensitive_rows
from tests.campaigns.mutations import Kind, Mutant, mutants_of
from tests.campaigns.trial import Finding, Trial, system_named

LAMP = "tests.campaigns.lamp:SYSTEM"


@pytest.fixture(scope="module")
def of_lamp() -> tuple[Mutant, ...]:
    """Every mutant of the lamp."""
    return mutants_of(lamp.SYSTEM)


def differences(found: Sequence[Mutant], owner: str, *kinds: Kind) -> list[str]:
    return [mutant.difference for mutant in found if mutant.owner == owner and mutant.kind in kinds]


def the_mutant(found: Sequence[Mutant], owner: str, kind: Kind, part: str = "") -> Mutant:
    (one,) = [m for m in found if m.owner == owner and m.kind is kind and part in m.difference]
    return one


def test_each_operand_of_a_condition_is_removed_once(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "can_light", Kind.CONJUNCT, Kind.DISJUNCT) == [
        "return [-(lamp.level > 1 or lamp.heat_alarm) and not lamp.child_lock-]{+(lamp.level > 1 or lamp.heat_alarm)+}",
        "return [-(lamp.level > 1 or lamp.heat_alarm) and not lamp.child_lock-]{+not lamp.child_lock+}",
        "return ([-lamp.level > 1 or -]lamp.heat_alarm) and not lamp.child_lock",
        "return (lamp.level > 1[- or lamp.heat_alarm-]) and not lamp.child_lock",
    ]


def test_a_guard_of_one_condition_is_removed_whole(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "cannot_light", Kind.GUARD) == [
        "return [-not can_light(lamp, event, limits)-]{+True+}"
    ]
    assert differences(of_lamp, "any_press", *Kind) == []


def test_refusals_and_each_side_of_a_chained_comparison_are_removed(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "refuse_dimming", Kind.REFUSAL, Kind.CONJUNCT, Kind.COMPARISON) == [
        "if [-not 0 < event.level <= limits.max_level-]{+False+}:",
        "if not [-0 < event.level <= limits.max_level-]{+0 < event.level+}:",
        "if not [-0 < event.level <= limits.max_level-]{+event.level <= limits.max_level+}:",
        "if not 0 [-<-]{+<=+} event.level <= limits.max_level:",
        "if not 0 < event.level [-<=-]{+<+} limits.max_level:",
    ]


def test_each_assignment_is_removed_from_records_also_over_several_lines(of_lamp: tuple[Mutant, ...]) -> None:
    assert differences(of_lamp, "dim", Kind.ASSIGNMENT) == [
        "lamp[-, level=event.level-],",
        "level=event.level[-, heat_alarm=event.level >= 90-],",
    ]
    assert differences(of_lamp, "light", Kind.ASSIGNMENT) == [
        "return Step(lamp[-, Outputs(drive_pulses=1)-])",
        "return Step(lamp, Outputs([-drive_pulses=1-]))",
    ]
    assert differences(of_lamp, "cooled", Kind.ASSIGNMENT) == [
        "return [-replace(lamp, heat_alarm=False)-]{+lamp+} if lamp.heat_alarm else lamp"
    ]


def test_calls_choices_constants_and_rows_are_changed_too_and_counted_apart(
    of_lamp: tuple[Mutant, ...],
) -> None:
    assert differences(of_lamp, "darken", Kind.CALL) == ["return Step([-cooled(lamp)-]{+lamp+})"]
    assert len(differences(of_lamp, "cooled", Kind.CHOICE)) == 2
    assert differences(of_lamp, "initial", *Kind) == [
        "return Lamp(mode=Mode.DARK, level=[-2-]{+1+}, child_lock=False, heat_alarm=False)",
        "return Lamp(mode=Mode.DARK, level=[-2-]{+3+}, child_lock=False, heat_alarm=False)",
    ]
    targets = [mutant.edit.text for mutant in of_lamp if mutant.kind is Kind.TARGET]
    assert targets == ["Mode.DARK", "Mode.LIT", "Mode.LIT", "Mode.DARK"]
    assert {kind for kind in Kind if kind.extra} == {
        Kind.CALL, Kind.CHOICE, Kind.CONSTANT, Kind.SOURCE, Kind.TARGET
    }  # fmt: skip


def test_every_mutant_of_the_reference_pump_is_a_different_program() -> None:
    found = mutants_of(system_named(mutants.REFERENCE_PUMP))
    programs = {(mutant.path, ast.dump(ast.parse(mutant.source()))) for mutant in found}
    originals = {(path, ast.dump(ast.parse(path.read_bytes()))) for path in {mutant.path for mutant in found}}
    assert len(programs) == len(found) > 400
    assert programs.isdisjoint(originals)
    assert all(mutant.rows for mutant in found if mutant.owner != "initial")
    assert {mutant.path.parent.name for mutant in found} == {"pump"}


def test_a_mutant_knows_the_rows_that_feel_it_and_what_they_write(of_lamp: tuple[Mutant, ...]) -> None:
    sensitive = sensitive_rows(lamp.SYSTEM)
    assert sensitive == {
        "MDL-UI-001": ("drive_pulses",),
        "MDL-UI-003": ("heat_alarm",),
        "MDL-UI-004": ("heat_alarm",),
    }
    helper = the_mutant(of_lamp, "cooled", Kind.ASSIGNMENT)
    assert helper.rows == ("MDL-UI-003",)
    assert marks(helper, sensitive) == ("heat_alarm",)
    assert marks(the_mutant(of_lamp, "cannot_light", Kind.GUARD), sensitive) == ()


ALL_PROVED = Finding(proved=("INV-UI-001", "INV-UI-002", "table", "code", "twins"))


def fate_of(mutant: Mutant, finding: Finding, baseline: Finding = ALL_PROVED) -> tuple[Fate, tuple[str, ...]]:
    result = judge(mutant, lamp.SYSTEM, baseline, finding)
    return result.fate, result.by


def test_what_became_of_a_mutant_is_the_strongest_thing_that_was_found(of_lamp: tuple[Mutant, ...]) -> None:
    mutant = of_lamp[0]
    both = Finding(
        proved=("INV-UI-001",),
        open=("INV-UI-002", "table"),
        refuted={"INV-UI-002": 4, "INV-UI-001": 3},
        unreached=("MDL-UI-001",),
    )
    assert fate_of(mutant, both) == (Fate.KILLED, ("INV-UI-001",))
    no_requirement = replace(both, refuted={"INV-UI-002": 4})
    assert fate_of(mutant, no_requirement) == (Fate.ACCEPTANCE, ("INV-UI-002",))
    assert fate_of(mutant, replace(both, refuted={})) == (Fate.TABLE, ("table",))
    no_run = replace(both, refuted={}, open=("INV-UI-002",))
    assert fate_of(mutant, no_run) == (Fate.UNDECIDED, ("INV-UI-002",))
    only_unreached = replace(ALL_PROVED, unreached=("MDL-UI-001",))
    assert fate_of(mutant, only_unreached) == (Fate.UNREACHED, ("MDL-UI-001",))
    vacuous = Finding(proved=ALL_PROVED.proved[1:], vacuous=("INV-UI-001",))
    assert fate_of(mutant, vacuous) == (Fate.VACUOUS, ("INV-UI-001",))
    assert fate_of(mutant, ALL_PROVED) == (Fate.SURVIVED, ())
    assert fate_of(mutant, Finding(rejected="InvalidSystem: no")) == (Fate.REJECTED, ())
    assert fate_of(mutant, Finding(fault="Traceback\nKeyError: 3")) == (Fate.FAULT, ())


def test_what_was_not_proved_before_kills_nothing(of_lamp: tuple[Mutant, ...]) -> None:
    baseline = Finding(proved=("INV-UI-002",), unreached=("MDL-UI-001",))
    finding = Finding(
        proved=("INV-UI-002",), open=("INV-UI-001",), refuted={"INV-UI-001": 2}, unreached=("MDL-UI-001",)
    )
    assert fate_of(of_lamp[0], finding, baseline) == (Fate.SURVIVED, ())


def test_the_report_counts_and_shows_each_gap_and_marks_those_that_matter(
    of_lamp: tuple[Mutant, ...],
) -> None:
    killed = the_mutant(of_lamp, "dim", Kind.ASSIGNMENT, "[-, level")
    survivor = the_mutant(of_lamp, "light", Kind.ASSIGNMENT, "[-drive")
    undecided = the_mutant(of_lamp, "cannot_light", Kind.GUARD)
    results = [
        Result(killed, Fate.KILLED, ("INV-UI-001",), "", 1.0),
        Result(survivor, Fate.SURVIVED, (), "", 1.0),
        Result(undecided, Fate.UNDECIDED, ("INV-UI-002",), "a lemma may be missing", 1.0),
    ]
    text = "\n".join(report(results, sensitive_rows(lamp.SYSTEM)))
    assert (
        text
        == """\
                                                mutants    extra
killed: a run breaks a requirement's property         1        0
undecided: unproved, but no run was found             1        0
survived: everything proved                           1        0
all                                                   3        0

undecided: unproved, but no run was found (1)
  lamp.py:67 cannot_light: guard removed
      return [-not can_light(lamp, event, limits)-]{+True+}
      by INV-UI-002
      a lemma may be missing

survived: everything proved (1)
! lamp.py:71 light: assignment removed
      return Step(lamp, Outputs([-drive_pulses=1-]))"""
    )


def test_a_replaced_module_is_loaded_from_its_file_and_no_other(
    tmp_path: Path, of_lamp: tuple[Mutant, ...]
) -> None:
    file = tmp_path / "lamp.py"
    file.write_bytes(b"SYSTEM = 3\n")
    with mutants.trials() as running:
        finding = running.carry_out(Trial(LAMP, str(tmp_path), module="tests.campaigns.lamp", file=str(file)))
        assert finding == Finding(rejected=f"ValueError: '{LAMP}' is not a System; write module:NAME")
        file.write_bytes(of_lamp[0].path.read_bytes().replace(b"level <= limits", b"levels <= limits"))
        finding = running.carry_out(Trial(LAMP, str(tmp_path), module="tests.campaigns.lamp", file=str(file)))
        assert finding.rejected.startswith(f"OutsideSubset: {file}:")


@pytest.mark.slow
def test_a_campaign_has_the_same_result_for_any_number_of_jobs(of_lamp: tuple[Mutant, ...]) -> None:
    chosen = mutants.chosen(of_lamp, ["lamp.py/refuse_dimming", "lamp.py/light"], 9)
    sensitive = sensitive_rows(lamp.SYSTEM)
    found = []
    for jobs in (1, 3):
        done: list[Result] = []
        with mutants.trials() as running:
            results = mutants.run_campaign(running, LAMP, lamp.SYSTEM, chosen, jobs, done.append)
        assert len(done) == len(chosen)
        found.append(as_data(results, sensitive))
    assert found[0] == found[1]
    assert {one["fate"] for one in found[0] if one["owner"] == "light"} == {"survived"}
    assert {(one["fate"], *one["by"]) for one in found[0] if one["owner"] == "refuse_dimming"} == {
        ("killed", "INV-UI-001"),
        ("acceptance", "INV-UI-002"),
    }


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_campaign_leaves_no_process_and_no_folder(
    number: signal.Signals, code: int, tmp_path: Path, repository: Path
) -> None:
    campaign = subprocess.Popen(
        [sys.executable, "-m", "tests.campaigns.mutants", "--system", LAMP, "--jobs", "2"],
        cwd=repository,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(lambda: list(tmp_path.glob("*/0/lamp.py")))
        wait_for(lambda: len(children(campaign.pid)) == 2)
        trials = children(campaign.pid)
        campaign.send_signal(number)
        _, errors = campaign.communicate(timeout=30)
    finally:
        campaign.kill()
        campaign.wait()
    assert campaign.returncode == code
    assert errors == {signal.SIGINT: "interrupted\n", signal.SIGTERM: "terminated\n"}[number]
    assert list(tmp_path.glob("pumpproof-mutants-*")) == []
    assert [trial for trial in trials if Path(f"/proc/{trial}").exists()] == []


def children(parent: int) -> list[int]:
    listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True)
    return [int(pid) for pid in listing.stdout.split()]


def wait_for(condition: object, seconds: float = 60) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_a_trial_that_takes_too_long_is_a_fault_and_no_kill(tmp_path: Path) -> None:
    with mutants.trials(time_limit_s=0.05) as running:
        assert running.carry_out(Trial(LAMP, str(tmp_path))) == Finding(
            fault="the trial took longer than 0 s"
        )


def test_no_trial_begins_after_the_end(tmp_path: Path) -> None:
    with mutants.trials() as running:
        pass
    assert not running.folder.exists()
    with pytest.raises(mutants.Stopped):
        running.carry_out(Trial(LAMP, str(tmp_path)))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--system", "lamp"], "'lamp' does not name a system; write module:NAME\n"),
        (
            ["--system", "tests.campaigns.lamp:Lamp"],
            "'tests.campaigns.lamp:Lamp' is not a System; write module:NAME\n",
        ),
        (["--system", "no_such_module:X"], "No module named 'no_such_module'\n"),
        (
            ["--system", LAMP, "--only", "bulb.py"],
            "--only bulb.py names no mutant; write FILE or FILE/FUNCTION, the files are lamp.py\n",
        ),
    ],
)
def test_wrong_arguments_give_one_clear_message(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mutants.main(arguments) == 4
    assert capsys.readouterr().err == message


def test_wrong_options_have_the_exit_code_of_wrong_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        mutants.main(["--jobs", "0"])
    assert end.value.code == 4
    assert "0 is not positive" in capsys.readouterr().err


def test_a_system_that_cannot_be_verified_has_no_campaign(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        mutants.Trials, "carry_out", lambda *_: Finding(rejected="OutsideSubset: x.py:1: a lambda")
    )
    assert mutants.main(["--system", LAMP, "--limit", "1"]) == 5
    assert capsys.readouterr().err == f"{LAMP} could not be verified:\nOutsideSubset: x.py:1: a lambda\n"


def test_the_mutants_can_be_listed_without_trying_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutants.main(["--system", LAMP, "--only", "lamp.py/light", "--no-extra", "--list"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "lamp.py:71 light: assignment removed: return Step(lamp[-, Outputs(drive_pulses=1)-])",
        "lamp.py:71 light: assignment removed: return Step(lamp, Outputs([-drive_pulses=1-]))",
    ]


def test_a_finding_survives_its_way_between_processes() -> None:
    finding = Finding(("INV-UI-001",), ("table",), {"INV-UI-002": 7}, (), ("MDL-UI-001",), {"table": "open"})
    assert Finding.from_json(json.dumps(finding.__dict__)) == finding
