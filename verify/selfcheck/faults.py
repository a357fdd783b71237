"""Seeded faults: small changes of the toolkit, as data, each of which its own checks have to notice."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("faults")
FAST = ("FLT-READ-001", "FLT-OBL-002", "FLT-PROOF-001", "FLT-JUDGE-001", "FLT-CACHE-001", "FLT-RUN-001")
"""One of each area: what ``make test`` tries."""


class FaultError(ValueError):
    """A fault that can not be put in, or an id that no fault has."""


@dataclass(frozen=True)
class Fault:
    """In ``file``, ``old`` occurs exactly once, and becomes ``new``; ``why`` says what would be wrong of a verdict."""

    id: str
    file: str
    old: str
    new: str
    says: str
    why: str = ""

    def put_into(self, package: Path) -> None:
        """Change a copy of the package.

        Raises:
            FaultError: it does not fit there.
        """
        path, text = self.place(package)
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")

    def place(self, package: Path) -> tuple[Path, str]:
        """The file of a package in which it fits, and its text.

        Raises:
            FaultError: the file is not there, or does not hold the old text exactly once.
        """
        path = package / self.file.removeprefix("src/pumpproof/")
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise FaultError(f"{self.id}: {self.file} can not be read ({error.strerror})") from error
        if (times := text.count(self.old)) != 1:
            raise FaultError(f"{self.id}: its old text stands {times} times in {self.file}; expected once")
        return path, text


def faults(only: Sequence[str] = (), folder: Path = FOLDER) -> tuple[Fault, ...]:
    """All seeded faults, or those with these ids, in the order of files and within a file.

    Raises:
        FaultError: a file is malformed, an id stands twice, or ``only`` names an id that no fault has.
    """
    found: dict[str, Fault] = {}
    for path in sorted(folder.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["fault"]:
            fault = Fault(**entry)
            if fault.id in found:
                raise FaultError(f"{path.name}: {fault.id} stands twice")
            found[fault.id] = fault
    for name in only:
        if name not in found:
            raise FaultError(f"there is no fault {name}; the faults stand in {folder}")
    return tuple(fault for fault in found.values() if not only or fault.id in only)
