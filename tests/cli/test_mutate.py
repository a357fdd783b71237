"""The command ``mutate``: options, messages, the report and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LAMP = "lamp:SYSTEM"
NEAR = "Did you mean lamp.py/light or lamp.py/can_light or lamp.py/dim?"


@pytest.mark.usefixtures("folder")
def test_survivors_are_printed_with_their_difference(call: Callable[..., Any]) -> None:
    answer = call("mutate", LAMP, "--only", "lamp.py/light", "--jobs", 2)
    assert answer.code == 1
    lines = [line.strip() for line in answer.out.splitlines()]
    assert lines[0] == "lamp: 4 mutants of its rows and of the functions that they run"
    at = lines.index("lamp/light/assignment/2  lamp.py:71  assignment removed")
    assert lines[at + 1] == "return Step(lamp, Outputs([-drive_pulses=1-]))"
    assert lines[at + 2].endswith("; its rows write drive_pulses, mode")
    assert lines[-1] == "4 MUTANTS NOT NOTICED. Exit code 1."
    assert answer.err.splitlines()[-1].startswith("mutants: 4 of 4 done (lamp/light/")


def test_the_record_holds_every_mutant_and_its_fate(call: Callable[..., Any], folder: Path) -> None:
    answer = call("mutate", LAMP, "--only", "lamp.py/refuse_dimming", "--json", "mutants.json")
    record = json.loads((folder / "mutants.json").read_text(encoding="utf-8"))
    assert answer.code == (1 if record["fates"]["survived"] else 0)
    assert record["system"] == "lamp"
    assert record["mutants"] == len(record["results"]) == sum(record["fates"].values())
    assert record["killed"] == record["fates"]["killed"] > 0
    killed = next(one for one in record["results"] if one["fate"] == "killed")
    assert killed["by"] == ["INV-UI-001"]
    assert killed["events"] > 0


@pytest.mark.usefixtures("folder")
def test_where_nothing_survives_the_exit_code_is_0(call: Callable[..., Any]) -> None:
    answer = call("mutate", LAMP, "--only", "lamp.py/cannot_light")
    assert answer.code == 0
    assert answer.out.splitlines()[-1] == "NO MUTANT SURVIVES. Exit code 0."


def test_an_accepted_survivor_stands_in_the_last_line(call: Callable[..., Any], folder: Path) -> None:
    (folder / "accepted.toml").write_text(
        '[[survivor]]\nmutant = "lamp/initial/constant/3"\nfingerprint = "9b17b0108e981cd2"\n'
        'reason = "no safety effect"\nreviewer = "A. Person"\nexpires = 2100-01-01\n',
        encoding="utf-8",
    )
    answer = call("mutate", LAMP, "--only", "lamp.py/initial", "--accepted", "accepted.toml")
    assert answer.out.splitlines()[-1] == "3 MUTANTS NOT NOTICED, 1 accepted, not killed. Exit code 1."


@pytest.mark.usefixtures("folder")
def test_the_mutants_can_be_listed_without_trying_them(call: Callable[..., Any]) -> None:
    answer = call("mutate", LAMP, "--only", "lamp.py/light", "--limit", 2, "--list")
    assert answer.code == 0
    assert answer.err == ""
    assert answer.out.splitlines() == [
        "lamp/light/assignment/1  lamp.py:71  assignment removed: return Step(lamp[-, Outputs(drive_pulses=1)-])",
        "lamp/light/assignment/2  lamp.py:71  assignment removed: return Step(lamp, Outputs([-drive_pulses=1-]))",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--jobs", "0"), "--jobs 0: give the number of processes, 1 or more"),
        (("--limit", "-1"), "--limit -1: give a number, 1 or more"),
        (
            ("--only", "bulb.py"),
            "--only bulb.py: names no mutant. Write FILE or FILE/FUNCTION; the files are lamp.py",
        ),
        (
            ("--only", "lamp.py/lihgt"),
            f"--only lamp.py/lihgt: names no mutant. {NEAR} Write FILE or FILE/FUNCTION; the files are lamp.py",
        ),
        (("--json", "nowhere/x.json"), "--json nowhere/x.json: there is no folder nowhere; make it first"),
        (
            ("--accepted", "none.toml"),
            "--accepted none.toml: can not be read: [Errno 2] No such file or directory: 'none.toml'",
        ),
    ],
)
@pytest.mark.usefixtures("folder")
def test_wrong_arguments_give_one_clear_message(
    arguments: tuple[str, ...], message: str, call: Callable[..., Any]
) -> None:
    answer = call("mutate", LAMP, *arguments)
    assert (answer.code, answer.out) == (4, "")
    assert answer.err == f"pumpproof: {message}\n"
