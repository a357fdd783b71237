"""Expressions of the subset: syntax to typed nodes, everything else refused by name."""

import ast
from enum import Enum
from types import ModuleType

from pumpproof.spec.kernel.types import MOST_DIGITS
from pumpproof.verify.language import tree
from pumpproof.verify.language.calls import Calls
from pumpproof.verify.language.context import article
from pumpproof.verify.language.literals import NotALiteral, literal
from pumpproof.verify.language.names import near_miss
from pumpproof.verify.language.operators import Operators
from pumpproof.verify.language.refusals import UNSUPPORTED_EXPRESSIONS
from pumpproof.verify.language.scope import Bound, Counter, Unusable
from pumpproof.verify.language.types import EnumType, RecordType


class Expressions(Operators, Calls):
    """Reads the expressions of one function."""

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
                f"the {kind} {node.id}, {article(type(value).__name__)},",
                "use an int, a bool, an enum member or a tuple of these",
            )
        try:
            return literal(value, self.span(node), node.id)
        except NotALiteral as error:
            self.refuse(node, f"the global {node.id} with {error.construct}", error.instead)

    def _attribute(self, node: ast.Attribute) -> tree.Expression:
        if isinstance(node.value, ast.Name) and node.value.id not in self.scope:
            owner = node.value.id
            value = self.globals.values.get(owner)
            if isinstance(value, ModuleType) and owner not in self.assigned:
                self.refuse(
                    node,
                    f"{ast.unparse(node)}, an attribute of a module",
                    f"write from {value.__name__} import {node.attr}",
                )
            if isinstance(value, type):
                return self._member(node, self.resolve(node.value))
        record = self.read(node.value)
        if isinstance(record.type, EnumType):
            self.refuse(node, f"the attribute .{node.attr} of an enum member", "compare the member itself")
        if not isinstance(record.type, RecordType):
            self.refuse(
                node, f"the attribute .{node.attr} of {article(record.type)}", "only records have fields"
            )
        found = record.type.field_type(node.attr)
        if found is None:
            known = [name for name, _ in record.type.fields]
            self.refuse(
                node, f"{record.type}.{node.attr}, no field of {record.type},", near_miss(node.attr, known)
            )
        return tree.FieldOf(record, node.attr, found, self.span(node))

    def _member(self, node: ast.Attribute, owner: object) -> tree.Expression:
        if not isinstance(owner, type) or not issubclass(owner, Enum):
            self.refuse(node, f"{ast.unparse(node)}, an attribute of a class", "use a module constant")
        kind = self.type_of(owner, node)
        members = owner.__members__
        if not isinstance(kind, EnumType) or node.attr not in members:
            self.refuse(
                node,
                f"{ast.unparse(node)}, no member of {owner.__name__},",
                near_miss(node.attr, list(members)),
            )
        if getattr(owner, node.attr) is not members[node.attr]:
            self.refuse(
                node,
                f"{ast.unparse(node)}, which is no longer the member that {owner.__name__} defines,",
                "leave enumerations as they are defined",
            )
        return tree.EnumLiteral(members[node.attr], kind, self.span(node))

    def _constant(self, node: ast.Constant) -> tree.Expression:
        value = node.value
        if isinstance(value, bool):
            return tree.BoolLiteral(value, self.span(node))
        if isinstance(value, int):
            if value >= 10**MOST_DIGITS:
                self.refuse(node, f"an integer of more than {MOST_DIGITS} digits", "use a smaller one")
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
