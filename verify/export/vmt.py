"""VMT-LIB: SMT-LIB 2 with annotations that make a transition system of it; integers without bounds."""

from collections.abc import Iterator

from pumpproof.verify.certificates.text import Definition, Printer, quoted
from pumpproof.verify.export.remarks import remarks
from pumpproof.verify.export.transitions import Transitions
from pumpproof.verify.logic.terms import Term, all_of, equal, variable
from pumpproof.verify.proof.symbolic import SymbolicSystem

CLAIM = (
    "Integers have no bounds, and limits are any that satisfy the conditions: a checker that proves a property here "
    "proves it for every device."
)


def vmt(symbolic: SymbolicSystem, system: Transitions) -> str:
    """The system as a file for a checker of infinite-state systems.

    Raises:
        UnprintableName: an observer has a name that SMT-LIB can not quote.
    """
    lines = [f"; {line}".rstrip() for line in remarks(symbolic, system, CLAIM)]
    return "".join(f"{line}\n" for line in (*lines, *_commands(system)))


def _commands(system: Transitions) -> Iterator[str]:
    printer, known = Printer(), set[Term]()
    after = {one.name: variable(f"{one.name.name}.next", one.name.sort) for one in system.variables}
    after |= {name: variable(f"{name.name}.next", name.sort) for name in system.frozen}
    for name in (*system.frozen, *(one.name for one in system.variables)):
        yield _declared(name.name, name.sort)
        yield _declared(after[name].name, name.sort)
    for name in system.inputs:
        yield _declared(name.name, name.sort)
    for name, primed in after.items():
        yield _annotated(f"next {name.name}", name.sort, quoted(name.name), f":next {quoted(primed.name)}")

    def define(name: str, body: Term, annotation: str) -> Iterator[str]:
        formula = f"formula {name}"
        yield from printer.definition(Definition(formula, body), known)
        yield _annotated(name, "Bool", quoted(formula), annotation)

    starts = (equal(one.name, one.initial) for one in system.variables)
    yield from define("init", all_of((system.valid, *starts)), ":init true")
    steps = (equal(after[one.name], one.after) for one in system.variables)
    frozen = (equal(after[name], name) for name in system.frozen)
    # Limits never change, so what is valid at first always is; said of every step it need not be inferred.
    yield from define("trans", all_of((system.valid, system.allowed, *steps, *frozen)), ":trans true")
    for number, judged in enumerate(system.properties):
        yield from define(f"property {judged.id}", judged.holds, f":invar-property {number}")


def _declared(name: str, sort: str) -> str:
    """VMT-LIB knows `declare-fun` and no other declaration of a variable."""
    return f"(declare-fun {quoted(name)} () {sort})"


def _annotated(name: str, sort: str, text: str, annotation: str) -> str:
    return f"(define-fun {quoted(name)} () {sort} (! {text} {annotation}))"
