"""Whatever is wrong with what was given, one message says what, where and what to do, and the exit code is 4."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_models import proved_valve, valve

Call = Callable[..., Any]


def refused(answer: Any) -> str:
    """The message, after checking that there is nothing else."""
    assert answer.code == 4
    assert answer.out == ""
    assert "Traceback" not in answer.err
    message: str = answer.err.removeprefix("pumpproof: ")
    assert message != answer.err
    return message.removesuffix("\n")


def test_an_unknown_command(call: Call) -> None:
    assert refused(call("verfy")).startswith("No such command 'verfy'.")


def test_an_unknown_option(call: Call) -> None:
    assert refused(call("verify", "--prfile", "x")).startswith("No such option: --prfile")


def test_an_option_without_its_value(call: Call) -> None:
    assert refused(call("verify", "--only")) == (
        "Option '--only' requires an argument. `pumpproof --help` shows what there is."
    )


def test_a_number_that_is_none(call: Call) -> None:
    message = refused(call("verify", "--jobs", "two"))
    assert message.startswith("Invalid value for '--jobs': ")
    assert message.endswith(". `pumpproof --help` shows what there is.")


def test_no_command_at_all_is_not_a_success(call: Call) -> None:
    answer = call()
    assert answer.code == 4
    assert "Usage: pumpproof" in answer.out


def test_no_processes(folder: Path, call: Call) -> None:
    message = refused(call("verify", proved_valve(folder, "no_processes"), "--jobs", "0"))
    assert message == "--jobs 0: give the number of processes, 1 or more"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (
            "my_pump",
            "'my_pump' does not name a system; write package.module:NAME, for example my_pump:SYSTEM",
        ),
        (
            "pumps/my_pump.py:SYSTEM",
            "'pumps/my_pump.py:SYSTEM' names a file; name the module instead: pumps.my_pump:SYSTEM",
        ),
        (
            "my-pump:SYSTEM",
            "'my-pump:SYSTEM' does not name a system; write package.module:NAME, for example my_pump:SYSTEM",
        ),
    ],
)
def test_an_address_that_names_no_system(folder: Path, call: Call, address: str, message: str) -> None:
    assert refused(call("verify", address)) == message


def test_a_module_that_is_not_there(folder: Path, call: Call) -> None:
    assert refused(call("list", "no_such_pump:SYSTEM")) == (
        f"there is no module no_such_pump; looked in the folder {folder} and in the installed packages"
    )


def test_a_module_that_raises(folder: Path, call: Call) -> None:
    (folder / "raising.py").write_text("def divide(number):\n    return 1 // number\n\n\ndivide(0)\n")
    assert refused(call("list", "raising:SYSTEM")) == (
        f"{folder}/raising.py:2: importing raising raised ZeroDivisionError: "
        f"{'integer division or modulo by zero' if sys.version_info < (3, 14) else 'division by zero'}"
    )


def test_a_module_whose_own_import_is_missing(folder: Path, call: Call) -> None:
    (folder / "needing.py").write_text("\nimport no_such_library\n")
    assert refused(call("list", "needing:SYSTEM")) == (
        f"{folder}/needing.py:2: importing needing raised ModuleNotFoundError: No module named 'no_such_library'"
    )


def test_a_module_that_leaves(folder: Path, call: Call) -> None:
    (folder / "leaving.py").write_text("import sys\nsys.exit(0)\n")
    assert refused(call("list", "leaving:SYSTEM")) == (
        f"{folder}/leaving.py:2: importing leaving raised SystemExit: 0"
    )


def test_a_module_that_is_not_python(folder: Path, call: Call) -> None:
    (folder / "broken.py").write_text("SYSTEM = System(\n")
    assert refused(call("list", "broken:SYSTEM")) == (
        f"{folder}/broken.py:1: module broken is not valid Python: '(' was never closed"
    )


def test_a_specification_that_the_kernel_refuses_names_the_line_of_the_specification(
    folder: Path, call: Call
) -> None:
    (folder / "nameless.py").write_text(
        "from pumpproof.spec.kernel.requirements import Requirement\n"
        "from pumpproof.spec.kernel.properties import lemma\n\n\n"
        '@lemma("INV-1", says="No id.")\n'
        "def claim() -> bool:\n    return True\n"
    )
    assert refused(call("list", "nameless:SYSTEM")) == (
        f"{folder}/nameless.py:5: importing nameless raised ValueError: "
        "id 'INV-1' is not of the form <TYPE>-<AREA>-<NNN>, for example REQ-BOLUS-001"
    )


def test_a_system_that_contradicts_itself(folder: Path, call: Call) -> None:
    proved_valve(folder, "contradictory")
    path = folder / "contradictory.py"
    path.write_text(path.read_text().replace('"MDL-DOSE-002"', '"MDL-DOSE-001"'))
    message = refused(call("list", "contradictory:SYSTEM"))
    assert message.endswith("system valve: id MDL-DOSE-001 is used twice")
    assert message.startswith(f"{path}:")


def test_a_name_that_the_module_does_not_have(folder: Path, call: Call) -> None:
    proved_valve(folder, "misnamed")
    assert refused(call("list", "misnamed:SYSTM")) == (
        "module misnamed has no SYSTM. Did you mean SYSTEM? It holds SYSTEM."
    )


def test_a_name_that_is_no_system(folder: Path, call: Call) -> None:
    proved_valve(folder, "not_a_system")
    assert refused(call("list", "not_a_system:claim")) == (
        "not_a_system:claim is a Property, not a System; "
        "give the name of a pumpproof.statemachine.kernel.system.System"
    )


def test_an_unknown_property(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "unknown_property")
    assert refused(call("verify", address, "--only", "INV-DOSE-010")) == (
        "--only INV-DOSE-010: system valve has no such property. Did you mean INV-DOSE-001 or INV-BOLUS-001? "
        "`pumpproof list` shows all."
    )


def test_a_requirement_where_a_property_is_expected(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "requirement")
    assert refused(call("verify", address, "--only", "REQ-DOSE-001")) == (
        "--only REQ-DOSE-001: this is a requirement, and only properties are proved; "
        "it is formalised by INV-DOSE-001"
    )


def test_an_unknown_id_to_explain(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "unknown_id")
    assert refused(call("explain", "mdl-dose-003", address)) == (
        "system valve has nothing with the id mdl-dose-003. Did you mean MDL-DOSE-002 or MDL-DOSE-001 or REQ-DOSE-001? "
        "`pumpproof list` shows all."
    )


def test_code_outside_the_subset(folder: Path, call: Call) -> None:
    address = valve(folder, "outside", "It is even", "valve.given in {0, 2}")
    line = 1 + (folder / "outside.py").read_text().splitlines().index("    return valve.given in {0, 2}")
    message = refused(call("verify", address))
    assert message.startswith(f"{folder}/outside.py:{line}: ")
    assert "outside the subset" in message


def test_a_profile_of_a_system_without_profiles(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "no_profiles")
    assert refused(call("verify", address, "--profile", "omnipod-dash")) == (
        "system valve has no profiles, so --profile omnipod-dash can not be read; "
        "give the System a ProfileLibrary as `profiles`"
    )


def test_an_unknown_profile(call: Call) -> None:
    message = refused(call("verify", "--profile", "omnipod-dsh"))
    assert message.startswith("there is no profile 'omnipod-dsh'. Did you mean ")
    assert "omnipod-dash" in message


def test_a_profile_that_is_not_toml(folder: Path, call: Call) -> None:
    (folder / "mine.toml").write_text("schema = 1\nid = \n")
    message = refused(call("verify", "--profile", "./mine.toml"))
    assert message.startswith("mine.toml:2: ")


def test_a_profile_that_violates_a_condition(folder: Path, call: Call, shipped_profiles: Path) -> None:
    text = (shipped_profiles / "omnipod-dash.toml").read_text().replace('id = "omnipod-dash"', 'id = "mine"')
    (folder / "mine.toml").write_text(f'{text}\n[max_hour_mu]\nvalue = 1000\nsource = "a mistake"\n')
    message = refused(call("verify", "--profile", "./mine.toml"))
    assert message.startswith("mine.toml: profile mine violates what every proof assumes:\n  ASM-DOSE-005: ")
    assert "max_hour_pulses = 20" in message
    assert message.endswith("Nothing was proved for these limits. Correct them.")


def test_a_folder_that_is_not_there(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "no_folder")
    assert refused(call("verify", address, "--json", "out/results.json")) == (
        "--json out/results.json: there is no folder out; make it first"
    )


def test_a_folder_where_a_file_is_expected(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "a_folder")
    assert refused(call("verify", address, "--junit", ".")) == (
        "--junit .: is a folder; give the name of a file"
    )


NO_OUTPUTS = ("    outputs: Outputs = Outputs()", "    out: Outputs = Outputs()")
GUARD = ("limits: Limits) -> bool:\n    return valve.given < 3", "limits: Limits) -> int:\n    return 1")
MORE = ("def initial(limits: Limits)", "def initial(limits: Limits, more: Limits)")
INITIAL = (
    "limits: Limits) -> Valve:\n    return Valve(Mode.READY, 0, 0)",
    "limits: Limits) -> int:\n    return 0",
)
CLAIM = ("(valve: Valve) -> bool:\n    return valve.given <= 3", "(valve: Valve) -> int:\n    return 1")
REFUSAL = ('    NONE = "accepted"', '    NONE = "accepted"\n    NO = "no"')


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        (*NO_OUTPUTS, "returns Step; expected a record with fields `state: Valve`, `outputs: Outputs`"),
        (*GUARD, "returns int; expected bool"),
        (*MORE, "takes (Limits, Limits); expected (Limits)"),
        (*INITIAL, "returns int; expected Valve"),
        (*CLAIM, "returns int; expected bool"),
        (*REFUSAL, "the effect of MDL-DOSE-001 writes outputs.refusal"),
        ("events=(Tick,)", "events=()", "has no event, so that nothing could ever happen"),
        ("class Tick", "class state", "no event can be called state"),
    ],
)
def test_a_function_or_a_record_of_the_wrong_shape(
    folder: Path, call: Call, written: str, instead: str, message: str
) -> None:
    address = proved_valve(folder, f"shape_{len(instead)}_{len(written)}")
    path = folder / f"{address.partition(':')[0]}.py"
    text = path.read_text(encoding="utf-8").replace(written, instead)
    if "refusal" in message:
        text = text.replace("Outputs(drive_pulses=1)", "Outputs(drive_pulses=1, refusal=Reason.NO)")
    if instead == "class state":
        text = (
            text.replace("tick: Tick", "tick: state")
            .replace(" Tick,", " state,")
            .replace("(Tick,)", "(state,)")
        )
    path.write_text(text, encoding="utf-8")
    answer = call("verify", address, "--no-cache")
    assert answer.code == 4
    assert message in answer.err
    assert "Traceback" not in answer.err


def test_one_file_for_two_records(folder: Path, call: Call) -> None:
    address = proved_valve(folder, "one_file")
    message = refused(call("verify", address, "--json", "out.txt", "--junit", "./out.txt"))
    assert message == "--json and --junit both name out.txt; give each a file of its own"
