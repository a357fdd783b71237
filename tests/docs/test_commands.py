"""What README and docs tell people to type works, and what they point to is there."""

import re
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from checkout import run_program
from typer.main import get_command

from pumpproof.cli.commands import app
from pumpproof.statemachine.occlusion_bench.system import SYSTEM as BENCH
from pumpproof.statemachine.pump.system import SYSTEM

REPOSITORY = Path(__file__).resolve().parent.parent.parent
PAGES = (REPOSITORY / "README.md", REPOSITORY / "tests" / "README.md", *sorted(REPOSITORY.glob("docs/*.md")))

COMMANDS = ("pumpproof", "make", "python", "pytest")
SUBCOMMANDS = tuple(get_command(app).commands)  # type: ignore[attr-defined]
NESTED = tuple(
    f"{name} {inner}"
    for name, command in get_command(app).commands.items()  # type: ignore[attr-defined]
    for inner in getattr(command, "commands", ())
)

SHELL_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANY_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
INDENTED_BLOCK = re.compile(r"(?<=\n\n)(?: {4}.*\n)+")
WRITES = ("--json", "--junit", "--picture", "--pytest")
"""Options that are followed by the name of a file that they write."""

WRITES_ITS_ARGUMENT = {"export": 3, "generate-tests": 2}
"""Commands that write a file which is the word at this place."""

INLINE_CODE = re.compile(r"`([^`\n]+)`")
EXIT_CODE = re.compile(r"#\s*exit (\d+)\b")
RELATIVE_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)(?:#[^)]*)?\)")
IDENTIFIER = re.compile(r"\b(?:INV|MDL|REQ|ASM)-[A-Z]+-\d{3}\b")


@dataclass(frozen=True)
class Typed:
    """A command line that a page shows, and the exit code that it tells of."""

    page: str
    words: tuple[str, ...]
    exit_code: int

    def __str__(self) -> str:
        return " ".join(self.words)


def commands_of(page: Path) -> Iterator[Typed]:
    """The command lines in blocks for the shell, fenced as ``sh`` or indented."""
    text = page.read_text(encoding="utf-8")
    blocks = [*SHELL_BLOCK.findall(text), *INDENTED_BLOCK.findall(ANY_BLOCK.sub("", text))]
    for line in "".join(blocks).splitlines():
        words = shlex.split(line, comments=True)
        if words and (name := words[0].removeprefix(".venv/bin/")) in COMMANDS:
            told = EXIT_CODE.search(line)
            yield Typed(page.name, (name, *words[1:]), int(told[1]) if told else 0)


FOLLOWED = ("tutorial.md",)
"""Pages whose commands build on each other; a test of their own follows each from its first line to its last."""

TYPED = tuple(
    dict.fromkeys(typed for page in PAGES if page.name not in FOLLOWED for typed in commands_of(page))
)
RUN = tuple(typed for typed in TYPED if typed.words[0] == "pumpproof")
MAKE = tuple(typed for typed in TYPED if typed.words[0] == "make")
MODULES = tuple(typed for typed in TYPED if typed.words[:2] == ("python", "-m"))
"""``make`` sets up environments and runs all tests, and a measurement takes minutes: continuous integration and people
run these. Here it is checked that they exist, and that a measurement knows the options that are shown."""


def run_pumpproof(folder: Path, *words: str, cache: Path) -> tuple[int, str]:
    """Run the installed command, or the module where none is installed beside the interpreter."""
    installed = Path(sys.executable).with_name("pumpproof")
    start = [installed] if installed.exists() else [sys.executable, "-m", "pumpproof"]
    source = str(REPOSITORY / "src")
    result = run_program([*start, *words], folder, PYTHONPATH=source, PUMPPROOF_CACHE=str(cache))
    return result.returncode, result.stdout + result.stderr


def test_the_readme_shows_both_ways_to_begin() -> None:
    assert {("make", "verify"), ("make", "test")} <= {typed.words for typed in TYPED}
    assert len(RUN) >= 5


@pytest.mark.xdist_group("pages")
@pytest.mark.parametrize("typed", RUN, ids=str)
def test_a_command_that_is_shown_ends_as_it_says(
    typed: Typed, tmp_path: Path, first_command: tuple[Path, str]
) -> None:
    cache, _ = first_command
    code, said = run_pumpproof(tmp_path, *typed.words[1:], cache=cache)
    assert code == typed.exit_code, said
    written = {word for option, word in zip(typed.words, typed.words[1:]) if option in WRITES}
    if typed.words[1] in WRITES_ITS_ARGUMENT:
        written.add(typed.words[WRITES_ITS_ARGUMENT[typed.words[1]]])
    assert {path.name for path in tmp_path.iterdir()} == written


@pytest.mark.parametrize("typed", MAKE, ids=str)
def test_a_target_of_make_that_is_shown_exists(typed: Typed) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{re.escape(typed.words[1])}:", makefile, re.MULTILINE), f"make {typed.words[1]}"


@pytest.mark.parametrize("typed", MODULES, ids=str)
def test_a_module_that_is_shown_knows_its_options(typed: Typed) -> None:
    source = str(REPOSITORY / "src")
    helped = run_program([sys.executable, "-m", typed.words[2], "--help"], REPOSITORY, PYTHONPATH=source)
    assert helped.returncode == 0, helped.stderr
    unknown = [word for word in typed.words[3:] if word.startswith("--") and word not in helped.stdout]
    assert unknown == []


@pytest.mark.parametrize("name", ["", *SUBCOMMANDS, *NESTED])
def test_every_command_has_help(name: str, tmp_path: Path) -> None:
    code, said = run_pumpproof(tmp_path, *name.split(), "--help", cache=tmp_path)
    assert code == 0
    assert f"Usage: pumpproof {name}".rstrip() in said
    if not name:
        assert [one for one in SUBCOMMANDS if one not in said] == []


def each_page() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))


@each_page()
def test_relative_links_lead_to_files(page: Path) -> None:
    targets = RELATIVE_LINK.findall(ANY_BLOCK.sub("", page.read_text(encoding="utf-8")))
    assert [target for target in targets if not (page.parent / target).exists()] == []


@each_page()
def test_paths_in_the_text_exist(page: Path) -> None:
    missing = [path for path in _paths(page) if not any(REPOSITORY.glob(path))]
    assert missing == []


@each_page()
def test_identifiers_in_the_text_exist(page: Path) -> None:
    if page.name in FOLLOWED:
        return  # It speaks of a system of its own, whose ids its own test sees in the answers.
    known = {
        one.id
        for system in (SYSTEM, BENCH)
        for group in (system.properties, system.table, system.requirements, system.conditions)
        for one in group
    }
    assert set(IDENTIFIER.findall(page.read_text(encoding="utf-8"))) - known == set()


@each_page()
def test_commands_in_the_text_exist(page: Path, tmp_path: Path) -> None:
    shown = [code.split() for code in INLINE_CODE.findall(page.read_text(encoding="utf-8"))]
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for words in shown:
        match words:
            case ["pumpproof", name, *options] if not name.startswith("-"):
                assert name in SUBCOMMANDS
                path = (name, *options[:1]) if f"{name} {' '.join(options[:1])}" in NESTED else (name,)
                _, said = run_pumpproof(tmp_path, *path, "--help", cache=tmp_path)
                assert [one for one in options if one.startswith("--") and one not in said] == []
            case ["make", target, *_]:
                assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), f"make {target}"
            case _:
                pass


def _paths(page: Path) -> Iterator[str]:
    """Paths of the repository that stand as code in the text."""
    rooms = {path.name for path in REPOSITORY.iterdir() if path.is_dir() and not path.name.startswith(".")}
    for code in INLINE_CODE.findall(ANY_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        first, slash, _ = code.partition("/")
        if slash and first in rooms and " " not in code:
            yield from _spelled_out(code)


def _spelled_out(path: str) -> Iterator[str]:
    """The paths that ``{one,other}`` in a path stand for."""
    found = re.search(r"\{([^}]*)\}", path)
    if found is None:
        yield path
        return
    for name in found[1].split(","):
        yield from _spelled_out(path.replace(found[0], name, 1))
