"""A cache of discharged obligations, by content. It never holds a verdict, a refutation or a time-out."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import platformdirs

from pumpproof.verify.files import write_whole
from pumpproof.verify.logic import smt, terms
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.proof.obligations import Obligation

_MOST = 200_000
"""With more keys than these, a file is begun anew with those of the latest run."""


_LONGEST_NAME = 150
"""Bytes of a system's name in the name of a file; folders allow 255, of which a temporary file takes some."""


class Cache(Protocol):
    """What a prover asks of a cache."""

    def holds(self, obligation: Obligation) -> bool:
        """Say whether an equal obligation was discharged before by the same solver with the same budget."""
        ...

    def add(self, obligation: Obligation) -> None:
        """Record that a solver discharged the obligation."""
        ...

    def can_hold(self, terms: Sequence[Term]) -> bool:
        """Say whether these terms were found satisfiable together before."""
        ...

    def add_can_hold(self, terms: Sequence[Term]) -> None:
        """Record that a solver found these terms satisfiable together."""
        ...

    def are_equal(self, content: bytes) -> bool:
        """Say whether both readings of a function of this content were proved equal before."""
        ...

    def add_equal(self, content: bytes) -> None:
        """Record that a solver proved them equal."""
        ...

    def holds_text(self, content: bytes) -> bool:
        """Say whether a solver that reads text discharged an obligation of this content before."""
        ...

    def add_text(self, content: bytes) -> None:
        """Record that it did; the content says which solver, with what options."""
        ...

    @property
    def used(self) -> frozenset[str]:
        """Keys of the obligations that were found or added."""
        ...

    def learn(self, keys: frozenset[str]) -> None:
        """Record keys that another process found or added."""
        ...


class NoCache:
    """Solves everything every time."""

    used: frozenset[str] = frozenset()

    def holds(self, obligation: Obligation) -> bool:  # noqa: ARG002 -- the interface's name
        """Never."""
        return False

    def add(self, obligation: Obligation) -> None:
        """Forget it."""

    def can_hold(self, terms: Sequence[Term]) -> bool:  # noqa: ARG002 -- the interface's name
        """Never known."""
        return False

    def add_can_hold(self, terms: Sequence[Term]) -> None:
        """Forget it."""

    def are_equal(self, content: bytes) -> bool:  # noqa: ARG002 -- the interface's name
        """Never known."""
        return False

    def add_equal(self, content: bytes) -> None:
        """Forget it."""

    def holds_text(self, content: bytes) -> bool:  # noqa: ARG002 -- the interface's name
        """Never."""
        return False

    def add_text(self, content: bytes) -> None:
        """Forget it."""

    def learn(self, keys: frozenset[str]) -> None:
        """Forget them."""


class FileCache:
    """Keys of discharged obligations in one file, read once and written once by ``save``.

    A key is the SHA-256 of the obligation's content together with the solver, its version, and the code that gives
    terms their meaning.
    """

    def __init__(self, path: Path, solver: str) -> None:
        self._path = path
        self._salt = hashlib.sha256(solver.encode() + _meaning_of_terms()).digest()
        self._known = _read(path)
        self._used: set[str] = set()

    def key(self, obligation: Obligation) -> str:
        """Content address of an obligation."""
        return self._key(b" implies ", (*obligation.hypotheses, obligation.goal))

    def holds(self, obligation: Obligation) -> bool:
        """See ``Cache``."""
        return self._knows(self.key(obligation))

    def can_hold(self, terms: Sequence[Term]) -> bool:
        """See ``Cache``."""
        return self._knows(self._key(b" can hold ", terms))

    def add_can_hold(self, terms: Sequence[Term]) -> None:
        """See ``Cache``."""
        self._used.add(self._key(b" can hold ", terms))

    def are_equal(self, content: bytes) -> bool:
        """See ``Cache``."""
        return self._knows(self._equal(content))

    def add_equal(self, content: bytes) -> None:
        """See ``Cache``."""
        self._used.add(self._equal(content))

    def _equal(self, content: bytes) -> str:
        return hashlib.sha256(self._salt + b" are equal " + content).hexdigest()

    def _key(self, question: bytes, terms: Sequence[Term]) -> str:
        return hashlib.sha256(self._salt + question + b"".join(term.digest for term in terms)).hexdigest()

    def _knows(self, key: str) -> bool:
        if key in self._known:
            self._used.add(key)
            return True
        return False

    def add(self, obligation: Obligation) -> None:
        """See ``Cache``."""
        self._used.add(self.key(obligation))

    def holds_text(self, content: bytes) -> bool:
        """See ``Cache``."""
        return self._knows(self._text_key(content))

    def add_text(self, content: bytes) -> None:
        """See ``Cache``."""
        self._used.add(self._text_key(content))

    def _text_key(self, content: bytes) -> str:
        return hashlib.sha256(self._salt + b" text " + content).hexdigest()

    def learn(self, keys: frozenset[str]) -> None:
        """See ``Cache``."""
        self._used |= keys

    def save(self) -> None:
        """Write all that is known, through a temporary file; nothing is written when nothing is new."""
        if self._used <= self._known:
            return
        keys = self._known | self._used
        write_whole(
            self._path, "".join(f"{key}\n" for key in sorted(keys if len(keys) <= _MOST else self._used))
        )

    @property
    def used(self) -> frozenset[str]:
        """See ``Cache``."""
        return frozenset(self._used)


def _meaning_of_terms() -> bytes:
    """What a term says to the solver is part of what was proved."""
    return b"".join(Path(str(module.__file__)).read_bytes() for module in (smt, terms))


def _read(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="ascii", errors="replace").split()
    except OSError:
        # A cache that is not there or can not be read knows nothing; whether it can be written is seen in `save`.
        return frozenset()
    return frozenset(line for line in lines if len(line) == 64 and set(line) <= set("0123456789abcdef"))


def default_path(system: str, ending: str = "obligations") -> Path:
    """Where the cache of a system lies: in the user's cache folder, or in ``PUMPPROOF_CACHE`` if that is set."""
    folder = os.environ.get("PUMPPROOF_CACHE") or platformdirs.user_cache_dir("pumpproof", appauthor=False)
    safe = "".join(letter if letter.isalnum() else "-" for letter in system)
    if len(safe.encode()) > _LONGEST_NAME:
        safe = hashlib.sha256(system.encode()).hexdigest()
    return Path(folder) / f"{safe}.{ending}"
