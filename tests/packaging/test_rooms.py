"""Who may import whom. Each rule is seen to bite on one seeded import in otherwise empty rooms."""

import sys
from pathlib import Path

import pytest
from checkout import run_program

TOOLS = Path(sys.executable).parent

LAYERS = "Rooms import downwards only, and every top-level module has its layer"
VERIFY = "verify works on any System: of the rooms it knows spec.kernel and statemachine.kernel only"
ADAPTERS = "hardware_adapters knows spec.kernel only"
KERNELS = "The kernels know no pump"
CHECKER = "The checker of certificates shares no code with what makes them"
SECOND_READER = "The second reader shares no code with the first"
INDEPENDENT = "The properties of a pump or a bench never use the code they judge"
BENCH = "The bench runs the pump's rule; the pump knows no bench"


def contracts(tree: Path) -> dict[str, str]:
    """The verdict of each contract, by its name."""
    done = run_program(
        [TOOLS / "lint-imports", "--no-cache", "--no-logo"], tree, PYTHONPATH=str(tree / "src"), COLUMNS="300"
    )
    verdicts = {}
    for line in done.stdout.splitlines():
        name, _, verdict = line.rpartition(" ")
        if verdict in {"KEPT", "BROKEN"}:
            verdicts[name] = verdict
    known = {LAYERS, VERIFY, CHECKER, ADAPTERS, KERNELS, INDEPENDENT, SECOND_READER, BENCH}
    assert set(verdicts) == known, done.stdout + done.stderr
    assert (done.returncode == 0) == ("BROKEN" not in verdicts.values())
    return verdicts


def broken(tree: Path) -> set[str]:
    return {name for name, verdict in contracts(tree).items() if verdict == "BROKEN"}


FORBIDDEN = [
    ("spec/kernel/__init__.py", "pumpproof.statemachine.kernel", {LAYERS}),
    ("spec/pump/__init__.py", "pumpproof.statemachine.kernel", {LAYERS, INDEPENDENT}),
    ("spec/pump/__init__.py", "pumpproof.statemachine.pump", {LAYERS, INDEPENDENT}),
    ("spec/number_entry/__init__.py", "pumpproof.statemachine.number_entry", {LAYERS, INDEPENDENT}),
    ("spec/__init__.py", "pumpproof.verify", {LAYERS}),
    ("spec/kernel/__init__.py", "pumpproof.spec.pump", {KERNELS}),
    ("statemachine/kernel/__init__.py", "pumpproof.spec.pump", {KERNELS}),
    ("statemachine/kernel/__init__.py", "pumpproof.statemachine.pump", {KERNELS}),
    ("statemachine/pump/__init__.py", "pumpproof.verify", {LAYERS}),
    ("statemachine/pump/__init__.py", "pumpproof.hardware_adapters", {LAYERS}),
    ("statemachine/pump/__init__.py", "pumpproof.reference_impl", {LAYERS}),
    ("verify/__init__.py", "pumpproof.spec.pump", {VERIFY}),
    ("verify/__init__.py", "pumpproof.statemachine.pump", {VERIFY}),
    ("verify/__init__.py", "pumpproof.statemachine.number_entry", {VERIFY}),
    ("verify/__init__.py", "pumpproof.hardware_adapters", {VERIFY}),
    ("verify/__init__.py", "pumpproof.statemachine.occlusion_bench", {VERIFY}),
    ("spec/kernel/__init__.py", "pumpproof.spec.occlusion_bench", {KERNELS}),
    ("spec/pump/__init__.py", "pumpproof.spec.occlusion_bench", {BENCH}),
    ("statemachine/pump/__init__.py", "pumpproof.statemachine.occlusion_bench", {BENCH}),
    ("spec/occlusion_bench/__init__.py", "pumpproof.statemachine.pump", {LAYERS, INDEPENDENT}),
    ("verify/__init__.py", "pumpproof.reference_impl", {LAYERS}),
    ("verify/checker/__init__.py", "pumpproof.verify.certificates", {CHECKER}),
    ("verify/checker/__init__.py", "pumpproof.verify.logic", {CHECKER}),
    ("verify/second_reader/__init__.py", "pumpproof.verify.language", {SECOND_READER}),
    ("verify/second_reader/__init__.py", "pumpproof.verify.logic", {SECOND_READER}),
    ("verify/second_reader/__init__.py", "pumpproof.verify.proof", {SECOND_READER}),
    ("verify/second_reader/__init__.py", "pumpproof.verify.search", {SECOND_READER}),
    ("reference_impl/__init__.py", "pumpproof.verify", {LAYERS}),
    ("hardware_adapters/__init__.py", "pumpproof.spec.pump", {ADAPTERS}),
    ("hardware_adapters/__init__.py", "pumpproof.statemachine.kernel", {LAYERS}),
    ("hardware_adapters/__init__.py", "pumpproof.reference_impl", {LAYERS}),
    ("spec/__init__.py", "pumpproof.cli", {LAYERS}),
    ("verify/__init__.py", "pumpproof.cli", {LAYERS}),
    ("reference_impl/__init__.py", "pumpproof.cli", {LAYERS}),
]

ALLOWED = [
    ("spec/pump/__init__.py", "pumpproof.spec.kernel"),
    ("statemachine/kernel/__init__.py", "pumpproof.spec.kernel"),
    ("statemachine/pump/__init__.py", "pumpproof.spec.pump"),
    ("statemachine/pump/__init__.py", "pumpproof.statemachine.kernel"),
    ("spec/occlusion_bench/__init__.py", "pumpproof.spec.pump"),
    ("statemachine/occlusion_bench/__init__.py", "pumpproof.statemachine.pump"),
    ("verify/__init__.py", "pumpproof.spec.kernel"),
    ("verify/__init__.py", "pumpproof.statemachine.kernel"),
    ("reference_impl/__init__.py", "pumpproof.spec.pump"),
    ("reference_impl/__init__.py", "pumpproof.statemachine.pump"),
    ("reference_impl/__init__.py", "pumpproof.hardware_adapters"),
    ("hardware_adapters/__init__.py", "pumpproof.spec.kernel"),
    ("src/pumpproof/cli.py", "pumpproof.verify"),
    ("src/pumpproof/cli.py", "pumpproof.statemachine.pump"),
]


@pytest.mark.verifies("REQ-INTEG-008")
@pytest.mark.parametrize(("file", "imported", "rules"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_rule(
    skeleton: Path, file: str, imported: str, rules: set[str]
) -> None:
    (skeleton / "src/pumpproof/cli.py").touch()
    (skeleton / file).write_text(f"import {imported}\n")
    assert broken(skeleton) >= rules


def test_all_allowed_imports_together_keep_every_rule(skeleton: Path) -> None:
    for file, imported in ALLOWED:
        with (skeleton / file).open("a") as source:
            source.write(f"import {imported}\n")
    assert broken(skeleton) == set()


def test_rules_hold_before_the_command_line_exists(skeleton: Path) -> None:
    assert broken(skeleton) == set()


@pytest.mark.verifies("REQ-INTEG-008")
def test_a_detour_does_not_get_round_a_rule(skeleton: Path) -> None:
    (skeleton / "verify/__init__.py").write_text("import pumpproof.spec.kernel.helper\n")
    (skeleton / "spec/kernel/helper.py").write_text("import pumpproof.spec.pump\n")
    assert broken(skeleton) == {KERNELS, VERIFY}


def test_an_import_for_types_only_counts_too(skeleton: Path) -> None:
    (skeleton / "verify/__init__.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pumpproof.spec.pump\n"
    )
    assert broken(skeleton) == {VERIFY}


def test_a_new_top_level_module_needs_a_layer(skeleton: Path) -> None:
    (skeleton / "src/pumpproof/stray.py").touch()
    assert broken(skeleton) == {LAYERS}


@pytest.mark.parametrize("room", ["spec", "statemachine", "verify", "reference_impl", "hardware_adapters"])
@pytest.mark.parametrize("statement", ["import {room}\n", "from {room}.kernel import Unit\n"])
def test_a_bare_import_of_a_room_is_refused(skeleton: Path, room: str, statement: str) -> None:
    (skeleton / "tests/test_it.py").write_text(statement.format(room=room))
    done = run_program([TOOLS / "ruff", "check", "--no-cache", "."], skeleton)
    assert done.returncode == 1
    assert f"TID251 `{room}" in done.stdout
    assert f"Import `pumpproof.{room}`" in done.stdout
