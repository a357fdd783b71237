"""A self-contained SMT-LIB 2 script, written from top to bottom."""

from collections.abc import Iterable

from pumpproof.verify.certificates.export import Exported
from pumpproof.verify.certificates.text import Definition, Printer, declaration
from pumpproof.verify.logic.terms import Term

LOGIC = "(set-logic QF_LIA)"


class Script:
    """Commands so far. Variables are declared and names defined before the first assertion that needs them."""

    def __init__(self, printer: Printer) -> None:
        self._printer = printer
        self._declared: set[Term] = set()
        self._defined: dict[str, Definition] = {}
        self._named: set[Term] = set()
        self._lines: list[str] = [LOGIC]

    def define(self, definitions: Iterable[Definition]) -> None:
        """Define what is not defined yet."""
        for one in definitions:
            if one.name in self._defined:
                assert self._defined[one.name] is one, f"{one.name} stands for two things"
                continue
            self._defined[one.name] = one
            for variable in sorted(one.body.variables - self._declared, key=lambda term: term.name):
                self._declared.add(variable)
                self._lines.append(declaration(variable.name, variable.sort))
            self._lines += self._printer.definition(one, self._named)

    def ask(self, obligation: Exported) -> None:
        """Ask whether an obligation can fail; the answer should be ``unsat``."""
        self.define(obligation.definitions)
        self._lines += ["(push 1)", *obligation.commands, "(check-sat)", "(pop 1)"]

    def take(self) -> str:
        """The commands since this was called last."""
        text = "".join(f"{line}\n" for line in self._lines)
        self._lines.clear()
        return text
