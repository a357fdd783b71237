"""What Python itself gives to the subset, and whether a program has put something else in its place.

The readers know the meaning of built-in functions, of ``dataclasses.replace`` and of the methods that ``@dataclass``
generates without reading them. So each must be the one that has this meaning.
"""

import builtins
import dataclasses
import operator
import sysconfig
from dataclasses import Field, field, fields, make_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import BuiltinFunctionType, CodeType, FunctionType
from typing import Any, Final

SUBSET_BUILTINS: dict[str, object] = {
    name: getattr(builtins, name) for name in ("all", "any", "len", "max", "min", "range", "sum", "tuple")
}

_OF_AN_INTERPRETED_CLASS = 1 << 9
"""The flag ``Py_TPFLAGS_HEAPTYPE``, which no class has that the interpreter itself defines."""

_BESIDE_THE_METHODS = frozenset(
    {
        "__annotate__",
        "__annotate_func__",
        "__annotations__",
        "__annotations_cache__",
        "__dataclass_fields__",
        "__dataclass_params__",
        "__dict__",
        "__doc__",
        "__firstlineno__",
        "__match_args__",
        "__module__",
        "__qualname__",
        "__slots__",
        "__static_attributes__",
        "__weakref__",
    }
)
"""What a class holds that says nothing about its instances."""


class _Plain(Enum):
    """An enumeration that redefines nothing."""

    ONE = 1


_OF_ITS_MEMBERS = frozenset(
    {
        "__format__",
        "__str__",
        "_generate_next_value_",
        "_hashable_values_",
        "_member_map_",
        "_member_names_",
        "_unhashable_values_",
        "_unhashable_values_map_",
        "_value2member_map_",
    }
)
"""What each enumeration has of its own, because it is made of its members, and how they are printed."""


def is_builtin(name: str, value: object) -> bool:
    """Say whether the value is the interpreter's own built-in function or class of this name."""
    if isinstance(value, type):
        return not value.__flags__ & _OF_AN_INTERPRETED_CLASS and (value.__module__, value.__name__) == (
            "builtins",
            name,
        )
    return type(value) is BuiltinFunctionType and value.__self__ is builtins and value.__name__ == name


def is_replace(value: object) -> bool:
    """Say whether the value is the function that ``dataclasses`` holds as ``replace``."""
    return value is dataclasses.replace


def changed_in_replace() -> str | None:
    """The function behind ``dataclasses.replace`` whose code is not that of the standard library; None if all are."""
    standard = _standard_codes()
    pending, seen = ["replace"], {"replace"}
    while pending:
        name = pending.pop()
        function = dataclasses.__dict__.get(name)
        if (
            not isinstance(function, FunctionType)
            or function.__globals__ is not dataclasses.__dict__
            or function.__code__ != standard.get(name)
            or function.__code__.co_freevars
        ):
            return name
        for used in function.__code__.co_names:
            value = dataclasses.__dict__.get(used)
            if used in dataclasses.__dict__ and hasattr(builtins, used):
                return used
            if isinstance(value, FunctionType) and used not in seen:
                seen.add(used)
                pending.append(used)
    return None


def changed_in_python() -> tuple[str, ...]:
    """What the subset takes from Python and is not Python's own any more; should be empty."""
    found = [
        f"builtins.{name}" for name in SUBSET_BUILTINS if not is_builtin(name, getattr(builtins, name, None))
    ]
    changed = changed_in_replace()
    return (*found, *([] if changed is None else [f"dataclasses.{changed}"]))


@cache
def _standard_codes() -> dict[str, CodeType]:
    """The functions of the module as its file in the standard library has them; none if it is another file."""
    if not Path(dataclasses.__file__).parent.samefile(sysconfig.get_path("stdlib")):
        return {}
    module = getattr(dataclasses.__spec__.loader, "get_code", lambda _: None)("dataclasses")
    constants = module.co_consts if isinstance(module, CodeType) else ()
    return {one.co_qualname: one for one in constants if isinstance(one, CodeType)}


def own_method(record: type) -> str | None:
    """The special method of a dataclass that is not the one that ``@dataclass`` generates; None if all are."""
    twin = vars(_twin(record))
    for name, written in vars(record).items():
        if not (name.startswith("__") and name.endswith("__")) or name in _BESIDE_THE_METHODS:
            continue
        if name not in twin or not _means_the_same(name, written, twin[name]):
            return name
    return next((name for name in ("__init__", "__eq__") if name not in vars(record)), None)


def has_changed_defaults(record: type) -> bool:
    """Say whether the generated ``__init__`` has other defaults than the fields declare."""
    written, generated = (vars(one)["__init__"] for one in (record, _twin(record)))
    return not all(
        _same_objects(getattr(written, kind), getattr(generated, kind))
        for kind in ("__defaults__", "__kwdefaults__")
    )


def own_in_enumeration(enum: type[Enum]) -> str | None:
    """What an enumeration redefines of that by which members are named, compared or found; None if nothing."""
    plain = vars(_Plain)
    for name, written in vars(enum).items():
        if name in enum.__members__ or name in _BESIDE_THE_METHODS or name in _OF_ITS_MEMBERS:
            continue
        if name in ("name", "value") or (name.startswith("_") and written is not plain.get(name)):
            return name
    return None


_TWINS: Final[dict[tuple[object, ...], type]] = {}
"""Each holds the defaults by whose identity it is found, so that no other object can take their place."""


def _twin(record: type) -> type:
    """A dataclass that was generated from the same fields and options."""
    options = record.__dataclass_params__  # type: ignore[attr-defined]
    slots = "__slots__" in vars(record)
    declared = tuple(
        (item.name, *map(id, (item.default, item.default_factory, item.repr, item.hash, item.kw_only)))
        for item in fields(record)
    )
    chosen = (options.repr, options.order, options.unsafe_hash, slots, hasattr(record, "__weakref__"))
    key = (record.__name__, declared, chosen)
    if key not in _TWINS:
        _TWINS[key] = _generated_like(record)
    return _TWINS[key]


def _generated_like(record: type) -> type:
    options = record.__dataclass_params__  # type: ignore[attr-defined]
    return make_dataclass(
        record.__name__,
        [(item.name, object, _field_like(item)) for item in fields(record)],
        repr=options.repr,
        order=options.order,
        unsafe_hash=options.unsafe_hash,
        frozen=True,
        slots="__slots__" in vars(record),
        weakref_slot=hasattr(record, "__weakref__") and "__slots__" in vars(record),
    )


def _field_like(item: "Field[Any]") -> Any:
    return field(
        default=item.default,
        default_factory=item.default_factory,
        repr=item.repr,
        hash=item.hash,
        kw_only=item.kw_only,
    )


def _means_the_same(name: str, written: Any, generated: Any) -> bool:
    if written is generated:
        return True
    if type(written) is not FunctionType or type(generated) is not FunctionType:
        return False
    if written.__code__ != generated.__code__:
        return False
    # What refuses assignment, and what prints, hold their own class in a cell.
    return name not in ("__init__", "__eq__", "__hash__") or _cells(written) == _cells(generated)


def _cells(function: FunctionType) -> list[int]:
    return [id(cell.cell_contents) for cell in function.__closure__ or ()]


def _same_objects(left: Any, right: Any) -> bool:
    """Say whether two tables of defaults hold the very same objects."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(left[name] is right[name] for name in left)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(map(operator.is_, left, right))
    return left is right
