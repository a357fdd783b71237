"""Reads a BTOR2 file as a stranger would, line by line, and rewrites it as Verilog for tools that read hardware.

A constraint has to hold up to and including the moment at which something is bad. A state without ``init`` begins
with any value: in the first moment it is an input.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

_BINARY = {"and": "&", "or": "|", "add": "+", "mul": "*", "udiv": "/", "urem": "%", "eq": "=="}


@dataclass
class Btor2File:
    """The parts of a file; a line is called ``nNUMBER``."""

    text: str
    widths: dict[str, int] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    init: dict[str, str] = field(default_factory=dict)
    next: dict[str, str] = field(default_factory=dict)
    constraints: list[str] = field(default_factory=list)
    bad: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sorts: dict[str, int] = {}
        for line in self.text.splitlines():
            words = line.partition(";")[0].split()
            if not words:
                continue
            number, kind, *rest = words
            if kind == "sort":
                assert rest[0] == "bitvec", line
                sorts[number] = int(rest[1])
            elif kind == "constraint":
                self.constraints.append(f"n{rest[0]}")
            elif kind == "bad":
                assert rest[1] not in self.bad, line
                self.bad[rest[1]] = f"n{rest[0]}"
            elif kind in ("init", "next"):
                table = self.init if kind == "init" else self.next
                table[f"n{rest[1]}"] = f"n{rest[2]}"
            else:
                self._valued(f"n{number}", kind, sorts[rest[0]], rest[1:])

    def _valued(self, name: str, kind: str, width: int, rest: list[str]) -> None:
        self.widths[name] = width
        if kind == "input":
            self.inputs.append(name)
        elif kind == "state":
            self.states.append(name)
        elif kind == "const":
            assert len(rest[0]) == width
            self.values[name] = f"{width}'b{rest[0]}"
        else:
            self.values[name] = self._operation(kind, width, rest)

    def _operation(self, kind: str, width: int, rest: list[str]) -> str:
        operands = [f"n{one}" for one in rest]
        if kind in ("sext", "slice"):
            operand = operands[0]
            if kind == "slice":
                assert width == int(rest[1]) - int(rest[2]) + 1
                return f"{operand}[{rest[1]}:{rest[2]}]"
            sign = self.widths[operand] - 1
            assert width == sign + 1 + int(rest[1])
            return f"{{{{{rest[1]}{{{operand}[{sign}]}}}}, {operand}}}"
        of = [self.widths[one] for one in operands]
        if kind == "ite":
            assert of == [1, width, width]
            return f"{operands[0]} ? {operands[1]} : {operands[2]}"
        if kind == "not":
            assert of == [width]
            return f"~{operands[0]}"
        assert of[0] == of[1] == (of[0] if kind in ("eq", "slte") else width)
        if kind == "slte":
            return f"$signed({operands[0]}) <= $signed({operands[1]})"
        return f"{operands[0]} {_BINARY[kind]} {operands[1]}"

    def verilog(self) -> str:
        """A module ``top`` with an output for what each ``bad`` line names, and ``bad_any`` for all of them."""
        return "".join(f"{line}\n" for line in self._module())

    def _module(self) -> Iterator[str]:
        free = [one for one in self.states if one not in self.init]
        bad = {f"bad_{one}": one for one in self.bad.values()} | {"bad_any": " | ".join(self.bad.values())}
        ports = ["clk", *self.inputs, *(f"{one}_any" for one in free), *bad]
        yield f"module top({', '.join(ports)});"
        yield "input clk;"
        for name in self.inputs:
            yield f"input {self._bits(name)} {name};"
        for name in free:
            yield f"input {self._bits(name)} {name}_any;"
        yield "reg started = 0; reg kept = 1;"
        for name in self.states:
            begin = self.init.get(name, f"{name}_any")
            yield f"reg {self._bits(name)} {name}_reg = 0;"
            yield f"wire {self._bits(name)} {name};"
            yield f"assign {name} = started ? {name}_reg : {begin};"
        for name, value in self.values.items():
            yield f"wire {self._bits(name)} {name};"
            yield f"assign {name} = {value};"
        yield f"wire legal; assign legal = {' & '.join(('kept', *self.constraints))};"
        for name, value in bad.items():
            yield f"output {name}; assign {name} = legal & ({value});"
        yield "always @(posedge clk) begin started <= 1; kept <= legal;"
        yield from (f"{name}_reg <= {value};" for name, value in self.next.items())
        yield "end"
        yield "endmodule"

    def _bits(self, name: str) -> str:
        return f"[{self.widths[name] - 1}:0]"
