"""What the toolkit itself is: its files, and one number for all that is in them."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pumpproof

SOURCES = (".py", ".toml", ".json")
"""Files of these kinds are the toolkit."""

SYSTEMS = ("spec/pump", "spec/number_entry", "statemachine/pump", "statemachine/number_entry", "starter")
"""Folders of systems that come with the toolkit: what is proved, and no part of what proves."""


def package_folder() -> Path:
    """Where the toolkit is installed."""
    return Path(str(pumpproof.__file__)).parent


def package_files(folder: Path) -> Iterator[Path]:
    """The source files below ``folder``, through links to folders."""
    for path in folder.iterdir():
        if path.is_dir() and path.name != "__pycache__":
            yield from package_files(path)
        elif path.suffix in SOURCES:
            yield path


@cache
def content() -> str:
    """SHA-256 of every source file that proves, by its place and what is in it; ``SYSTEMS`` are left out."""
    folder = package_folder()
    systems = [folder / one for one in SYSTEMS]
    digest = hashlib.sha256()
    for path in sorted(package_files(folder)):
        if any(path.is_relative_to(one) for one in systems):
            continue
        data = path.read_bytes()
        digest.update(f"\n{path.relative_to(folder)} {len(data)}\n".encode() + data)
    return digest.hexdigest()
