"""Calls: functions of the subset, records, ``replace`` and the built-in functions over tuples."""

import ast
from dataclasses import MISSING, Field, fields
from enum import Enum
from types import FunctionType
from typing import Any

from pumpproof.verify.language import tree
from pumpproof.verify.language.context import article, quoted
from pumpproof.verify.language.genuine import SUBSET_BUILTINS, is_builtin, is_replace
from pumpproof.verify.language.literals import NotALiteral, literal
from pumpproof.verify.language.names import near_miss
from pumpproof.verify.language.refusals import UNSUPPORTED_EXPRESSIONS
from pumpproof.verify.language.static import static_tuples
from pumpproof.verify.language.tree import Reduction
from pumpproof.verify.language.tuples import Tuples
from pumpproof.verify.language.types import BOOL, INT, RecordType, TupleType, Type
from pumpproof.verify.language.walk import is_total

_REDUCTIONS = {reduction.value: reduction for reduction in Reduction}


class Calls(Tuples):
    """Reads calls."""

    def _call(self, node: ast.Call) -> tree.Expression:
        if type(node.func) in UNSUPPORTED_EXPRESSIONS:
            self.refuse(node, *UNSUPPORTED_EXPRESSIONS[type(node.func)])
        if not isinstance(node.func, ast.Name):
            construct = f"{ast.unparse(node.func)}(...), a method call or a call through a module"
            self.refuse(node, construct, "import the function and call it by its name")
        name = node.func.id
        if name in self.scope:
            self.refuse(node, f"a call of the local {name}", "call functions at module level only")
        if any(isinstance(argument, ast.Starred) for argument in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        ):
            self.refuse(node, f"{quoted(node)}, a call with * or **", "write the arguments out")
        value = self.resolve(node.func)
        for builtin, known in SUBSET_BUILTINS.items():
            if value is known and is_builtin(builtin, value):
                # A module may give a built-in function another name; its meaning is that of the function.
                return self._builtin(node, builtin)
        if is_replace(value):
            return self._replace(node)
        if isinstance(value, type):
            return self._construct(node, value)
        if isinstance(value, FunctionType):
            return self._call_function(node, value)
        self.refuse(
            node,
            f"the call of {name}, {article(type(value).__name__)},",
            "call a plain function defined with def",
        )

    def _call_function(self, node: ast.Call, value: FunctionType) -> tree.Expression:
        function = self.callee(value, self.file, node.lineno)
        expected = [(parameter.name, parameter.type) for parameter in function.parameters]
        given = self._arguments(node, function.name, expected)
        missing = [name for name, _ in expected if name not in given]
        if missing:
            self.refuse(
                node, f"a call of {function.name} without {', '.join(missing)}", "give every argument"
            )
        return tree.Call(function, tuple(given[name] for name, _ in expected), self.span(node))

    def _arguments(
        self, node: ast.Call, called: str, expected: list[tuple[str, Type]], positional: int | None = None
    ) -> dict[str, tree.Expression]:
        allowed = len(expected) if positional is None else positional
        if len(node.args) > allowed:
            self.refuse(
                node,
                f"a call of {called} with {len(node.args)} arguments by position",
                f"give at most {allowed}",
            )
        given = {
            name: self.read_as(argument, kind, f"the argument {name} of {called}")
            for (name, kind), argument in zip(expected, node.args, strict=False)
        }
        types = dict(expected)
        for keyword in node.keywords:
            name = str(keyword.arg)
            if name not in types:
                self.refuse(
                    keyword, f"{called}(..., {name}=...), an unknown name,", near_miss(name, list(types))
                )
            if name in given:
                self.refuse(keyword, f"{called}(..., {name}=...), given twice,", "give it once")
            given[name] = self.read_as(keyword.value, types[name], f"the argument {name} of {called}")
        return given

    def _construct(self, node: ast.Call, record: type[Any]) -> tree.Expression:
        if issubclass(record, Enum):
            self.refuse(node, f"{quoted(node)}, a lookup of an enum member", f"write {record.__name__}.NAME")
        kind = self.type_of(record, node)
        if not isinstance(kind, RecordType):
            self.refuse(
                node, f"{quoted(node)}, a conversion", "a bool is not an int: write 1 if condition else 0"
            )
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

    def _default(
        self, node: ast.Call, kind: RecordType, item: Field[object], span: tree.Span
    ) -> tree.Expression:
        place = f"the field {kind}.{item.name}"
        if item.default_factory is not MISSING:
            self.refuse(
                node,
                f"{place} with a default_factory",
                f"give {item.name} in the call, or a constant default",
            )
        if item.default is MISSING:
            self.refuse(node, f"a call of {kind} without {item.name}", "give every field that has no default")
        try:
            value = literal(item.default, span, records=True)
        except NotALiteral as error:
            self.refuse(node, f"{place}, whose default has {error.construct},", error.instead)
        wanted = kind.field_type(item.name)
        if value.type != wanted:
            self.refuse(
                node, f"{place}, whose default is {article(value.type)},", f"give it {article(wanted)}"
            )
        return value

    def _replace(self, node: ast.Call) -> tree.Expression:
        if len(node.args) != 1:
            self.refuse(
                node,
                f"replace with {len(node.args)} arguments by position",
                "write replace(record, name=value)",
            )
        record = self.read(node.args[0])
        if not isinstance(record.type, RecordType):
            self.refuse(node, f"replace of {article(record.type)}", "replace fields of a frozen dataclass")
        changes_only = ast.copy_location(ast.Call(node.func, [], node.keywords), node)
        changes = self._arguments(changes_only, "replace", list(record.type.fields), 0)
        return tree.ReplaceFields(record, tuple(changes.items()), record.type, self.span(node))

    def _builtin(self, node: ast.Call, name: str) -> tree.Expression:
        if node.keywords:
            self.refuse(
                node, f"{name} with {node.keywords[0].arg}=", f"give {name} positional arguments only"
            )
        if name == "range":
            self.refuse(node, f"{quoted(node)} used as a value", "use range in a loop or a comprehension")
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
                self.refuse(
                    node, f"{quoted(node)}, a conversion to a tuple", "write tuple(... for i in range(n))"
                )
            return self._for_each(argument)
        return self._reduce(node, name, reduction, argument)

    def _length(self, node: ast.Call, argument: ast.expr) -> tree.Expression:
        items = self.read(argument)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"len of {article(items.type)}", "only tuples have a length")
        if not is_total(items):
            self.refuse(
                node, f"{quoted(node)}, the length of something that can fail", "give the tuple a name first"
            )
        return tree.IntLiteral(items.type.length, self.span(node))

    def _reduce(self, node: ast.Call, name: str, reduction: Reduction, argument: ast.expr) -> tree.Expression:
        if isinstance(argument, ast.GeneratorExp):
            items: tree.Expression = self._for_each(argument)
        elif isinstance(argument, ast.Subscript):
            items = self._subscript(argument, ragged=True)
        else:
            items = self.read(argument)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"{name} of {article(items.type)}", f"give {name} one tuple")
        wanted = BOOL if reduction in (Reduction.ALL, Reduction.ANY) else INT
        if items.type.item != wanted:
            extra = "write 1 if condition else 0" if items.type.item == BOOL else "write a comprehension"
            self.refuse(node, f"{name} of {article(items.type)}", f"{name} takes {wanted} items: {extra}")
        if reduction in (Reduction.MIN, Reduction.MAX) and self._shortest(items) == 0:
            self.refuse(
                node, f"{quoted(node)}, {name} of a tuple that can be empty", "give it at least one item"
            )
        return tree.Reduce(reduction, items, wanted, self.span(node))

    def _shortest(self, items: tree.Expression) -> int:
        if isinstance(items, tree.Slice):
            bounds = static_tuples((items.start, items.stop), self.loops) or []
            return min((stop - start for start, stop in bounds), default=0)
        return items.type.length if isinstance(items.type, TupleType) else 0
