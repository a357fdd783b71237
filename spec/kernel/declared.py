"""What every declaration of a specification keeps to: classes as they are, and tuples that nobody can change later."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from pathlib import Path


def refuse_derived(derived: type, base: type) -> None:
    """Refuse a subclass: what is proved rests on the methods of the base, and what runs could have others.

    Raises:
        TypeError: always; it names both classes.
    """
    raise TypeError(f"{derived.__name__} derives from {base.__name__}; write {base.__name__} itself")


def check_tuples(owner: str, record: object, *names: str) -> None:
    """See that each of these attributes is a tuple: anything else could be read once only, or change later.

    Raises:
        TypeError: names the owner, the attribute and what it is.
    """
    for name in names:
        check_tuple(owner, name, getattr(record, name))


def check_tuple(owner: str, name: str, value: object) -> None:
    """See that the value that is written under this name is a tuple.

    Raises:
        TypeError: names the owner, the name and what the value is.
    """
    if type(value) is not tuple:
        raise TypeError(
            f"{owner}: `{name}` is of type {type(value).__name__}; expected a tuple, as in ({name[:1]}, ...)"
        )


def not_exactly(values: Iterable[object], *expected: type) -> Iterator[object]:
    """Those values whose class is none of the expected ones; an instance of a subclass is such a value."""
    return (value for value in values if type(value) not in expected)


def place_of_field(record: type, name: str) -> str:
    """File and line where a class declares a field or a member; only the file if its source can not be read."""
    try:
        file = inspect.getfile(record)
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    except (OSError, TypeError, SyntaxError, ValueError):
        return record.__module__
    return next((f"{file}:{line}" for line in _declarations(tree, record.__qualname__, name)), file)


def _declarations(tree: ast.Module, record: str, name: str) -> Iterator[int]:
    for statement in ast.walk(tree):
        if isinstance(statement, ast.ClassDef) and statement.name == record.rpartition(".")[2]:
            for part in statement.body:
                targets = part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)]
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    yield part.lineno
