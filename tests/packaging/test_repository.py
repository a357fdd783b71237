"""What the repository as a whole must and must not hold."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from checkout import run_program

# The brackets and dots keep this file from holding what it looks for.
ADDRESSES = {
    "the address of a package registry": r"pypi[.]org|pythonhosted[.]org|npmjs[.](?:org|com)|[/]simple[/]?\b",
    "the choice of a package index": r"--(?:extra-)?index[-]url|--find[-]links|\bindex-url\s*[=]",
    "a path of one machine": r"(?<![\w.])[/](?:root|home/\w+|Users/\w+|opt/\w+|work)/|[A-Z]:[\\]Users\b",
}


def found(pattern: str, folder: Path, files: list[Path]) -> list[str]:
    """Where a pattern occurs, as file:line."""
    places = []
    for name in files:
        if (folder / name).is_symlink():
            continue
        lines = (folder / name).read_bytes().decode("utf-8", errors="replace").splitlines()
        places += [f"{name}:{number}" for number, line in enumerate(lines, 1) if re.search(pattern, line)]
    return places


@pytest.mark.parametrize("what", ADDRESSES)
def test_no_file_holds(repository: Path, files: list[Path], what: str) -> None:
    assert found(ADDRESSES[what], repository, files) == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("the address of a package registry", "see https://py·pi.org/project/x"),
        ("the address of a package registry", "https://files.python·hosted.org/x.whl"),
        ("the address of a package registry", "https://registry.npm·js.org/x"),
        ("the choice of a package index", "--index·-url https://example.org"),
        ("the choice of a package index", "extra-index-url ·= https://example.org"),
        ("the choice of a package index", "--find·-links wheels"),
        ("a path of one machine", "# /ro·ot/.venv/bin/python"),
        ("a path of one machine", "'/ho·me/ada/pumpproof'"),
        ("a path of one machine", "/Us·ers/ada/pumpproof"),
        ("a path of one machine", "C:\\Us·ers\\ada"),
        ("a path of one machine", "#!/op·t/python/bin/python"),
    ],
)
def test_the_search_finds(tmp_path: Path, what: str, line: str) -> None:
    (tmp_path / "file.txt").write_text("first\n" + line.replace("·", "") + "\n")
    assert found(ADDRESSES[what], tmp_path, [Path("file.txt")]) == ["file.txt:2"]


@pytest.mark.parametrize("room", ["spec", "statemachine", "verify", "reference_impl", "hardware_adapters"])
def test_each_room_has_a_relative_link_under_version_control(repository: Path, room: str) -> None:
    entry = run_program(["git", "ls-files", "--stage", f"src/pumpproof/{room}"], repository).stdout
    assert entry.startswith("120000 "), "a link is stored as a link"
    content = run_program(["git", "cat-file", "blob", entry.split()[1]], repository).stdout
    assert content == f"../../{room}"


def lock(repository: Path, name: str) -> dict[str, str]:
    """The version of each locked package; every one of them has a hash."""
    versions = {}
    for entry in (repository / "locks" / name).read_text().split("\n"):
        if match := re.match(r"([a-z0-9-]+)==([^ ]+)(?: ; .*)? \\$", entry):
            versions[match[1]] = match[2]
        else:
            assert re.fullmatch(r"(    --hash=sha256:[0-9a-f]{64}( \\)?)?", entry), entry
    return versions


def configuration(repository: Path) -> dict[str, Any]:
    return tomllib.loads((repository / "pyproject.toml").read_text())


def names(requirements: list[Any]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", text)[0].lower() for text in requirements if isinstance(text, str)}


def test_every_runtime_requirement_and_the_build_tool_are_locked(repository: Path) -> None:
    settings = configuration(repository)
    asked = names(settings["project"]["dependencies"]) | names(settings["build-system"]["requires"])
    assert asked <= set(lock(repository, "runtime.txt"))


def test_every_tool_is_locked(repository: Path) -> None:
    groups = configuration(repository)["dependency-groups"]
    assert names(groups["test"]) | names(groups["quality"]) <= set(lock(repository, "dev.txt"))
    assert names(groups["neighbour"]) <= set(lock(repository, "neighbour.txt"))
    assert names(groups["crosscheck"]) <= set(lock(repository, "crosscheck.txt"))
    assert names(groups["lock"]) <= set(lock(repository, "lock.txt"))


@pytest.mark.parametrize("other", ["runtime.txt", "neighbour.txt", "crosscheck.txt", "lock.txt"])
def test_the_locks_agree(repository: Path, other: str) -> None:
    dev = lock(repository, "dev.txt")
    common = {name: version for name, version in lock(repository, other).items() if name in dev}
    assert common == {name: dev[name] for name in common}


def test_the_tests_run_on_everything_that_is_shipped(repository: Path) -> None:
    assert set(lock(repository, "runtime.txt")) <= set(lock(repository, "dev.txt"))


def test_the_tools_packages_are_not_asked_of_users(repository: Path) -> None:
    assert not {"pytest", "mypy", "pyright", "ruff", "uv", "python-statemachine"} & set(
        lock(repository, "runtime.txt")
    )


def test_python_statemachine_is_not_in_the_environment_of_the_tools(repository: Path) -> None:
    assert "python-statemachine" not in lock(repository, "dev.txt")


@pytest.mark.xdist_group("together")
def test_tests_of_a_group_are_kept_together(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("loadgroup", default=False):  # a worker, told to keep groups together
        assert request.node.nodeid.endswith("@together"), "each worker makes the fixtures of every group"
