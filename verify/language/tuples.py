"""Tuples: written out, indexed, sliced, or made by a comprehension over a fixed range."""

import ast

from pumpproof.verify.language import tree
from pumpproof.verify.language.context import Context, article, quoted
from pumpproof.verify.language.names import RESERVED_NAMES
from pumpproof.verify.language.scope import Bound
from pumpproof.verify.language.static import static_tuples, static_values
from pumpproof.verify.language.types import INT, TupleType

MOST_TURNS = 10_000
"""Turns of one loop or comprehension; an unrolled formula beyond this helps nobody."""


class Tuples(Context):
    """Reads tuples."""

    def _tuple(self, node: ast.Tuple) -> tree.Expression:
        if not node.elts:
            self.refuse(node, "the empty tuple", "a tuple has at least one item, so that its type is known")
        items = tuple(self.read(element) for element in node.elts)
        if any(item.type != items[0].type for item in items):
            self.refuse(
                node, f"{quoted(node)}, a tuple with items of different types", "use a frozen dataclass"
            )
        return tree.MakeTuple(items, TupleType(items[0].type, len(items)), self.span(node))

    def _subscript(self, node: ast.Subscript, ragged: bool = False) -> tree.Expression:
        items = self.read(node.value)
        if not isinstance(items.type, TupleType):
            self.refuse(
                node, f"{quoted(node)}, an index into {article(items.type)}", "only tuples are indexed"
            )
        if isinstance(node.slice, ast.Slice):
            return self._slice(node, node.slice, items, items.type, ragged)
        index = self.read_int(node.slice)
        for value in static_values(index, self.loops) or ():
            if value < 0:
                self.refuse(node, f"{quoted(node)}, a negative index ({value})", "count from the front")
            if value >= items.type.length:
                self.refuse(
                    node,
                    f"{quoted(node)}, index {value} of {article(items.type)}",
                    f"use an index from 0 to {items.type.length - 1}",
                )
        return tree.Index(items, index, items.type.item, self.span(node))

    def _slice(
        self, node: ast.Subscript, bounds: ast.Slice, items: tree.Expression, kind: TupleType, ragged: bool
    ) -> tree.Expression:
        if bounds.step is not None:
            self.refuse(node, f"{quoted(node)}, a slice with a step", "write a comprehension over range")
        span = self.span(node)
        start = tree.IntLiteral(0, span) if bounds.lower is None else self.read_int(bounds.lower)
        stop = tree.IntLiteral(kind.length, span) if bounds.upper is None else self.read_int(bounds.upper)
        values = static_tuples((start, stop), self.loops)
        if values is None:
            self.refuse(
                node, f"{quoted(node)}, a slice whose bounds are not static", "use literals or constants"
            )
        for first, end in values:
            if not 0 <= first <= end <= kind.length:
                self.refuse(
                    node,
                    f"{quoted(node)}, the slice {first}:{end} of {article(kind)}",
                    f"keep 0 <= start <= stop <= {kind.length}",
                )
        lengths = {end - first for first, end in values} or {0}
        if len(lengths) > 1 and not ragged:
            self.refuse(
                node,
                f"{quoted(node)}, a slice whose length changes from turn to turn,",
                "use it directly in sum, min, max, all or any",
            )
        return tree.Slice(items, start, stop, TupleType(kind.item, max(lengths)), span)

    def _for_each(self, node: ast.GeneratorExp) -> tree.Expression:
        generator = node.generators[0]
        if len(node.generators) > 1:
            self.refuse(node, "a comprehension with two loops", "nest two comprehensions")
        if generator.is_async or generator.ifs:
            self.refuse(node, "a comprehension with a filter", "write the condition into the item")
        if not isinstance(generator.target, ast.Name):
            self.refuse(
                node, "a comprehension that unpacks its items", "loop over range(len(items)) and index"
            )
        name, iterated = generator.target.id, generator.iter
        if name in RESERVED_NAMES:
            self.refuse(node, f"the loop variable {name}, which hides a function", "use another name")
        bounds = self.range_bounds(iterated)
        if bounds is not None and len(bounds) > MOST_TURNS:
            self.refuse(node, f"a comprehension of {len(bounds)} turns", f"use at most {MOST_TURNS} turns")
        outer, outer_loops, outer_taken = self.scope, self.loops, self.taken
        visible = outer_taken | {local.tree_name for local in outer.values() if isinstance(local, Bound)}
        span = self.span(node)
        try:
            if bounds is not None:
                variable = _fresh(name, visible)
                self.taken = visible | {variable}
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
                self.taken = visible | {variable, local}
                self.scope = {**outer, name: Bound(local, kind.item)}
                self.loops = {**outer_loops, variable: bounds}
                item = tree.Index(items, counter, kind.item, self.span(iterated))
                value = self.read(node.elt)
                body = tree.Let(local, item, value, value.type, span)
                if isinstance(value, tree.Name) and value.name == local:
                    body = item
        finally:
            self.scope, self.loops, self.taken = outer, outer_loops, outer_taken
        return tree.ForEach(
            variable, bounds.start, bounds.stop, body, TupleType(body.type, len(bounds)), span
        )

    def _plain_items(self, node: ast.expr) -> tree.Expression:
        items = self.read(node)
        if not isinstance(items.type, TupleType):
            self.refuse(node, f"a comprehension over {article(items.type)}", "loop over a tuple or range(n)")
        plain: tree.Expression = items
        while isinstance(plain, tree.FieldOf):
            plain = plain.record
        if not isinstance(plain, tree.Name):
            self.refuse(node, f"a comprehension over {quoted(node)}", "give the tuple a name first")
        return items

    def range_bounds(self, node: ast.expr) -> range | None:
        """Bounds of a ``range(...)`` with arguments known at load time; None where the node is no range."""
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in self.scope
        ):
            return None
        if self.resolve(node.func) is not range:
            return None
        if node.keywords or not 1 <= len(node.args) <= 2:
            self.refuse(
                node, f"{quoted(node)}, a range with a step", "write range(stop) or range(start, stop)"
            )
        values = []
        for argument in node.args:
            found = static_values(self.read_int(argument), self.loops)
            if found is None or len(set(found)) != 1:
                self.refuse(
                    node, f"{quoted(node)}, a range whose bounds are not fixed", "use literals or constants"
                )
            values.append(found[0])
        start, stop = values if len(values) == 2 else (0, values[0])
        return range(start, max(start, stop))


def _fresh(name: str, visible: frozenset[str]) -> str:
    candidate, version = name, 1
    while candidate in visible:
        version += 1
        candidate = f"{name}#{version}"
    return candidate
