"""What is built and shipped: every module once, under one name, working wherever it is installed."""

import base64
import csv
import hashlib
import io
import json
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest
from checkout import ROOMS, run_program

# One worker builds and installs for all tests of this file.
pytestmark = pytest.mark.xdist_group("wheel")


@dataclass(frozen=True)
class Environment:
    """A virtual environment outside the checkout."""

    folder: Path

    def run(self, *command: str) -> str:
        """Run a program of the environment in a folder that holds nothing of ours; return what it printed."""
        program, *arguments = command
        outside = self.folder.parent / "elsewhere"
        outside.mkdir(exist_ok=True)
        cache = str(self.folder.parent / "cache")
        done = run_program([self.folder / "bin" / program, *arguments], outside, PUMPPROOF_CACHE=cache)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def python(self, program: str) -> str:
        return self.run("python", "-I", "-c", program).strip()


def build(source: Path, target: Path) -> Path:
    """Build a wheel with the locked build tool of this environment."""
    pip = [sys.executable, "-m", "pip", "wheel", "-qq", "--no-deps", "--no-index", "--no-build-isolation"]
    done = run_program([*pip, "-w", target, source], target.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = target.glob("*.whl")
    return wheel


def shipped(repository: Path, files: list[Path]) -> dict[str, bytes]:
    """What a wheel has to hold beside its metadata: the files of the rooms and of the package, by name."""
    content = {}
    for file in files:
        name = PurePosixPath(file)
        if file.suffix == ".md" or (repository / file).is_symlink():
            continue
        if name.parts[0] in ROOMS:
            content[f"pumpproof/{name}"] = (repository / file).read_bytes()
        elif name.parts[:2] == ("src", "pumpproof"):
            content[str(name.relative_to("src"))] = (repository / file).read_bytes()
    assert {f"pumpproof/{room}/__init__.py" for room in ROOMS} <= set(content)
    return content


def content_of(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel, without its metadata; refuses a name that is there twice."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert sorted(names) == sorted(set(names))
        return {name: archive.read(name) for name in names if ".dist-info/" not in name}


@pytest.fixture(scope="session")
def wheel(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(pristine, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def sdist(pristine: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("sdist")
    backend = "import sys, setuptools.build_meta as backend; backend.build_sdist(sys.argv[1])"
    done = run_program([sys.executable, "-c", backend, target], pristine)
    assert done.returncode == 0, done.stdout + done.stderr
    (archive,) = target.glob("*.tar.gz")
    return archive


@pytest.fixture(scope="session")
def installed(repository: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel in an empty environment, with the locked packages it runs on and python-statemachine."""
    environment = Environment(tmp_path_factory.mktemp("environment") / "venv")
    done = run_program([sys.executable, "-m", "venv", environment.folder], environment.folder.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    pip = ("python", "-m", "pip", "install", "-qq")
    locked = [f"--requirement={repository}/locks/{name}.txt" for name in ("runtime", "neighbour")]
    environment.run(*pip, "--no-compile", "--require-hashes", "--only-binary=:all:", *locked)
    environment.run(*pip, "--no-deps", "--no-index", str(wheel))
    return environment


def test_the_wheel_holds_every_file_of_the_rooms_exactly_once(
    repository: Path, files: list[Path], wheel: Path
) -> None:
    assert content_of(wheel) == shipped(repository, files)


def test_the_wheel_has_one_top_level_name(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
        metadata = next(top for top in tops if top.endswith(".dist-info"))
        assert archive.read(f"{metadata}/top_level.txt").decode().split() == ["pumpproof"]
    assert tops == {"pumpproof", metadata}


def test_the_wheel_says_its_licence_and_its_command(repository: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name.partition(".dist-info/")[2]: name for name in archive.namelist()}
        assert archive.read(names["licenses/LICENSE"]) == (repository / "LICENSE").read_bytes()
        assert b"License-Expression: Apache-2.0\n" in archive.read(names["METADATA"])
        assert b"pumpproof = pumpproof.cli:main\n" in archive.read(names["entry_points.txt"])


def test_the_source_archive_builds_the_same_wheel(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    assert content_of(build(sdist, tmp_path / "target")) == content_of(wheel)


def test_the_source_archive_needs_no_links(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        assert [member.name for member in archive if member.issym() or member.islnk()] == []


def test_every_module_of_the_wheel_imports_in_an_empty_environment(
    files: list[Path], repository: Path, installed: Environment
) -> None:
    modules = sorted(
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in shipped(repository, files)
        if name.endswith(".py") and not name.endswith("__main__.py")
    )
    assert "pumpproof.spec.kernel" in modules
    program = (
        "import importlib, json, sys\n"
        f"print(json.dumps([importlib.import_module(name).__file__ for name in {modules}]))"
    )
    places = [Path(place) for place in json.loads(installed.python(program))]
    assert len(set(places)) == len(modules)
    assert all(place.is_relative_to(installed.folder) for place in places)


def test_the_packages_the_wheel_asks_for_are_the_locked_ones(installed: Environment) -> None:
    assert installed.run("python", "-m", "pip", "check") == "No broken requirements found.\n"


def test_the_installed_command_answers(repository: Path, installed: Environment) -> None:
    version = tomllib.loads((repository / "pyproject.toml").read_text())["project"]["version"]
    assert version in installed.run("pumpproof", "--version")


def test_a_pump_in_a_package_of_its_own_is_proved_by_the_installed_command(
    pristine: Path, installed: Environment, tmp_path: Path
) -> None:
    patch_pump = build(pristine / "examples" / "patch_pump", tmp_path)
    installed.run("python", "-m", "pip", "install", "-qq", "--no-deps", "--no-index", str(patch_pump))
    said = installed.run("pumpproof", "verify", "patch_pump.pump:SYSTEM")
    assert "system patch pump. Exit code 0." in said


def test_the_installed_command_starts_a_project_that_is_proved(installed: Environment) -> None:
    installed.run("pumpproof", "init", "wheel_pump")
    said = installed.run("python", "-m", "pumpproof", "verify", "wheel_pump.wheel_pump.pump:SYSTEM")
    assert "system wheel_pump. Exit code 0." in said


def test_python_statemachine_beside_it_keeps_its_name(installed: Environment) -> None:
    program = (
        "import statemachine, pumpproof.statemachine as ours\n"
        "assert statemachine.StateMachine and statemachine is not ours\n"
        "print(statemachine.__file__, ours.__file__, sep='\\n')"
    )
    theirs, ours = (PurePosixPath(line) for line in installed.python(program).splitlines())
    assert theirs.parts[-3:] == ("site-packages", "statemachine", "__init__.py")
    assert ours.parts[-4:] == ("site-packages", "pumpproof", "statemachine", "__init__.py")


def test_no_file_of_python_statemachine_is_changed(installed: Environment) -> None:
    (record,) = installed.folder.glob("lib/python*/site-packages/python_statemachine-*.dist-info/RECORD")
    site = record.parent.parent
    checked = 0
    for name, digest, _ in csv.reader(io.StringIO(record.read_text())):
        if digest:
            algorithm, _, expected = digest.partition("=")
            found = hashlib.new(algorithm, (site / name).read_bytes()).digest()
            assert base64.urlsafe_b64encode(found).rstrip(b"=").decode() == expected, name
            checked += name.startswith("statemachine/")
    assert checked > 10
