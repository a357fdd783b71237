"""The folder of small models: loading a file, and its verdict as a few lines of text."""

import importlib.util
import sys
import zlib
from functools import cache
from pathlib import Path
from types import ModuleType

from pumpproof.statemachine.kernel.system import System
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.proof.verdicts import Verdict
from pumpproof.verify.record import Verification
from pumpproof.verify.run import Request, verify_system

FOLDER = Path(__file__).resolve().parent.parent / "models"
FOUNDATIONS = 3
"""So many checks come first, on which every proof rests; of the others only what is not proved is shown."""
VERDICTS = ("proved", "refuted", "vacuous", "rejected")


def model_files(verdict: str) -> list[Path]:
    """The models of one folder, in the order of their names."""
    return sorted((FOLDER / verdict).glob("*.py"))


def load(path: Path) -> ModuleType:
    """Run the file of a model as a module of its own; it stays importable, so that its values can be pickled."""
    name = f"model_{path.parent.name}_{path.stem}_{zlib.crc32(bytes(path)):08x}"
    while (
        name in sys.modules
    ):  # another run of the file must not take the name of one whose values are still used
        name += "_again"
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    try:
        found.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def system_of(module: ModuleType) -> System:
    """The system that a model defines."""
    system = module.SYSTEM
    assert isinstance(system, System)
    return system


@cache
def loaded(path: Path) -> ModuleType:
    """The module of a model; loaded once."""
    return load(path)


@cache
def verified(path: Path) -> Verification:
    """The verification of a model; made once, because several tests look at it."""
    return verify_system(system_of(loaded(path)), Request())


def rejection(path: Path) -> Exception | None:
    """Why a model can not be verified at all, or None if it can."""
    try:
        verified(path)
    except (OutsideSubset, TypeError, ValueError) as error:
        return error
    return None


def outcome(path: Path) -> str:
    """What the toolkit says of a model, without anything that depends on place, time or the luck of a search."""
    error = rejection(path)
    if error is not None:
        text = f"{type(error).__name__}: {error}\n"
    else:
        text = "".join(f"{line}\n" for line in _lines(verified(path)))
    return text.replace(f"{FOLDER}/", "")


def _lines(verification: Verification) -> list[str]:
    lines = [
        f"{one.name} {one.verdict.value}: {one.reason}"
        for number, one in enumerate(verification.checks)
        if number < FOUNDATIONS or one.verdict is not Verdict.PROVED
    ]
    for one in verification.properties:
        found = one.verdict is Verdict.REFUTED
        lines.append(f"{one.property.id} {one.verdict.value}: {'' if found else one.reason}")
    lines += [f"{row.name} not reached: {row.reason}" for row in verification.rows if row.reached is None]
    return [line.removesuffix(": ") for line in lines]


def verdict_of(verification: Verification, subject: str) -> Verdict:
    """The verdict on a property or on a check, by its name."""
    verdicts = {one.name: one.verdict for one in verification.checks}
    verdicts |= {one.property.id: one.verdict for one in verification.properties}
    return verdicts[subject]
