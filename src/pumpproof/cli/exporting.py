"""The command ``export``: a system as a file for another model checker."""

from collections.abc import Sequence
from pathlib import Path

from pumpproof.cli.console import standard_output
from pumpproof.cli.errors import BadInput
from pumpproof.cli.files import check_writable, write_whole
from pumpproof.cli.system import load_system
from pumpproof.cli.verifying import INPUT_ERRORS, check_ids
from pumpproof.cli.words import count, did_you_mean
from pumpproof.verify.certificates.text import UnprintableName
from pumpproof.verify.export.btor2 import UnusableWidth, btor2
from pumpproof.verify.export.transitions import transitions
from pumpproof.verify.export.vmt import vmt
from pumpproof.verify.proof.symbolic import SymbolicSystem
from pumpproof.verify.results.exits import ExitCode
from pumpproof.verify.run import closure

FORMATS = ("vmt", "btor2")


def export_system(format_name: str, file: Path, address: str, only: Sequence[str], width: int | None) -> int:
    """Write the system, with the properties asked for and all that they rest on; nothing is proved.

    ``width`` is the number of bits of a variable in BTOR2; a default is chosen without it.

    Raises:
        BadInput: the format, the width, the file, an id or the system can not be used.
    """
    if format_name not in FORMATS:
        there = ", ".join(FORMATS)
        raise BadInput(
            f"FORMAT {format_name}: there is no such format; there is {there}.{did_you_mean(format_name, FORMATS)}"
        )
    if width is not None and format_name != "btor2":
        raise BadInput(f"--width {width}: only btor2 has bounds; variables of {format_name} have none")
    check_writable(file, "FILE")
    system = load_system(address)
    check_ids(system, only)
    try:
        symbolic = SymbolicSystem(system)
        exported = transitions(symbolic, closure(system, only))
        text = vmt(symbolic, exported) if format_name == "vmt" else btor2(symbolic, exported, width)
    except UnusableWidth as error:
        raise BadInput(f"--width: {error}") from error
    except (*INPUT_ERRORS, UnprintableName) as error:
        raise BadInput(str(error)) from error
    write_whole(file, text, "FILE")
    if not str(file.absolute()).startswith("/dev/"):
        standard_output().say(
            f"{file}: system {system.name} with {count(len(exported.properties), 'property')} "
            f"and {count(len(exported.variables), 'state variable')}; nothing was proved here"
        )
    return ExitCode.PROVED
