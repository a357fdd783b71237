"""What the command line says when it can not do what was asked."""

import difflib
from collections.abc import Iterable


class BadInput(Exception):
    """Something that was given can not be used. The message says what, where, and what to do instead."""


def did_you_mean(given: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` with the nearest names, or nothing where none is near."""
    choices = sorted(set(known))
    folded = {choice.casefold(): choice for choice in choices}
    near = difflib.get_close_matches(given.casefold(), folded, n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(folded[name] for name in near)}?" if near else ""
