"""From what stands on the command line to a ``System`` and its profiles."""

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import Any

from pumpproof.cli.commands import DEFAULT_SYSTEM
from pumpproof.cli.errors import BadInput
from pumpproof.cli.words import did_you_mean
from pumpproof.spec.kernel.profiles import (
    ConditionCheck,
    ConditionVerdict,
    Profile,
    ProfileError,
    ProfileLibrary,
    check_profile,
)
from pumpproof.statemachine.kernel.system import InvalidSystem, System
from pumpproof.verify.results.left_out import LeftOut


def load_system(address: str) -> System:
    """The system that ``package.module:NAME`` names; the current folder is searched first, as by ``python -m``.

    Raises:
        BadInput: the address is malformed, the module is not there or raises, or the name is not a ``System``.
    """
    module_name, name = _split(address)
    module = importlib.import_module(module_name) if address == DEFAULT_SYSTEM else _import(module_name)
    if not hasattr(module, name):
        systems = [known for known, value in vars(module).items() if isinstance(value, System)]
        there = f" It holds {', '.join(systems)}." if systems else " It holds no System."
        raise BadInput(f"module {module_name} has no {name}.{did_you_mean(name, systems)}{there}")
    system = getattr(module, name)
    if type(system) is not System:
        raise BadInput(
            f"{address} is {_a(type(system).__name__)}, not a System; "
            "give the name of a pumpproof.statemachine.kernel.system.System"
        )
    return system


@dataclass(frozen=True)
class Profiles:
    """The profiles to judge, and those that the system ships but that were not asked for."""

    judged: tuple[Profile[Any], ...]
    left_out: tuple[LeftOut, ...] = ()


def load_profiles(system: System, asked: Sequence[str]) -> Profiles:
    """The profiles asked for by id or path.

    Where none is asked for: every shipped profile whose published values decide all conditions. The others are left
    out and named, because no proof can decide a value that nobody published.

    Raises:
        BadInput: a profile is not there or malformed, or one that was asked for violates a condition.
    """
    library = system.profiles
    if library is None:
        if asked:
            raise BadInput(
                f"system {system.name} has no profiles, so --profile {asked[0]} can not be read; "
                "give the System a ProfileLibrary as `profiles`"
            )
        return Profiles(())
    try:
        if not asked:
            return _shipped(system, library)
        profiles = tuple(library.load_profile(name) for name in dict.fromkeys(asked))
        for profile in profiles:
            _refuse_violated(profile, check_profile(profile, system.conditions))
    except ProfileError as error:
        raise BadInput(str(error)) from error
    return Profiles(profiles)


def _shipped(system: System, library: ProfileLibrary[Any]) -> Profiles:
    judged: list[Profile[Any]] = []
    left_out: list[LeftOut] = []
    for name in library.available_profiles():
        profile = library.load_profile(name)
        checks = check_profile(profile, system.conditions)
        missing = {check.unknown_edge for check in checks if check.verdict is ConditionVerdict.UNKNOWN}
        if missing:
            why = f"not published: {', '.join(sorted(missing))}; --profile {profile.id} judges it"
            left_out.append(LeftOut(profile.id, profile.name, why))
        else:
            judged.append(profile)
    return Profiles(tuple(judged), tuple(left_out))


def _refuse_violated(profile: Profile[Any], checks: Sequence[ConditionCheck]) -> None:
    violated = [check for check in checks if check.verdict is ConditionVerdict.VIOLATED]
    if violated:
        lines = [f"{profile.path}: profile {profile.id} violates what every proof assumes:"]
        for check in violated:
            values = ", ".join(f"{name} = {value}" for name, value in check.read)
            lines.append(f"  {check.id}: {check.says} Here {values}.")
        lines.append("Nothing was proved for these limits. Correct them.")
        raise BadInput("\n".join(lines))


def _split(address: str) -> tuple[str, str]:
    module_name, colon, name = address.partition(":")
    if not colon:
        hint = (
            "my_package.my_pump:SYSTEM" if "/" in address or address.endswith(".py") else f"{address}:SYSTEM"
        )
        raise BadInput(f"{address!r} does not name a system; write package.module:NAME, for example {hint}")
    if "/" in module_name or module_name.endswith(".py"):
        dotted = ".".join(part for part in Path(module_name.removesuffix(".py")).parts if part not in "./\\")
        raise BadInput(f"{address!r} names a file; name the module instead: {dotted}:{name or 'SYSTEM'}")
    if not all(part.isidentifier() for part in module_name.split(".")) or not name.isidentifier():
        raise BadInput(
            f"{address!r} does not name a system; write package.module:NAME, for example my_pump:SYSTEM"
        )
    return module_name, name


def _import(module_name: str) -> ModuleType:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return importlib.import_module(module_name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if module_name == missing or module_name.startswith(f"{missing}."):
            raise BadInput(
                f"there is no module {missing}; looked in the folder {here} and in the installed packages"
            ) from error
        raise BadInput(_raised(module_name, error)) from error
    except BaseException as error:
        raise BadInput(_raised(module_name, error)) from error


def _raised(module_name: str, error: BaseException) -> str:
    """What importing raised, and the last line of the user's own code that was running."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: module {module_name} is not valid Python: {error.msg}"
    package = module_name.partition(".")[0]
    own = [
        (frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] == package
    ]
    place = "".join(f"{file}:{line}: " for file, line in own[-1:])
    if isinstance(error, InvalidSystem):
        return f"{place}{error}"
    said = f": {error}" if str(error) else ""
    return f"{place}importing {module_name} raised {type(error).__name__}{said}"


def _a(noun: str) -> str:
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
