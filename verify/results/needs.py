"""What the proofs need, in ``results.json``."""

from collections.abc import Iterable

from pumpproof.verify.proof.elements import Element
from pumpproof.verify.proof.needs import Needs

Json = dict[str, object]


def core_of(needs: Needs | None, subject: str) -> Json | None:
    """The core of a property or check; None where it was not asked for, or nothing is proved."""
    core = None if needs is None else needs.core_of(subject)
    if core is None:
        return None
    return {
        "minimal": core.minimal,
        "obligations": core.obligations,
        "rows": list(core.rows),
        "idle_lemmas": list(core.idle_lemmas),
        "undecided": list(core.undecided),
        "elements": _elements(core.elements),
    }


def unneeded_of(needs: Needs | None) -> Json | None:
    """What no proof needs; None where not everything was proved, or asked for."""
    unneeded = None if needs is None else needs.unneeded
    if unneeded is None:
        return None
    return {
        "rows": _elements(unneeded.rows),
        "guard_conjuncts": _elements(unneeded.guard_conjuncts),
        "assignments": _elements(unneeded.assignments),
        "conditions": _elements(unneeded.conditions),
        "lemmas": _elements(unneeded.lemmas),
    }


def _elements(elements: Iterable[Element]) -> list[Json]:
    return [
        {"kind": one.kind.value, "id": one.owner, "says": one.says, "where": one.where} for one in elements
    ]
