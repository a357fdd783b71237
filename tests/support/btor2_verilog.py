"""A BTOR2 file in Verilog, for tools that read hardware."""

from collections.abc import Collection, Iterator

from btor2_file import Btor2File, Line

_BINARY = {"and": "&", "or": "|", "add": "+", "mul": "*", "udiv": "/", "urem": "%", "eq": "=="}

ALL = "bad_any"
"""The output that says that any property is broken."""
ALIVE = "alive"
"""The output that says that a run took a step, and that nothing excludes it."""


def output_of(file: Btor2File, identifier: str) -> str:
    """The output that says that a property is broken."""
    return f"bad_{file.bad[identifier]}"


def verilog(file: Btor2File, left_out: Collection[str] = ()) -> str:
    """A module ``top`` with an output for each property, one for all of them, and `alive`.

    Constraints that are ``left_out`` exclude nothing. The registers begin with zero; in the first moment a state is
    what ``init`` says, or else an input.
    """
    return "".join(f"{line}\n" for line in _module(file, left_out))


def _module(file: Btor2File, left_out: Collection[str]) -> Iterator[str]:
    free = [one for one in file.states if one not in file.init]
    bad = {f"bad_{line}": f"n{line}" for line in file.bad.values()}
    outputs = bad | {ALL: " | ".join(bad.values()), ALIVE: "started"}
    yield f"module top(clk, {', '.join((*(f'i{one}' for one in (*file.inputs, *free)), *outputs))});"
    yield "input clk;"
    yield from (f"input {_bits(file.lines[one])} i{one};" for one in (*file.inputs, *free))
    yield "reg started = 0; reg kept = 1;"
    yield from (f"reg {_bits(file.lines[one])} r{one} = 0;" for one in file.states)
    for number, line in file.lines.items():
        yield f"wire {_bits(line)} n{number};"
        yield f"assign n{number} = {_value(file, number, line)};"
    legal = ("kept", *(f"n{line}" for name, line in file.constraints.items() if name not in left_out))
    yield f"wire legal; assign legal = {' & '.join(legal)};"
    for name, value in outputs.items():
        yield f"output {name}; assign {name} = legal & ({value});"
    yield "always @(posedge clk) begin started <= 1; kept <= legal;"
    yield from (f"r{state} <= n{value};" for state, value in file.next.items())
    yield "end"
    yield "endmodule"


def _bits(line: Line) -> str:
    return f"[{line.width - 1}:0]"


def _value(file: Btor2File, number: int, line: Line) -> str:
    operands = [f"n{one}" for one in line.arguments]
    match line.kind:
        case "input":
            return f"i{number}"
        case "state":
            begin = f"n{file.init[number]}" if number in file.init else f"i{number}"
            return f"started ? r{number} : {begin}"
        case "const":
            return f"{line.width}'b{line.numbers[0]:0{line.width}b}"
        case "sext":
            (of,) = line.arguments
            sign = file.lines[of].width - 1
            return f"{{{{{line.numbers[0]}{{n{of}[{sign}]}}}}, n{of}}}"
        case "slice":
            return f"{operands[0]}[{line.numbers[0]}:{line.numbers[1]}]"
        case "not":
            return f"~{operands[0]}"
        case "neg":
            return f"-{operands[0]}"
        case "ite":
            return f"{operands[0]} ? {operands[1]} : {operands[2]}"
        case "slte":
            return f"$signed({operands[0]}) <= $signed({operands[1]})"
        case "mul":
            return _product(file, line)
        case _:
            return f"{operands[0]} {_BINARY[line.kind]} {operands[1]}"


def _product(file: Btor2File, line: Line) -> str:
    """A product by a constant as a sum: Yosys would make a multiplier of it, and of each bit of the constant a row."""
    left, right = line.arguments
    factor = _constant(file, right)
    if factor is None:
        return f"n{left} * n{right}"
    places = [place for place in range(line.width) if factor >> place & 1]
    return " + ".join(f"(n{left} << {place})" for place in places)


def _constant(file: Btor2File, number: int) -> int | None:
    line = file.lines[number]
    if line.kind == "sext":
        return _constant(file, line.arguments[0]) if _is_positive(file, line) else None
    return line.numbers[0] if line.kind == "const" else None


def _is_positive(file: Btor2File, line: Line) -> bool:
    value = _constant(file, line.arguments[0])
    return value is not None and not value >> (file.lines[line.arguments[0]].width - 1)
