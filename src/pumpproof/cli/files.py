"""Files that are either written whole or not at all."""

import os
from pathlib import Path

from pumpproof.cli.errors import BadInput
from pumpproof.verify import files


def check_writable(path: Path, option: str) -> None:
    """See before the work that a file can be written after it.

    Raises:
        BadInput: it can not; the message names the option.
    """
    if not is_replaced(path):
        return
    target = path.resolve()
    if target.is_dir():
        raise BadInput(f"{option} {path}: is a folder; give the name of a file")
    if not target.parent.is_dir():
        raise BadInput(f"{option} {path}: there is no folder {path.parent}; make it first")
    if not os.access(target.parent, os.W_OK):
        raise BadInput(
            f"{option} {path}: the folder {target.parent} can not be written; choose another place"
        )


def write_whole(path: Path, text: str, option: str) -> None:
    """Write a file through a temporary one beside it, so that nobody ever reads half of it.

    Raises:
        BadInput: the system refuses; the message names the option, and the file is as it was before.
    """
    try:
        if is_replaced(path):
            files.write_whole(path.resolve(), text)
        else:
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{option} {path}: can not be written ({error.strerror})") from error


def is_replaced(path: Path) -> bool:
    """A device or a pipe is written to; a file is replaced."""
    if path.absolute().is_relative_to("/dev"):
        return False
    return path.is_file() or path.is_dir() or not path.exists()


def same_file(one: Path, other: Path) -> bool:
    """Say whether two outputs would overwrite each other; a device or a pipe takes both."""
    return one.resolve() == other.resolve() and is_replaced(one)
