"""Expressions of the subset: syntax to typed nodes, everything else refused by name."""

import ast
from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import Enum
from types import FunctionType, ModuleType
from typing import NoReturn

from pumpproof.verify.language import tree
from pumpproof.verify.language.literals import NotALiteral, literal
from pumpproof.verify.language.names import SUBSET_BUILTINS, GlobalNames, is_replace, near_miss
from pumpproof.verify.language.refusals import UNSUPPORTED_EXPRESSIONS, UNSUPPORTED_OPERATORS
from pumpproof.verify.language.scope import Bound, Counter, Local, Unusable
from pumpproof.verify.language.source import OutsideSubset
from pumpproof.verify.language.static import static_tuples, static_values
from pumpproof.verify.language.tree import ArithmeticOperator, ComparisonOperator, Reduction
from pumpproof.verify.language.types import (
    BOOL,
    INT,
    EnumType,
    RecordType,
    TupleType,
    Type,
    UnsupportedType,
    type_of_annotation,
)
from pumpproof.verify.language.walk import is_total


_ARITHMETIC: dict[type[ast.operator], ArithmeticOperator] = {
    ast.Add: ArithmeticOperator.ADD,
    ast.Sub: ArithmeticOperator.SUBTRACT,
    ast.Mult: ArithmeticOperator.MULTIPLY,
    ast.FloorDiv: ArithmeticOperator.FLOOR_DIVIDE,
    ast.Mod: ArithmeticOperator.REMAINDER,
}
_COMPARISON: dict[type[ast.cmpop], ComparisonOperator] = {
    ast.Lt: ComparisonOperator.LESS,
    ast.LtE: ComparisonOperator.LESS_OR_EQUAL,
    ast.Gt: ComparisonOperator.GREATER,
    ast.GtE: ComparisonOperator.GREATER_OR_EQUAL,
    ast.Eq: ComparisonOperator.EQUAL,
    ast.NotEq: ComparisonOperator.NOT_EQUAL,
    ast.Is: ComparisonOperator.EQUAL,
    ast.IsNot: ComparisonOperator.NOT_EQUAL,
}
_EQUALITY = {ComparisonOperator.EQUAL, ComparisonOperator.NOT_EQUAL}
_REDUCTIONS = {reduction.value: reduction for reduction in Reduction}


@dataclass
class Expressions:
    """Reads the expressions of one function; ``scope`` is what its local names mean at this point."""

    function: FunctionType
    file: str
    names: GlobalNames
    callee: Callable[[FunctionType, str, int], tree.Function]
    assigned: frozenset[str]
    scope: dict[str, Local] = field(default_factory=dict)
    loops: dict[str, range] = field(default_factory=dict)

    def span(self, node: ast.expr | ast.stmt) -> tree.Span:
        """Where the node stands."""
        return tree.Span(
            self.file, node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or 0
        )

    def refuse(self, node: ast.AST, construct: str, instead: str) -> NoReturn:
        """Raise ``OutsideSubset`` at the node."""
        raise OutsideSubset(self.file, getattr(node, "lineno", 0), construct, instead)

    def read(self, node: ast.expr) -> tree.Expression:
        """Read any expression of the subset."""
        match node:
            case ast.Name():
                return self._name(node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Constant():
                return self._constant(node)
            case ast.Compare():
                return self._compare(node)
            case ast.BoolOp():
                operands = tuple(self.read_bool(operand) for operand in node.values)
                kind = tree.AllOf if isinstance(node.op, ast.And) else tree.AnyOf
                return kind(operands, self.span(node))
            case ast.BinOp():
                return self.binary(node.op, self.read(node.left), self.read(node.right), node)
            case ast.UnaryOp():
                return self._unary(node)
            case ast.IfExp():
                return self._conditional(node)
            case ast.Call():
                return self._call(node)
            case ast.Subscript():
                return self._subscript(node)
            case ast.Tuple():
                return self._tuple(node)
            case _:
                self.refuse(node, *UNSUPPORTED_EXPRESSIONS.get(type(node), (ast.unparse(node), "remove it")))

    def read_bool(self, node: ast.expr) -> tree.Expression:
        """Read an expression that must be a truth value."""
        expression = self.read(node)
        if expression.type != BOOL:
            instead = "compare it, for example x != 0" if expression.type == INT else "write a comparison"
            self.refuse(node, f"{_quoted(node)}, {_a(expression.type)}, used as a truth value", instead)
        return expression

    def read_int(self, node: ast.expr) -> tree.Expression:
        """Read an expression that must be an integer; a truth value is none."""
        expression = self.read(node)
        self._require_int(expression, node)
        return expression

    def read_as(self, node: ast.expr, wanted: Type, role: str) -> tree.Expression:
        """Read an expression that must have exactly the type ``wanted``."""
        expression = self.read(node)
        if expression.type != wanted:
            self.refuse(node, f"{role} of type {expression.type} where {wanted} is declared", f"give {_a(wanted)}")
        return expression

    def _require_int(self, expression: tree.Expression, node: ast.expr) -> None:
        if expression.type == BOOL:
            self.refuse(node, f"{_quoted(node)}, a bool, used as an int", "write 1 if condition else 0")
        if expression.type != INT:
            self.refuse(node, f"{_quoted(node)}, {_a(expression.type)}, used as an int", "use an int")

    def _name(self, node: ast.Name) -> tree.Expression:
        local = self.scope.get(node.id)
        match local:
            case Bound():
                return tree.Name(local.tree_name, local.type, self.span(node), local.static)
            case Counter():
                return tree.IntLiteral(local.value, self.span(node))
            case Unusable():
                self.refuse(node, f"the name {node.id}, which {local.reason}", local.instead)
            case None:
                return self._global(node)

    def _global(self, node: ast.Name) -> tree.Expression:
        value = self.resolve(node)
        if isinstance(value, type):
            self.refuse(node, f"the class {node.id} used as a value", "call it, or name one of its members")
        if callable(value):
            self.refuse(node, f"the function {node.id} used as a value", "call it")
        if type(value) is not tuple and not isinstance(value, int | Enum):
            kind = "mutable global" if isinstance(value, list | dict | set | bytearray) else "global"
            self.refuse(
                node,
                f"the {kind} {node.id}, {_a(type(value).__name__)},",
                "use an int, a bool, an enum member or a tuple of these",
            )
        try:
            return literal(value, self.span(node), node.id)
        except NotALiteral as error:
            self.refuse(node, f"the global {node.id} with {error.construct}", error.instead)

    def resolve(self, node: ast.Name) -> object:
        """Value of a global name."""
        if node.id in self.assigned:
            self.refuse(node, f"the name {node.id}, which is used before it is bound", "bind it first")
        return self.names.lookup(
            self.function, node.id, lambda construct, instead: self.refuse(node, construct, instead)
        )

    def _attribute(self, node: ast.Attribute) -> tree.Expression:
        if isinstance(node.value, ast.Name) and node.value.id not in self.scope:
            owner = node.value.id
            value = self.function.__globals__.get(owner)
            if isinstance(value, ModuleType) and owner not in self.assigned:
                self.refuse(
                    node, f"{ast.unparse(node)}, an attribute of a module", f"write from {value.__name__} import {node.attr}"
                )
            if isinstance(value, type):
                return self._member(node, self.resolve(node.value))
        record = self.read(node.value)
        if isinstance(record.type, EnumType):
            self.refuse(node, f"the attribute .{node.attr} of an enum member", "compare the member itself")
        if not isinstance(record.type, RecordType):
            self.refuse(node, f"the attribute .{node.attr} of {_a(record.type)}", "only records have fields")
        found = record.type.field_type(node.attr)
        if found is None:
            known = [name for name, _ in record.type.fields]
            self.refuse(node, f"{record.type}.{node.attr}, no field of {record.type},", near_miss(node.attr, known))
        return tree.FieldOf(record, node.attr, found, self.span(node))

    def _member(self, node: ast.Attribute, owner: object) -> tree.Expression:
        if not isinstance(owner, type) or not issubclass(owner, Enum):
            self.refuse(node, f"{ast.unparse(node)}, an attribute of a class", "use a module constant")
        kind = self.type_of(owner, node)
        members = owner.__members__
        if not isinstance(kind, EnumType) or node.attr not in members:
            self.refuse(
                node, f"{ast.unparse(node)}, no member of {owner.__name__},", near_miss(node.attr, list(members))
            )
        return tree.EnumLiteral(members[node.attr], kind, self.span(node))

    def type_of(self, annotation: object, node: ast.AST) -> Type:
        """Type of a resolved annotation or class, refused at the node."""
        try:
            return type_of_annotation(annotation)
        except UnsupportedType as error:
            self.refuse(node, error.construct, error.instead)

    def _constant(self, node: ast.Constant) -> tree.Expression:
        value = node.value
        if isinstance(value, bool):
            return tree.BoolLiteral(value, self.span(node))
        if isinstance(value, int):
            return tree.IntLiteral(value, self.span(node))
        match value:
            case str() | bytes():
                self.refuse(node, f"the string {ast.unparse(node)}", "use an enum member")
            case float() | complex():
                self.refuse(node, f"the number {ast.unparse(node)}", "use exact integers in a smaller unit")
            case None:
                self.refuse(node, "None", "use an enum member or a bool that says there is none")
            case _:
                self.refuse(node, ast.unparse(node), "remove it")

    def _compare(self, node: ast.Compare) -> tree.Expression:
        left_node, left = node.left, self.read(node.left)
        links: list[tree.Expression] = []
        for operator, right_node in zip(node.ops, node.comparators, strict=True):
            right = self.read(right_node)
            if isinstance(operator, ast.In | ast.NotIn):
                links.append(self._membership(operator, left, right, right_node, node))
            else:
                links.append(self._comparison(operator, left, right, node))
            left_node, left = right_node, right
        return links[0] if len(links) == 1 else tree.AllOf(tuple(links), self.span(node))

    def _comparison(
        self, operator: ast.cmpop, left: tree.Expression, right: tree.Expression, node: ast.expr
    ) -> tree.Compare:
        meaning = _COMPARISON[type(operator)]
        types = {left.type, right.type}
        if types == {INT, BOOL}:
            self.refuse(node, f"{_quoted(node)}, which compares an int with a bool", "a bool is not an int: compare bools")
        if left.type != right.type:
            self.refuse(node, f"{_quoted(node)}, which compares {left.type} with {right.type}", "compare the same types")
        if isinstance(operator, ast.Is | ast.IsNot) and not isinstance(left.type, EnumType):
            self.refuse(node, f"{_quoted(node)}, identity of {_a(left.type)}", "write == or !=")
        if meaning not in _EQUALITY and left.type != INT:
            self.refuse(node, f"{_quoted(node)}, an order on {left.type}", "only integers are ordered")
        return tree.Compare(meaning, left, right, self.span(node))

    def _membership(
        self,
        operator: ast.In | ast.NotIn,
        left: tree.Expression,
        right: tree.Expression,
        right_node: ast.expr,
        node: ast.expr,
    ) -> tree.Expression:
        if not isinstance(right, tree.MakeTuple):
            self.refuse(node, f"{_quoted(node)}, membership of a tuple that is not written out", "write (a, b, c)")
        if not is_total(right):
            # Python evaluates all items before the search; as a disjunction the later ones would be guarded.
            self.refuse(right_node, f"{_quoted(right_node)}, whose items can fail, after in", "name the items first")
        negated = isinstance(operator, ast.NotIn)
        equality: ast.cmpop = ast.NotEq() if negated else ast.Eq()
        links = tuple(self._comparison(equality, left, item, node) for item in right.items)
        if len(links) == 1:
            return links[0]
        return tree.AllOf(links, self.span(node)) if negated else tree.AnyOf(links, self.span(node))

    def binary(
        self, operator: ast.operator, left: tree.Expression, right: tree.Expression, node: ast.BinOp | ast.AugAssign
    ) -> tree.Expression:
        """Arithmetic on two integers, or the concatenation of two tuples."""
        meaning = _ARITHMETIC.get(type(operator))
        if meaning is None:
            self.refuse(node, *UNSUPPORTED_OPERATORS[type(operator)])
        if isinstance(left.type, TupleType) and isinstance(right.type, TupleType) and isinstance(operator, ast.Add):
            if left.type.item != right.type.item:
                self.refuse(node, "a concatenation of tuples with different items", "give the items one type")
            joined = TupleType(left.type.item, left.type.length + right.type.length)
            return tree.Concatenate(left, right, joined, self.span(node))
        left_node, right_node = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        self._require_int(left, left_node)
        self._require_int(right, right_node)
        if meaning is ArithmeticOperator.MULTIPLY:
            if static_values(left, self.loops) is None and static_values(right, self.loops) is None:
                self.refuse(node, f"{_quoted(node)}, a product of two variables", "multiply by a literal or a constant")
        elif meaning in (ArithmeticOperator.FLOOR_DIVIDE, ArithmeticOperator.REMAINDER):
            divisors = static_values(right, self.loops)
            if divisors is None:
                self.refuse(node, f"{_quoted(node)}, a division by a variable", "divide by a literal or a constant")
            if any(divisor <= 0 for divisor in divisors):
                self.refuse(node, f"{_quoted(node)}, a division by {min(divisors)}", "divide by a positive number")
        return tree.Arithmetic(meaning, left, right, self.span(node))

    def _unary(self, node: ast.UnaryOp) -> tree.Expression:
        match node.op:
            case ast.Not():
                return tree.Not(self.read_bool(node.operand), self.span(node))
            case ast.USub():
                operand = self.read_int(node.operand)
                if isinstance(node.operand, ast.Constant) and isinstance(operand, tree.IntLiteral):
                    return tree.IntLiteral(-operand.value, self.span(node))
                return tree.Negate(operand, self.span(node))
            case ast.UAdd():
                self.refuse(node, f"{_quoted(node)}, a unary plus", "remove the plus")
            case _:
                self.refuse(node, f"{_quoted(node)}, a bit operation", "use arithmetic")

    def _conditional(self, node: ast.IfExp) -> tree.Expression:
        condition = self.read_bool(node.test)
        then, otherwise = self.read(node.body), self.read(node.orelse)
        if then.type != otherwise.type:
            self.refuse(
                node, f"{_quoted(node)}, either {_a(then.type)} or {_a(otherwise.type)},", "give both the same type"
            )
        return tree.IfElse(condition, then, otherwise, then.type, self.span(node))

    def _tuple(self, node: ast.Tuple) -> tree.Expression:
        if not node.elts:
            self.refuse(node, "the empty tuple", "a tuple has at least one item, so that its type is known")
        items = tuple(self.read(element) for element in node.elts)
        if any(item.type != items[0].type for item in items):
            self.refuse(node, f"{_quoted(node)}, a tuple with items of different types", "use a frozen dataclass")
        return tree.MakeTuple(items, TupleType(items[0].type, len(items)), self.span(node))

    def _subscript(self, node: ast.Subscript, ragged: bool = False) -> tree.Expression:
        items = self.read(node.value)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"{_quoted(node)}, an index into {_a(items.type)}", "only tuples are indexed")
        if isinstance(node.slice, ast.Slice):
            return self._slice(node, node.slice, items, items.type, ragged)
        index = self.read_int(node.slice)
        for value in static_values(index, self.loops) or ():
            if value < 0:
                self.refuse(node, f"{_quoted(node)}, a negative index ({value})", "count from the front")
            if value >= items.type.length:
                self.refuse(
                    node,
                    f"{_quoted(node)}, index {value} of {_a(items.type)}",
                    f"use an index from 0 to {items.type.length - 1}",
                )
        return tree.Index(items, index, items.type.item, self.span(node))

    def _slice(
        self, node: ast.Subscript, bounds: ast.Slice, items: tree.Expression, kind: TupleType, ragged: bool
    ) -> tree.Expression:
        if bounds.step is not None:
            self.refuse(node, f"{_quoted(node)}, a slice with a step", "write a comprehension over range")
        span = self.span(node)
        start = tree.IntLiteral(0, span) if bounds.lower is None else self.read_int(bounds.lower)
        stop = tree.IntLiteral(kind.length, span) if bounds.upper is None else self.read_int(bounds.upper)
        values = static_tuples((start, stop), self.loops)
        if values is None:
            self.refuse(node, f"{_quoted(node)}, a slice whose bounds are not static", "use literals or constants")
        for first, end in values:
            if not 0 <= first <= end <= kind.length:
                self.refuse(
                    node,
                    f"{_quoted(node)}, the slice {first}:{end} of {_a(kind)}",
                    f"keep 0 <= start <= stop <= {kind.length}",
                )
        lengths = {end - first for first, end in values} or {0}
        if len(lengths) > 1 and not ragged:
            self.refuse(
                node,
                f"{_quoted(node)}, a slice whose length changes from turn to turn,",
                "use it directly in sum, min, max, all or any",
            )
        return tree.Slice(items, start, stop, TupleType(kind.item, max(lengths)), span)

    def _call(self, node: ast.Call) -> tree.Expression:
        if not isinstance(node.func, ast.Name):
            construct = f"{ast.unparse(node.func)}(...), a method call or a call through a module"
            self.refuse(node, construct, "import the function and call it by its name")
        name = node.func.id
        if name in self.scope:
            self.refuse(node, f"a call of the local {name}", "call functions at module level only")
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        ):
            self.refuse(node, f"{_quoted(node)}, a call with * or **", "write the arguments out")
        value = self.resolve(node.func)
        if any(value is known for known in SUBSET_BUILTINS.values()):
            return self._builtin(node, name)
        if is_replace(value):
            return self._replace(node)
        if isinstance(value, type):
            return self._construct(node, value)
        if isinstance(value, FunctionType):
            return self._call_function(node, value)
        self.refuse(node, f"the call of {name}, {_a(type(value).__name__)},", "call a plain function defined with def")

    def _call_function(self, node: ast.Call, value: FunctionType) -> tree.Expression:
        function = self.callee(value, self.file, node.lineno)
        expected = [(parameter.name, parameter.type) for parameter in function.parameters]
        given = self._arguments(node, function.name, expected)
        missing = [name for name, _ in expected if name not in given]
        if missing:
            self.refuse(node, f"a call of {function.name} without {', '.join(missing)}", "give every argument")
        return tree.Call(function, tuple(given[name] for name, _ in expected), self.span(node))

    def _arguments(
        self, node: ast.Call, called: str, expected: list[tuple[str, Type]], positional: int | None = None
    ) -> dict[str, tree.Expression]:
        allowed = len(expected) if positional is None else positional
        if len(node.args) > allowed:
            self.refuse(node, f"a call of {called} with {len(node.args)} arguments by position", f"give at most {allowed}")
        given = {
            name: self.read_as(argument, kind, f"the argument {name} of {called}")
            for (name, kind), argument in zip(expected, node.args, strict=False)
        }
        types = dict(expected)
        for keyword in node.keywords:
            name = str(keyword.arg)
            if name not in types:
                self.refuse(keyword, f"{called}(..., {name}=...), an unknown name,", near_miss(name, list(types)))
            if name in given:
                self.refuse(keyword, f"{called}(..., {name}=...), given twice,", "give it once")
            given[name] = self.read_as(keyword.value, types[name], f"the argument {name} of {called}")
        return given

    def _construct(self, node: ast.Call, record: type) -> tree.Expression:
        if issubclass(record, Enum):
            self.refuse(node, f"{_quoted(node)}, a lookup of an enum member", f"write {record.__name__}.NAME")
        kind = self.type_of(record, node)
        if not isinstance(kind, RecordType):
            self.refuse(node, f"{_quoted(node)}, a conversion", "a bool is not an int: write 1 if condition else 0")
        declared = fields(record)
        positional = sum(1 for item in declared if not item.kw_only)
        by_position = [item.name for item in declared if not item.kw_only]
        ordered = [*by_position, *(item.name for item in declared if item.kw_only)]
        types = dict(kind.fields)
        given = self._arguments(node, str(kind), [(name, types[name]) for name in ordered], positional)
        span = self.span(node)
        for item in declared:
            if item.name not in given:
                given[item.name] = self._default(node, kind, item, span)
        return tree.MakeRecord(tuple((item.name, given[item.name]) for item in declared), kind, span)

    def _default(self, node: ast.Call, kind: RecordType, item: Field[object], span: tree.Span) -> tree.Expression:
        place = f"the field {kind}.{item.name}"
        if item.default_factory is not MISSING:
            self.refuse(node, f"{place} with a default_factory", f"give {item.name} in the call, or a constant default")
        if item.default is MISSING:
            self.refuse(node, f"a call of {kind} without {item.name}", "give every field that has no default")
        try:
            value = literal(item.default, span, records=True)
        except NotALiteral as error:
            self.refuse(node, f"{place}, whose default has {error.construct},", error.instead)
        wanted = kind.field_type(item.name)
        if value.type != wanted:
            self.refuse(node, f"{place}, whose default is {_a(value.type)},", f"give it {_a(wanted)}")
        return value

    def _replace(self, node: ast.Call) -> tree.Expression:
        if len(node.args) != 1:
            self.refuse(node, f"replace with {len(node.args)} arguments by position", "write replace(record, name=value)")
        record = self.read(node.args[0])
        if not isinstance(record.type, RecordType):
            self.refuse(node, f"replace of {_a(record.type)}", "replace fields of a frozen dataclass")
        changes_only = ast.copy_location(ast.Call(node.func, [], node.keywords), node)
        changes = self._arguments(changes_only, "replace", list(record.type.fields), 0)
        return tree.ReplaceFields(record, tuple(changes.items()), record.type, self.span(node))

    def _builtin(self, node: ast.Call, name: str) -> tree.Expression:
        if node.keywords:
            self.refuse(node, f"{name} with {node.keywords[0].arg}=", f"give {name} positional arguments only")
        if name == "range":
            self.refuse(node, f"{_quoted(node)} used as a value", "use range in a loop or a comprehension")
        reduction = _REDUCTIONS.get(name)
        several = reduction in (Reduction.MIN, Reduction.MAX) and len(node.args) > 1
        if reduction is not None and several:
            items = tuple(self.read_int(argument) for argument in node.args)
            span = self.span(node)
            return tree.Reduce(reduction, tree.MakeTuple(items, TupleType(INT, len(items)), span), INT, span)
        if len(node.args) != 1:
            self.refuse(node, f"{name} with {len(node.args)} arguments", f"give {name} one tuple")
        argument = node.args[0]
        if name == "len":
            return self._length(node, argument)
        if reduction is None:
            if not isinstance(argument, ast.GeneratorExp):
                self.refuse(node, f"{_quoted(node)}, a conversion to a tuple", "write tuple(... for i in range(n))")
            return self._for_each(argument)
        return self._reduce(node, name, reduction, argument)

    def _length(self, node: ast.Call, argument: ast.expr) -> tree.Expression:
        items = self.read(argument)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"len of {_a(items.type)}", "only tuples have a length")
        if not is_total(items):
            self.refuse(node, f"{_quoted(node)}, the length of something that can fail", "give the tuple a name first")
        return tree.IntLiteral(items.type.length, self.span(node))

    def _reduce(self, node: ast.Call, name: str, reduction: Reduction, argument: ast.expr) -> tree.Expression:
        if isinstance(argument, ast.GeneratorExp):
            items: tree.Expression = self._for_each(argument)
        elif isinstance(argument, ast.Subscript):
            items = self._subscript(argument, ragged=True)
        else:
            items = self.read(argument)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"{name} of {_a(items.type)}", f"give {name} one tuple")
        wanted = BOOL if reduction in (Reduction.ALL, Reduction.ANY) else INT
        if items.type.item != wanted:
            extra = "write 1 if condition else 0" if items.type.item == BOOL else "write a comprehension"
            self.refuse(node, f"{name} of {_a(items.type)}", f"{name} takes {wanted} items: {extra}")
        if reduction in (Reduction.MIN, Reduction.MAX) and self._shortest(items) == 0:
            self.refuse(node, f"{_quoted(node)}, {name} of a tuple that can be empty", "give it at least one item")
        return tree.Reduce(reduction, items, wanted, self.span(node))

    def _shortest(self, items: tree.Expression) -> int:
        if isinstance(items, tree.Slice):
            bounds = static_tuples((items.start, items.stop), self.loops) or []
            return min((stop - start for start, stop in bounds), default=0)
        return items.type.length if isinstance(items.type, TupleType) else 0

    def _for_each(self, node: ast.GeneratorExp) -> tree.Expression:
        generator = node.generators[0]
        if len(node.generators) > 1:
            self.refuse(node, "a comprehension with two loops", "nest two comprehensions")
        if generator.is_async or generator.ifs:
            self.refuse(node, "a comprehension with a filter", "write the condition into the item")
        if not isinstance(generator.target, ast.Name):
            self.refuse(node, "a comprehension that unpacks its items", "loop over range(len(items)) and index")
        name, iterated = generator.target.id, generator.iter
        bounds = self.range_bounds(iterated)
        outer, outer_loops = self.scope, self.loops
        visible = {local.tree_name for local in outer.values() if isinstance(local, Bound)}
        span = self.span(node)
        try:
            if bounds is not None:
                variable = _fresh(name, visible)
                self.scope = {**outer, name: Bound(variable, INT, static=True)}
                self.loops = {**outer_loops, variable: bounds}
                body = self.read(node.elt)
            else:
                items = self._plain_items(iterated)
                variable = _fresh("index", visible)
                counter = tree.Name(variable, INT, self.span(iterated), static=True)
                kind = items.type
                assert isinstance(kind, TupleType)
                bounds = range(kind.length)
                local = _fresh(name, visible | {variable})
                self.scope = {**outer, name: Bound(local, kind.item)}
                self.loops = {**outer_loops, variable: bounds}
                item = tree.Index(items, counter, kind.item, self.span(iterated))
                value = self.read(node.elt)
                body = tree.Let(local, item, value, value.type, span)
                if isinstance(value, tree.Name) and value.name == local:
                    body = item
        finally:
            self.scope, self.loops = outer, outer_loops
        return tree.ForEach(variable, bounds.start, bounds.stop, body, TupleType(body.type, len(bounds)), span)

    def _plain_items(self, node: ast.expr) -> tree.Expression:
        items = self.read(node)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"a comprehension over {_a(items.type)}", "loop over a tuple or range(n)")
        plain = items
        while isinstance(plain, tree.FieldOf):
            plain = plain.record
        if not isinstance(plain, tree.Name):
            self.refuse(node, f"a comprehension over {_quoted(node)}", "give the tuple a name first")
        return items

    def range_bounds(self, node: ast.expr) -> range | None:
        """Bounds of a ``range(...)`` whose arguments are known at load time; None where the node is no range."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in self.scope):
            return None
        if self.resolve(node.func) is not range:
            return None
        if node.keywords or not 1 <= len(node.args) <= 2:
            self.refuse(node, f"{_quoted(node)}, a range with a step", "write range(stop) or range(start, stop)")
        values = []
        for argument in node.args:
            found = static_values(self.read_int(argument), self.loops)
            if found is None or len(set(found)) != 1:
                self.refuse(node, f"{_quoted(node)}, a range whose bounds are not fixed", "use literals or constants")
            values.append(found[0])
        start, stop = values if len(values) == 2 else (0, values[0])
        return range(start, max(start, stop))


def _fresh(name: str, visible: set[str]) -> str:
    candidate, version = name, 1
    while candidate in visible:
        version += 1
        candidate = f"{name}#{version}"
    return candidate


def _quoted(node: ast.expr | ast.stmt) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "..."


def _a(kind: object) -> str:
    text = str(kind)
    return f"an {text}" if text[0] in "aeiouAEIOU" else f"a {text}"
