"""Reads an exported VMT-LIB file as a stranger would: from its text alone, with z3's own parser."""

import re
from dataclasses import dataclass
from functools import cached_property

import z3

_ANNOTATED = re.compile(
    r"^\(define-fun \|(?P<name>[^|]*)\| \(\) (?P<sort>Int|Bool) "
    r"\(! (?P<body>.*) :(?P<key>[a-z-]+) (?P<value>[^ ]+|\|[^|]*\|)\)\)$"
)
_DECLARED = re.compile(r"^\(declare-fun \|(?P<name>[^|]*)\| \(\) (?P<sort>Int|Bool)\)$")


@dataclass(frozen=True)
class VmtFile:
    """The text of a file, and what is asked of it."""

    text: str

    @cached_property
    def _annotations(self) -> list[re.Match[str]]:
        return [found for line in self.text.splitlines() if (found := _ANNOTATED.match(line))]

    @cached_property
    def script(self) -> str:
        """The file without its annotations."""
        lines = (
            _ANNOTATED.sub(r"(define-fun |\g<name>| () \g<sort> \g<body>)", line)
            for line in self.text.splitlines()
        )
        return "\n".join(lines)

    def _named(self, key: str) -> list[re.Match[str]]:
        return [one for one in self._annotations if one["key"] == key]

    @cached_property
    def variables(self) -> dict[str, z3.ExprRef]:
        """Every declared variable."""
        found = (match for line in self.text.splitlines() if (match := _DECLARED.match(line)))
        return {one["name"]: (z3.Int if one["sort"] == "Int" else z3.Bool)(one["name"]) for one in found}

    @cached_property
    def next(self) -> dict[str, str]:
        """For each state variable the variable that stands for its value after a step."""
        return {one["body"].strip("|"): one["value"].strip("|") for one in self._named("next")}

    @property
    def inputs(self) -> list[str]:
        """The variables that are neither of the state before nor of the state after a step."""
        return [name for name in self.variables if name not in self.next and name not in self.next.values()]

    def _formula(self, name: str) -> z3.BoolRef:
        (formula,) = z3.parse_smt2_string(f"{self.script}\n(assert |{name}|)") or [z3.BoolVal(True)]
        return formula

    @property
    def begins(self) -> str:
        """The name of what is true of the initial states."""
        (one,) = self._named("init")
        return one["name"]

    @property
    def steps(self) -> str:
        """The name of what is true of the steps."""
        (one,) = self._named("trans")
        return one["name"]

    @cached_property
    def init(self) -> z3.BoolRef:
        """The initial states."""
        return self._formula(self.begins)

    @cached_property
    def trans(self) -> z3.BoolRef:
        """The steps."""
        return self._formula(self.steps)

    @property
    def ids(self) -> list[str]:
        """The properties, in their order."""
        return [one["name"].removeprefix("property ") for one in self._named("invar-property")]

    @cached_property
    def properties(self) -> dict[str, z3.BoolRef]:
        """The properties that are claimed to hold at all times, by id."""
        return {
            one["name"].removeprefix("property "): self._formula(one["name"])
            for one in self._named("invar-property")
        }

    def at(self, formula: z3.BoolRef, moment: int) -> z3.BoolRef:
        """A formula, with the variables of a moment."""
        primed = set(self.next.values())
        now = [
            (one, self._moment(name, moment)) for name, one in self.variables.items() if name not in primed
        ]
        after = [(self.variables[one], self._moment(name, moment + 1)) for name, one in self.next.items()]
        return z3.substitute(formula, *now, *after)

    def _moment(self, name: str, moment: int) -> z3.ExprRef:
        variable = self.variables[name]
        return z3.Const(f"{name}@{moment}", variable.sort())

    def value(self, model: z3.ModelRef, name: str, moment: int) -> int | bool:
        """The value of a variable at a moment of a run that z3 found."""
        value = model.eval(self._moment(name, moment), model_completion=True)
        return z3.is_true(value) if z3.is_bool(value) else int(value.as_long())

    def violation(self, identifier: str, most: int) -> tuple[z3.ModelRef, int] | None:
        """The shortest run of at most so many steps after which a property does not hold, and its number of steps."""
        solver = z3.Solver()
        solver.add(self.at(self.init, 0))
        for moment in range(most + 1):
            solver.push()
            solver.add(z3.Not(self.at(self.properties[identifier], moment)))
            if solver.check() == z3.sat:
                return solver.model(), moment
            solver.pop()
            solver.add(self.at(self.trans, moment))
        return None
