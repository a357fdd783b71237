"""What a local name of the source means at a point of a function."""

from dataclasses import dataclass

from pumpproof.verify.language.types import Type


@dataclass(frozen=True)
class Bound:
    """A source name with a value: the name it carries in the tree is that of no other binding in sight."""

    tree_name: str
    type: Type
    static: bool = False
    parameter: bool = False


@dataclass(frozen=True)
class Counter:
    """The variable of an unrolled loop, in one of its turns."""

    value: int


@dataclass(frozen=True)
class Unusable:
    """A source name that may have no value here, and why."""

    reason: str
    instead: str


Local = Bound | Counter | Unusable
