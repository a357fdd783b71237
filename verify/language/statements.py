"""Statements of the subset: a function body becomes one expression of ``Let`` and ``IfElse``.

Each assignment makes a new name in the tree (``x``, then ``x#2``), so that no binding hides another.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from pumpproof.verify.language import tree
from pumpproof.verify.language.expressions import Expressions
from pumpproof.verify.language.names import RESERVED_NAMES
from pumpproof.verify.language.refusals import UNSUPPORTED_STATEMENTS
from pumpproof.verify.language.scope import Bound, Counter, Unusable
from pumpproof.verify.language.tuples import MOST_TURNS
from pumpproof.verify.language.types import Type
from pumpproof.verify.language.walk import is_total, mentioned_names


class Returns(Enum):
    """On which paths through a block a return statement is reached."""

    ALWAYS = auto()
    NEVER = auto()
    SOMETIMES = auto()


@dataclass(frozen=True)
class Binding:
    """An assignment: the name in the source, the name in the tree, and its value."""

    name: str
    tree_name: str
    value: tree.Expression
    span: tree.Span


@dataclass
class Statements:
    """Reads the statements of one function."""

    expressions: Expressions
    result: Type
    _versions: dict[str, int] = field(default_factory=dict)

    def bind_parameters(self, parameters: tuple[tree.Parameter, ...]) -> None:
        """Put the parameters in scope."""
        for parameter in parameters:
            self._versions[parameter.name] = 1
            self.expressions.scope[parameter.name] = Bound(parameter.name, parameter.type, parameter=True)

    def body(self, function: ast.FunctionDef) -> tree.Expression:
        """Read a whole function body, which must return on every path."""
        statements = function.body
        if ast.get_docstring(function, clean=False) is not None:
            statements = statements[1:]
        if not statements or all(isinstance(statement, ast.Pass) for statement in statements):
            self.expressions.refuse(
                function, f"the function {function.name} without a body", "return a value"
            )
        return self._block(statements, function)

    def _block(self, statements: list[ast.stmt], owner: ast.stmt) -> tree.Expression:
        bindings: list[Binding] = []
        for position, statement in enumerate(statements):
            rest = statements[position + 1 :]
            if isinstance(statement, ast.Return):
                self._refuse_unreachable(rest)
                return _let(bindings, self._return(statement))
            if isinstance(statement, ast.If) and self._returns_of_branches(statement) != (
                Returns.NEVER,
                Returns.NEVER,
            ):
                return _let(bindings, self._returning_if(statement, rest))
            bindings += self._bindings_of(statement)
        self.expressions.refuse(
            statements[-1] if statements else owner,
            "a path that does not return",
            "end every path with a return",
        )

    def _return(self, statement: ast.Return) -> tree.Expression:
        if statement.value is None:
            self.expressions.refuse(statement, "a return without a value", "return a value")
        return self.expressions.read_as(statement.value, self.result, "a return value")

    def _refuse_unreachable(self, rest: list[ast.stmt]) -> None:
        if rest:
            self.expressions.refuse(rest[0], "a statement that is never reached", "remove it")

    def _returns_of_branches(self, statement: ast.If) -> tuple[Returns, Returns]:
        return _returns(statement.body), _returns(statement.orelse)

    def _returning_if(self, statement: ast.If, rest: list[ast.stmt]) -> tree.Expression:
        then_returns, else_returns = self._returns_of_branches(statement)
        if Returns.SOMETIMES in (then_returns, else_returns):
            self.expressions.refuse(
                statement,
                "an if with a branch that returns on some of its paths only",
                "return on every path of the branch, or on none",
            )
        if then_returns is else_returns is Returns.ALWAYS:
            self._refuse_unreachable(rest)
        condition = self.expressions.read_bool(statement.test)
        before = dict(self.expressions.scope)
        then = self._block(statement.body + ([] if then_returns is Returns.ALWAYS else rest), statement)
        self.expressions.scope = before
        otherwise = self._block(
            statement.orelse + ([] if else_returns is Returns.ALWAYS else rest), statement
        )
        return tree.IfElse(condition, then, otherwise, then.type, self.expressions.span(statement))

    def _bindings(self, statements: list[ast.stmt]) -> list[Binding]:
        return [binding for statement in statements for binding in self._bindings_of(statement)]

    def _bindings_of(self, statement: ast.stmt) -> list[Binding]:
        match statement:
            case ast.Assign(targets=[target], value=value):
                return [self._assign(statement, target, self.expressions.read(value))]
            case ast.Assign():
                self.expressions.refuse(statement, "a chained assignment", "assign one name per line")
            case ast.AnnAssign():
                return [self._annotated(statement)]
            case ast.AugAssign():
                return [self._augmented(statement)]
            case ast.If():
                return self._merge(statement)
            case ast.For():
                return self._loop(statement)
            case ast.Return():
                self.expressions.refuse(
                    statement, "a return inside a loop", "collect the result in a name first"
                )
            case ast.Expr(value=ast.Constant(value=str())):
                self.expressions.refuse(statement, "a string on a line of its own", "write a comment")
            case ast.Expr(value=value) if type(value) in (ast.Call, ast.Name, ast.Compare, ast.Constant):
                construct = f"{ast.unparse(statement)} on a line of its own"
                self.expressions.refuse(statement, construct, "use the value or remove the line")
            case ast.Expr(value=value):
                self.expressions.read(value)
                self.expressions.refuse(
                    statement, "an expression on a line of its own", "use the value or remove it"
                )
            case _:
                name, instead = UNSUPPORTED_STATEMENTS.get(
                    type(statement), (f"a {type(statement).__name__} statement", "remove it")
                )
                self.expressions.refuse(statement, name, instead)

    def _assign(self, statement: ast.stmt, target: ast.expr, value: tree.Expression) -> Binding:
        match target:
            case ast.Name():
                pass
            case ast.Tuple() | ast.List():
                self.expressions.refuse(
                    statement, "an assignment that unpacks a tuple", "assign one name per line"
                )
            case ast.Attribute():
                self.expressions.refuse(
                    statement,
                    f"an assignment to the field {ast.unparse(target)}",
                    "use replace(record, field=value)",
                )
            case _:
                self.expressions.refuse(
                    statement,
                    f"an assignment to {ast.unparse(target)}",
                    "build a new tuple with a comprehension",
                )
        name = target.id
        self._require_assignable(statement, name)
        known = self.expressions.scope.get(name)
        if isinstance(known, Bound) and known.type != value.type:
            self.expressions.refuse(
                statement,
                f"an assignment of type {value.type} to {name}, which is of type {known.type},",
                "use another name",
            )
        binding = Binding(name, self._fresh(name), value, self.expressions.span(statement))
        self.expressions.scope[name] = Bound(binding.tree_name, value.type)
        return binding

    def _require_assignable(self, statement: ast.stmt, name: str) -> None:
        known = self.expressions.scope.get(name)
        if isinstance(known, Bound) and known.parameter:
            self.expressions.refuse(statement, f"an assignment to the parameter {name}", "use another name")
        if isinstance(known, Counter):
            self.expressions.refuse(
                statement, f"an assignment to the loop variable {name}", "use another name"
            )
        if name in RESERVED_NAMES:
            self.expressions.refuse(
                statement, f"the local {name}, which hides a function", "use another name"
            )

    def _annotated(self, statement: ast.AnnAssign) -> Binding:
        if statement.value is None:
            self.expressions.refuse(statement, "a declaration without a value", "assign a value")
        if not isinstance(statement.annotation, ast.Name) or not isinstance(statement.target, ast.Name):
            construct = f"the annotation {ast.unparse(statement.annotation)} of a local"
            self.expressions.refuse(statement, construct, "leave it out, or name the type at module level")
        declared = self._declared(statement.annotation)
        value = self.expressions.read_as(statement.value, declared, f"a value for {statement.target.id}")
        return self._assign(statement, statement.target, value)

    def _declared(self, annotation: ast.Name) -> Type:
        simple = {"int": int, "bool": bool}.get(annotation.id)
        hidden = annotation.id in self.expressions.globals.values
        if simple is None or hidden:
            return self.expressions.type_of(self.expressions.resolve(annotation), annotation)
        return self.expressions.type_of(simple, annotation)

    def _augmented(self, statement: ast.AugAssign) -> Binding:
        if not isinstance(statement.target, ast.Name):
            return self._assign(statement, statement.target, self.expressions.read(statement.value))
        self._require_assignable(statement, statement.target.id)
        old = self.expressions.read(
            ast.copy_location(ast.Name(statement.target.id, ast.Load()), statement.target)
        )
        value = self.expressions.binary(statement.op, old, self.expressions.read(statement.value), statement)
        return self._assign(statement, statement.target, value)

    def _loop(self, statement: ast.For) -> list[Binding]:
        expressions = self.expressions
        if statement.orelse:
            expressions.refuse(statement, "a for loop with else", "write the else part after the loop")
        if not isinstance(statement.target, ast.Name):
            expressions.refuse(
                statement, "a for loop that unpacks its items", "loop over range(len(items)) and index"
            )
        name = statement.target.id
        bounds = expressions.range_bounds(statement.iter)
        if bounds is None:
            construct = f"a for loop over {ast.unparse(statement.iter)}"
            expressions.refuse(statement, construct, "write for i in range(n) with a fixed n, and index")
        if name in expressions.scope and not isinstance(expressions.scope[name], Unusable):
            expressions.refuse(
                statement, f"the loop variable {name}, which is already bound,", "use another name"
            )
        self._require_assignable(statement, name)
        if not bounds or len(bounds) > MOST_TURNS:
            expressions.refuse(
                statement, f"a for loop of {len(bounds)} turns", f"use 1 to {MOST_TURNS} turns"
            )
        bindings: list[Binding] = []
        for value in bounds:
            expressions.scope[name] = Counter(value)
            bindings += self._bindings(statement.body)
        expressions.scope[name] = Unusable("is the variable of a loop that has ended", "use another name")
        return bindings

    def _merge(self, statement: ast.If) -> list[Binding]:
        """An if none of whose branches returns: each name usable after it becomes one conditional value."""
        expressions = self.expressions
        if Returns.NEVER is not _returns([statement]):
            expressions.refuse(statement, "a return inside a loop", "collect the result in a name first")
        condition = expressions.read_bool(statement.test)
        before, versions = dict(expressions.scope), dict(self._versions)
        then = self._bindings(statement.body)
        after_then, expressions.scope = expressions.scope, dict(before)
        otherwise = self._bindings(statement.orelse)
        after_else, expressions.scope = expressions.scope, before
        merged: list[tuple[str, Bound, Bound]] = []
        for name in {**after_then, **after_else}:
            one, other = after_then.get(name), after_else.get(name)
            if one is not None and one is other:
                continue
            if isinstance(one, Bound) and isinstance(other, Bound):
                if one.type != other.type:
                    construct = (
                        f"{name}, which is of type {one.type} in one branch and {other.type} in the other,"
                    )
                    expressions.refuse(statement, construct, "use two names")
                merged.append((name, one, other))
            else:
                expressions.scope[name] = Unusable(
                    f"is bound in only one branch of the if at line {statement.lineno}",
                    "bind it in both branches",
                )
        if not merged:
            expressions.refuse(
                statement, "an if that binds no name usable after it", "bind a name in both branches"
            )
        span = expressions.span(statement)
        values = []
        temporaries = False
        for position, (_, one, other) in enumerate(merged):
            # The first value keeps every temporary that can fail, so that no obligation is lost.
            one_value, one_kept = _chain(then, one, span, keep_partial=position == 0)
            other_value, other_kept = _chain(otherwise, other, span, keep_partial=position == 0)
            temporaries = temporaries or one_kept or other_kept
            values.append((one_value, other_value))
        if not temporaries:
            self._versions = versions
        bindings = []
        if len(merged) > 1 and not isinstance(condition, tree.Name):
            name = self._fresh("condition")
            bindings.append(Binding("condition", name, condition, condition.span))
            condition = tree.Name(name, condition.type, condition.span)
        for (name, one, _), (one_value, other_value) in zip(merged, values, strict=True):
            value = tree.IfElse(condition, one_value, other_value, one.type, span)
            binding = Binding(name, self._fresh(name), value, span)
            expressions.scope[name] = Bound(binding.tree_name, one.type)
            bindings.append(binding)
        return bindings

    def _fresh(self, name: str) -> str:
        version = self._versions[name] = self._versions.get(name, 0) + 1
        fresh = name if version == 1 else f"{name}#{version}"
        self.expressions.taken |= {fresh}
        return fresh


def _let(bindings: list[Binding], body: tree.Expression) -> tree.Expression:
    for binding in reversed(bindings):
        body = tree.Let(binding.tree_name, binding.value, body, body.type, binding.span)
    return body


def _chain(
    bindings: list[Binding], target: Bound, span: tree.Span, *, keep_partial: bool
) -> tuple[tree.Expression, bool]:
    """Value of ``target`` after the bindings, with those it needs; and whether any stayed as a ``Let``."""
    needed = {target.tree_name}
    kept: list[Binding] = []
    for binding in reversed(bindings):
        if binding.tree_name in needed or (keep_partial and not is_total(binding.value)):
            kept.insert(0, binding)
            needed |= mentioned_names(binding.value)
    if kept and kept[-1].tree_name == target.tree_name:
        return _let(kept[:-1], kept[-1].value), len(kept) > 1
    return _let(kept, tree.Name(target.tree_name, target.type, span)), bool(kept)


def _returns(statements: list[ast.stmt]) -> Returns:
    some = False
    for statement in statements:
        if isinstance(statement, ast.Return):
            return Returns.ALWAYS
        if isinstance(statement, ast.If):
            then, otherwise = _returns(statement.body), _returns(statement.orelse)
            if then is otherwise is Returns.ALWAYS:
                return Returns.ALWAYS
            some = some or not (then is otherwise is Returns.NEVER)
    return Returns.SOMETIMES if some else Returns.NEVER


def assigned_names(function: ast.FunctionDef) -> frozenset[str]:
    """Names that Python treats as local in the function body; those of comprehensions are not among them."""
    return frozenset(_stored(function.body))


def _stored(nodes: list[ast.stmt]) -> Iterator[str]:
    pending: list[ast.AST] = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            yield node.id
        elif isinstance(node, ast.stmt) or (
            isinstance(node, ast.Tuple | ast.List | ast.Starred) and not isinstance(node.ctx, ast.Load)
        ):
            pending.extend(ast.iter_child_nodes(node))
