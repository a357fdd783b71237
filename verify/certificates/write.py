"""A folder of certificates: one self-contained SMT-LIB 2 file for each subject, and a manifest."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.certificates.export import Exported, Exporter, Unchanged
from pumpproof.verify.certificates.script import Script
from pumpproof.verify.certificates.text import Printer
from pumpproof.verify.proof.obligations import CODE, TABLE, Stage

FORMAT = "pumpproof-certificate"
VERSION = 2
MANIFEST = "manifest.json"

Json = dict[str, object]


class FolderExists(ValueError):
    """A folder that is there already and holds something; certificates are never mixed."""


@dataclass(frozen=True)
class Certificates:
    """The files of a folder, by their names relative to it, the manifest included."""

    files: dict[str, str]
    properties: tuple[str, ...]
    obligations: int
    unchanged: int


def certificates(exporter: Exporter, properties: Sequence[str]) -> Certificates:
    """Everything that certifies these properties, the table and the code."""
    system = exporter.symbolic.system
    printer = Printer()
    files: dict[str, str] = {}
    described: Json = {}
    pairs: list[str] = []
    asked = unchanged = 0
    for subject in (*properties, TABLE, CODE):
        name = f"{subject}.smt2" if subject in (TABLE, CODE) else f"properties/{subject}.smt2"
        parts = tuple(exporter.of_subject(subject))
        script = Script(printer)
        if subject == CODE:
            script.define(exporter.defined_places())
        for one in parts:
            if isinstance(one, Unchanged):
                script.define(one.definitions)
            else:
                script.ask(one)
        files[name] = script.take()
        kept = [one.arrow.name for one in parts if isinstance(one, Unchanged)]
        queries = len(parts) - len(kept)
        asked, unchanged = asked + queries, unchanged + len(kept)
        described[name] = {"sha256": _sha256(files[name]), "queries": queries, "unchanged": kept}
        if subject in properties:
            pairs += _pairs(exporter, subject, parts)
    manifest: Json = {
        "format": FORMAT,
        "version": VERSION,
        "system": {"name": system.name, "says": system.says},
        "assumptions": [{"id": one.id, "says": one.says} for one in system.conditions],
        "properties": list(properties),
        "left_out": [one.id for one in system.properties if one.id not in properties],
        "pairs": {"count": len(pairs), "sha256": _sha256("".join(pairs))},
        "files": described,
    }
    files[MANIFEST] = manifest_text(manifest)
    return Certificates(files, tuple(properties), asked, unchanged)


def manifest_text(manifest: Json) -> str:
    """A manifest as it is written; the same manifest always gives the same text."""
    return json.dumps(manifest, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def write_certificates(made: Certificates, folder: Path) -> None:
    """Write the files of certificates into a folder, whole.

    Raises:
        FolderExists: there is something already.
        OSError: the folder can not be written.
    """
    write_folder(((name, text.encode()) for name, text in made.files.items()), folder)


def write_folder(files: Iterable[tuple[str, bytes]], folder: Path) -> None:
    """Write a folder whole: it is made under another name beside its place, and then renamed.

    Raises:
        FolderExists: there is something already.
        OSError: the folder can not be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderExists(
            f"{folder}: is not an empty folder; name one that is new, or remove this one first"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in files:
            (temporary / name).parent.mkdir(parents=True, exist_ok=True)
            (temporary / name).write_bytes(content)
        temporary.chmod(0o755)
        temporary.replace(folder)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def certified_properties(system: System, wanted: Sequence[str], relied_on: frozenset[str]) -> tuple[str, ...]:
    """The properties with a certificate: those wanted, and every invariant that table and code rely on."""
    return tuple(one.id for one in system.properties if one.id in wanted or one.id in relied_on)


def _pairs(exporter: Exporter, subject: str, parts: Iterable[Exported | Unchanged]) -> Iterator[str]:
    """The pairs of row and property that were exported, each with how it is shown, one a line."""
    shown: dict[str, str] = {}
    for one in parts:
        if isinstance(one, Unchanged):
            shown[one.arrow.name] = "unchanged"
        elif one.stage is Stage.STEP:
            shown[one.where] = "query"
    for arrow in exporter.symbolic.arrows:
        yield f"{arrow.name}\t{subject}\t{shown.get(arrow.name, 'other event')}\n"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
