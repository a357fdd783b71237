"""Each command with each kind of wrong input: exit code 4, one message that says what is wrong, nothing written."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_models import proved_valve

Call = Callable[..., Any]

OF_A_SYSTEM = {
    "verify": ("verify", "SYSTEM"),
    "list": ("list", "SYSTEM"),
    "explain": ("explain", "INV-DOSE-001", "SYSTEM"),
    "readers": ("readers", "SYSTEM"),
    "mutate": ("mutate", "SYSTEM"),
    "export": ("export", "vmt", "out.vmt", "SYSTEM"),
    "generate-tests": ("generate-tests", "out.json", "SYSTEM"),
    "replay-tests": ("replay-tests", "in.json", "SYSTEM"),
    "certificate write": ("certificate", "write", "out", "SYSTEM"),
    "certificate check": ("certificate", "check", "in", "SYSTEM"),
}

MODULES = {
    "missing": (None, "there is no module missing"),
    "unparsable": ("SYSTEM = System(\n", "unparsable.py:1: module unparsable is not valid Python"),
    "raising": ("SYSTEM = 1 // 0\n", "raising.py:1: importing raising raised ZeroDivisionError"),
    "importing": ("import no_such_library\n", "importing importing raised ModuleNotFoundError"),
    "empty": ("", "module empty has no SYSTEM. It holds no System."),
    "binary": ("\0\1", "binary"),
    "number": ("SYSTEM = 3\n", "number:SYSTEM is an int, not a System"),
}

FILES = {
    "not there": None,
    "a folder": ...,
    "empty": b"",
    "binary": b"\xff\xfe\x00",
    "broken": b'{"tests": [',
    "a number": b"3",
    "a list": b"[]",
    "an object": b"{}",
    "nested": b"[" * 100_000,
    "another file": b'{"schema": 1, "tests": 3, "files": 3, "system": [], "limits": {}, "digest": 0}',
}

READING = {
    "replay-tests": ("replay-tests", "FILE", "SYSTEM"),
    "mutate --accepted": ("mutate", "SYSTEM", "--accepted", "FILE"),
    "certificate check": ("certificate", "check", "FILE", "SYSTEM"),
    "certificate check, manifest": ("certificate", "check", "certificates", "SYSTEM"),
    "verify --profile": ("verify", "--profile", "./FILE"),
    "generate-tests --profile": ("generate-tests", "out.json", "--profile", "./FILE"),
}

WRITING = {
    "verify --json": ("verify", "SYSTEM", "--json", "FILE"),
    "verify --junit": ("verify", "SYSTEM", "--junit", "FILE"),
    "mutate --json": ("mutate", "SYSTEM", "--json", "FILE"),
    "explain --picture": ("explain", "INV-DOSE-001", "SYSTEM", "--picture", "FILE"),
    "explain --pytest": ("explain", "INV-DOSE-001", "SYSTEM", "--pytest", "FILE"),
    "export": ("export", "vmt", "FILE", "SYSTEM"),
    "generate-tests": ("generate-tests", "FILE", "SYSTEM"),
}

OPTIONS = {
    "verify --jobs": (("verify", "SYSTEM", "--jobs", "999999"), "--jobs 999999: give at most "),
    "mutate --jobs": (("mutate", "SYSTEM", "--jobs", "999999"), "--jobs 999999: give at most "),
    "selfcheck --jobs": (("selfcheck", "--faults", "--jobs", "999999"), "--jobs 999999: give at most "),
    "verify --engine": (("verify", "SYSTEM", "--engine", "magic"), "--engine magic: there is no such engine"),
    "verify --only": (("verify", "SYSTEM", "--only", "x"), "--only x: system valve has no such property"),
    "export format": (("export", "smv", "out.smv", "SYSTEM"), "smv"),
    "export --only": (("export", "vmt", "out.vmt", "SYSTEM", "--only", "x"), "--only x: "),
    "certificate --only": (("certificate", "write", "out", "SYSTEM", "--only", "x"), "--only x: "),
    "mutate --only": (("mutate", "SYSTEM", "--only", "x"), "x"),
    "picture": (
        ("explain", "INV-DOSE-001", "SYSTEM", "--picture", "run.png"),
        "--picture run.png: a picture is written as SVG; give a name that ends in .svg",
    ),
    "init": (("init", "not a name"), "not a name"),
    "init over a folder": (("init", "certificates"), "certificates"),
    "profile": (("generate-tests", "out.json", "--profile", "no-such-pump"), "no-such-pump"),
}


def refused(answer: Any, folder: Path, before: dict[Path, bytes]) -> str:
    """The message, after checking that there is nothing else."""
    assert answer.code == 4, answer.err
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert answer.err.startswith("pumpproof: ")
    assert contents(folder) == before
    return str(answer.err)


def contents(folder: Path) -> dict[Path, bytes]:
    """All files but compiled ones."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.relative_to(folder).parts
    }


def filled(arguments: tuple[str, ...], system: str, file: str) -> list[str]:
    return [one.replace("SYSTEM", system).replace("FILE", file) for one in arguments]


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("command", OF_A_SYSTEM)
def test_a_module_that_holds_no_system(command: str, module: str, folder: Path, call: Call) -> None:
    text, message = MODULES[module]
    if text is not None:
        (folder / f"{module}.py").write_text(text)
    before = contents(folder)
    sys.modules.pop(module, None)
    answer = call(*filled(OF_A_SYSTEM[command], f"{module}:SYSTEM", "file"))
    assert message in refused(answer, folder, before)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("command", READING)
def test_a_file_that_can_not_be_read(command: str, kind: str, folder: Path, call: Call) -> None:
    if command == "mutate --accepted" and kind == "empty":
        pytest.skip("an empty TOML file accepts nothing")
    address = proved_valve(folder, "reading")
    (folder / "certificates").mkdir()
    path = folder / ("certificates/manifest.json" if "manifest" in command else "input.toml")
    content = FILES[kind]
    if content is ...:
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    before = contents(folder)
    refused(call(*filled(READING[command], address, "input.toml")), folder, before)


@pytest.mark.parametrize("file", [".", "no/such/folder/file.svg", "reading.py/file.svg"])
@pytest.mark.parametrize("command", WRITING)
def test_a_file_that_can_not_be_written(command: str, file: str, folder: Path, call: Call) -> None:
    address = proved_valve(folder, "reading")
    before = contents(folder)
    message = refused(call(*filled(WRITING[command], address, file)), folder, before)
    assert file in message


@pytest.mark.parametrize("name", OPTIONS)
def test_a_value_that_an_option_does_not_know(name: str, folder: Path, call: Call) -> None:
    address = proved_valve(folder, "reading")
    (folder / "certificates").mkdir()
    before = contents(folder)
    arguments, message = OPTIONS[name]
    assert message in refused(call(*filled(arguments, address, "file")), folder, before)


def test_a_python_without_assertions(folder: Path) -> None:
    command = [sys.executable, "-O", "-m", "pumpproof", "list"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        "pumpproof: the toolkit's own checks are assertions, which python -O and PYTHONOPTIMIZE remove; "
        "run without them\n"
    )
