"""What formulas read of a step: where two steps differ in nothing that is read, the formulas are the same.

Formulas are first made of a step of which nothing is known. What occurs in them is all that those of any step can
depend on. So a row and a property that have nothing in common cost a look-up, and no new formula.
"""

from collections.abc import Callable, Hashable, Iterable
from operator import itemgetter

from pumpproof.verify.language.types import RecordType
from pumpproof.verify.logic.terms import Term
from pumpproof.verify.logic.values import RecordValue, leaves, unknown

Formulas = Callable[[RecordValue, RecordValue], Iterable[Term]]
"""Formulas of a step, from the state after it and its outputs."""


class StepReads:
    """Knows what is read of the state after a step and of its outputs."""

    def __init__(self, state: RecordType, outputs: RecordType) -> None:
        after, given = unknown(state, "after"), unknown(outputs, "outputs")
        assert isinstance(after, RecordValue) and isinstance(given, RecordValue)
        self._any_step = (after, given)
        self._unknown = (*leaves(after), *leaves(given))
        self._read: dict[Hashable, Callable[[tuple[Term, ...]], object]] = {}
        self._leaves: dict[tuple[RecordValue, RecordValue], tuple[Term, ...]] = {}

    def of(self, what: Hashable, after: RecordValue, outputs: RecordValue, formulas: Formulas) -> object:
        """What ``formulas`` read of this step, as a key: steps with equal keys have the same formulas.

        ``what`` names the formulas; they are asked for once for each name.
        """
        if what not in self._read:
            read = frozenset[Term]().union(*(term.variables for term in formulas(*self._any_step)))
            positions = [number for number, leaf in enumerate(self._unknown) if leaf in read]
            self._read[what] = itemgetter(*positions) if positions else _nothing
        step = (after, outputs)
        if step not in self._leaves:
            self._leaves[step] = (*leaves(after), *leaves(outputs))
        return self._read[what](self._leaves[step])


def _nothing(_: tuple[Term, ...]) -> None:
    """The key of all steps where nothing is read."""
