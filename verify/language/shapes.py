"""What formulas in text and in LaTeX share: precedence, and the shapes that the reader took apart."""

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from pumpproof.verify.language import tree
from pumpproof.verify.language.tree import ComparisonOperator


class Binding(IntEnum):
    """How tightly a piece of text holds together; parentheses go around a looser piece in a tighter place."""

    BLOCK = 0
    CONDITIONAL = 1
    OR = 2
    AND = 3
    NOT = 4
    COMPARISON = 5
    SUM = 6
    PRODUCT = 7
    UNARY = 8
    POSTFIX = 9
    ATOM = 10


Piece = tuple[str, Binding]


@dataclass(frozen=True)
class Chain:
    """A chained comparison such as ``0 < x <= limit``."""

    first: tree.Expression
    links: tuple[tuple[ComparisonOperator, tree.Expression], ...]


@dataclass(frozen=True)
class Membership:
    """``value in (a, b, c)``, or its negation."""

    value: tree.Expression
    items: tuple[tree.Expression, ...]
    negated: bool


def as_chain(node: tree.Expression) -> Chain | None:
    """The chain that a conjunction was written as: its comparisons share the very nodes between them."""
    if not isinstance(node, tree.AllOf):
        return None
    links = [operand for operand in node.operands if isinstance(operand, tree.Compare)]
    if len(links) != len(node.operands):
        return None
    if any(left.right is not right.left for left, right in pairwise(links)):
        return None
    return Chain(links[0].left, tuple((link.operator, link.right) for link in links))


def as_membership(node: tree.Expression) -> Membership | None:
    """The membership that equalities (or their negations) were written as: they share the very left side."""
    match node:
        case tree.AnyOf():
            wanted, negated = ComparisonOperator.EQUAL, False
        case tree.AllOf():
            wanted, negated = ComparisonOperator.NOT_EQUAL, True
        case _:
            return None
    links = [operand for operand in node.operands if isinstance(operand, tree.Compare)]
    if len(links) != len(node.operands) or any(link.operator is not wanted for link in links):
        return None
    if any(link.left is not links[0].left for link in links):
        return None
    return Membership(links[0].left, tuple(link.right for link in links), negated)
