"""The command ``init``: a small pump that is proved as it stands, as a project of one's own."""

import keyword
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from string import Template

from pumpproof.cli.commands import tool_version
from pumpproof.cli.console import standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.verify.results.exits import ExitCode

_MODULES = ("model.py", "rows.py", "specification.py", "pump.py")
_PROJECT = {
    "pyproject.toml": "pyproject.toml.template",
    "README.md": "README.md.template",
    ".github/workflows/verify.yml": "verify.yml.template",
    "tests/test_pump.py": "test_pump.py.template",
}


def start_project(name: str) -> int:
    """Write the project ``name`` into a new folder of that name in the current folder, whole or not at all.

    Raises:
        BadInput: the name can not be that of a package, the folder exists, or it can not be written.
    """
    _check_name(name)
    target = Path.cwd() / name
    if target.exists():
        raise BadInput(f"{target} is there already; nothing was written. Choose another name or folder.")
    try:
        _write(target, name)
    except OSError as error:
        raise BadInput(f"{target}: can not be written ({error.strerror})") from error
    standard_output().say(_NEXT.substitute(name=name))
    return ExitCode.PROVED


_NEXT = Template(
    """$name/ holds a pump with its properties, tests and a CI workflow. Next:
  cd $name
  pumpproof verify $name.pump:SYSTEM    proves every property
  pytest                                watches them on the running machine (needs pytest and hypothesis)"""
)


def _check_name(name: str) -> None:
    if not name.isidentifier() or not name.isascii() or name != name.lower() or keyword.iskeyword(name):
        raise BadInput(
            f"{name!r} can not be the name of a package; "
            "use small letters, digits and _, beginning with a letter, for example my_pump"
        )
    if name in sys.stdlib_module_names or name in ("pumpproof", "tests"):
        raise BadInput(f"{name!r} is the name of another package; choose another, for example my_pump")


def project_files(name: str) -> dict[str, str]:
    """Path below the project's folder and content of every file of the project ``name``."""
    starter = files("pumpproof.starter")
    said = {"name": name, "version": tool_version().split()[0]}
    content = {f"{name}/__init__.py": f'"""The pump {name}: ``{name}.pump:SYSTEM``."""\n'}
    for module in _MODULES:
        text = starter.joinpath(module).read_text(encoding="utf-8")
        content[f"{name}/{module}"] = text.replace('name="starter"', f'name="{name}"')
    for path, template in _PROJECT.items():
        text = starter.joinpath("project", template).read_text(encoding="utf-8")
        content[path] = Template(text).substitute(said)
    return content


def _write(target: Path, name: str) -> None:
    """Write all files into a folder beside, which then takes the name."""
    with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=target.parent) as unfinished:
        project = Path(unfinished) / name
        for path, text in project_files(name).items():
            file = project / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        project.rename(target)
