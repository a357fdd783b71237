"""Ids of everything that is traced: ``<TYPE>-<AREA>-<NNN>``, permanent and never reused."""

import re

_PATTERN = re.compile(r"[A-Z]{3}-[A-Z0-9]{2,8}-[0-9]{3,4}")


def check_id(identifier: str, *prefixes: str) -> str:
    """Return ``identifier`` if it is well formed and has one of ``prefixes`` (``REQ``, ``INV``, ...).

    Raises:
        ValueError: names the id and what was expected.
    """
    if type(identifier) is not str or not _PATTERN.fullmatch(identifier):
        raise ValueError(
            f"id {identifier!r} is not of the form <TYPE>-<AREA>-<NNN>, for example REQ-BOLUS-001"
        )
    if prefixes and identifier[:3] not in prefixes:
        raise ValueError(f"id {identifier!r} must start with {' or '.join(prefixes)}")
    return identifier
