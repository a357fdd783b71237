"""The tree that reader 1 makes of a function: a closed union of frozen nodes, each with its source span.

A function of the subset is one expression: statements become ``Let`` and ``IfElse``. Every consumer matches
on ``Expression`` and ends in ``assert_never``, so that the type checker names a node that it forgot.
"""

from dataclasses import dataclass, field
from enum import Enum

from pumpproof.verify.language.types import (
    BOOL,
    INT,
    BoolType,
    EnumType,
    IntType,
    RecordType,
    TupleType,
    Type,
)


@dataclass(frozen=True)
class Span:
    """Where a node stands: lines count from 1, columns from 0, as in ``ast``."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class ArithmeticOperator(Enum):
    """Exact integer arithmetic; floor division and remainder are Python's."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    FLOOR_DIVIDE = "//"
    REMAINDER = "%"


class ComparisonOperator(Enum):
    """Order on integers; equality on any type of the subset, both sides of the same type."""

    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    EQUAL = "=="
    NOT_EQUAL = "!="


class Reduction(Enum):
    """Built-in functions over a tuple of fixed length."""

    SUM = "sum"
    MIN = "min"
    MAX = "max"
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True)
class IntLiteral:
    """An integer; ``name`` is that of the module constant it was written as."""

    value: int
    span: Span = field(compare=False, repr=False)
    name: str | None = field(default=None, compare=False)

    @property
    def type(self) -> IntType:
        return INT


@dataclass(frozen=True)
class BoolLiteral:
    """True or False."""

    value: bool
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> BoolType:
        return BOOL


@dataclass(frozen=True)
class EnumLiteral:
    """A member of an enumeration."""

    member: Enum
    type: EnumType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Name:
    """A parameter, a local, or a loop variable; ``static`` when its value is a known integer at load time."""

    name: str
    type: Type
    span: Span = field(compare=False, repr=False)
    static: bool = False


@dataclass(frozen=True)
class FieldOf:
    """A field of a record."""

    record: "Expression"
    name: str
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Index:
    """An item of a tuple, with the obligation ``0 <= index < length`` (negative indexes are refused)."""

    items: "Expression"
    index: "Expression"
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Slice:
    """The items ``start <= i < stop`` of a tuple; both bounds are static and within it.

    Directly under a ``Reduce`` the bounds may use a ``ForEach`` variable so that the length differs from turn
    to turn; the length of ``type`` is then the largest.
    """

    items: "Expression"
    start: "Expression"
    stop: "Expression"
    type: TupleType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class MakeTuple:
    """A tuple written out."""

    items: tuple["Expression", ...]
    type: TupleType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Concatenate:
    """Two tuples of the same item type, one after the other."""

    left: "Expression"
    right: "Expression"
    type: TupleType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ForEach:
    """``body`` for each integer ``start <= variable < stop``: a tuple of known length."""

    variable: str
    start: int
    stop: int
    body: "Expression"
    type: TupleType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class MakeRecord:
    """A record with all its fields, in the order of the class; defaults are filled in by the reader."""

    fields: tuple[tuple[str, "Expression"], ...]
    type: RecordType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class ReplaceFields:
    """``dataclasses.replace``: a copy of ``record`` with some fields changed."""

    record: "Expression"
    changes: tuple[tuple[str, "Expression"], ...]
    type: RecordType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Arithmetic:
    """Integer arithmetic; one side of a product is static, and so is a divisor, which is positive."""

    operator: ArithmeticOperator
    left: "Expression"
    right: "Expression"
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> IntType:
        return INT


@dataclass(frozen=True)
class Negate:
    """Unary minus."""

    operand: "Expression"
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> IntType:
        return INT


@dataclass(frozen=True)
class Compare:
    """A single comparison; the reader turns a chain into a conjunction."""

    operator: ComparisonOperator
    left: "Expression"
    right: "Expression"
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> BoolType:
        return BOOL


@dataclass(frozen=True)
class AllOf:
    """``and``: later operands are evaluated only if the earlier ones are true."""

    operands: tuple["Expression", ...]
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> BoolType:
        return BOOL


@dataclass(frozen=True)
class AnyOf:
    """``or``: later operands are evaluated only if the earlier ones are false."""

    operands: tuple["Expression", ...]
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> BoolType:
        return BOOL


@dataclass(frozen=True)
class Not:
    """Negation of a truth value."""

    operand: "Expression"
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> BoolType:
        return BOOL


@dataclass(frozen=True)
class IfElse:
    """A conditional expression, or an if statement whose branches return or bind the same name."""

    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Let:
    """A local assignment: ``name`` stands for ``value`` in ``body``.

    The value is evaluated even if the body does not use it. A name that the source assigns again is ``x``,
    then ``x#2``, so that no binding hides another in sight.
    """

    name: str
    value: "Expression"
    body: "Expression"
    type: Type
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Reduce:
    """``sum``, ``min``, ``max``, ``all`` or ``any`` over a tuple; ``min`` and ``max`` of at least one item.

    As in Python, ``all`` and ``any`` directly over a ``ForEach`` stop at the first item that decides: a later
    body is evaluated only if every earlier one is true (false). Any other tuple is evaluated as a whole.
    """

    reduction: Reduction
    items: "Expression"
    type: IntType | BoolType
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class Call:
    """A call of another function of the subset, arguments in the order of its parameters."""

    function: "Function"
    arguments: tuple["Expression", ...]
    span: Span = field(compare=False, repr=False)

    @property
    def type(self) -> Type:
        return self.function.result


Expression = (
    IntLiteral
    | BoolLiteral
    | EnumLiteral
    | Name
    | FieldOf
    | Index
    | Slice
    | MakeTuple
    | Concatenate
    | ForEach
    | MakeRecord
    | ReplaceFields
    | Arithmetic
    | Negate
    | Compare
    | AllOf
    | AnyOf
    | Not
    | IfElse
    | Let
    | Reduce
    | Call
)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function, with its type."""

    name: str
    type: Type


@dataclass(frozen=True, eq=False)
class Function:
    """A function of the subset; two are equal only if they are the same reading of the same object."""

    name: str
    module: str
    parameters: tuple[Parameter, ...]
    result: Type
    body: Expression
    span: Span
    documentation: str
