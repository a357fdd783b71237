"""Certificates of small systems, whole and tampered with."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from models import FOLDER, loaded, system_of

from pumpproof.spec.kernel.properties import Kind
from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.certificates.export import Exporter
from pumpproof.verify.certificates.write import Certificates, certificates, write_certificates
from pumpproof.verify.checker.check import Checked, check_certificates
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.second_reader import SecondReading, read_system


@cache
def proved_system(name: str) -> System:
    """One of the proved models."""
    return system_of(loaded(FOLDER / "proved" / f"{name}.py"))


@cache
def reading(name: str) -> SecondReading:
    """Its second reading."""
    return read_system(proved_system(name))


@cache
def certified(name: str) -> Certificates:
    """Certificates of all its properties."""
    system = proved_system(name)
    invariants = frozenset(known.id for known in system.properties if known.kind is Kind.INVARIANT)
    exporter = Exporter(SymbolicSystem(system), invariants)
    return certificates(exporter, [known.id for known in system.properties])


def written(name: str, folder: Path) -> Path:
    """The folder with its certificates."""
    write_certificates(certified(name), folder / "certificates")
    return folder / "certificates"


def checked(name: str, folder: Path) -> Checked:
    """The check of a folder against a model."""
    return check_certificates(folder, proved_system(name), reading(name))


def rewrite(folder: Path, file: str, old: str, new: str) -> None:
    """Replace text once in a file (everywhere for ``*``) and give the manifest the new hashes."""
    names = [one for one in folder.rglob("*.smt2") if file == "*" or one == folder / file]
    changed = [one for one in names if old in one.read_text()]
    assert changed, "the text to tamper with must be there"
    for one in changed:
        one.write_text(one.read_text().replace(old, new, -1 if file == "*" else 1))
    seal(folder)


def seal(folder: Path) -> None:
    """Make the manifest say what is in the files now."""
    with manifest(folder) as said:
        for name, described in said["files"].items():
            content = (folder / name).read_bytes()
            described |= {"sha256": sha256(content), "queries": content.count(b"(check-sat)\n")}


@contextmanager
def manifest(folder: Path) -> Iterator[dict[str, Any]]:
    """The manifest of a folder, to be changed."""
    path = folder / "manifest.json"
    said = json.loads(path.read_text())
    yield said
    path.write_text(json.dumps(said, sort_keys=True, ensure_ascii=False, indent=1) + "\n")


def sha256(content: bytes) -> str:
    """The hash of a file, as a manifest names it."""
    return hashlib.sha256(content).hexdigest()
