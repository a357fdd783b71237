"""Modules written by a test: source text becomes a file that is imported as any other."""

import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

Load = Callable[[str], Any]


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Load]:
    """Write source text to a file of its own and import it."""
    folder = tmp_path_factory.mktemp("written")
    numbers = itertools.count()
    names: list[str] = []

    def load_text(text: str) -> Any:
        name = f"written_{next(numbers)}"
        path = folder / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        names.append(name)
        spec.loader.exec_module(module)
        return module

    yield load_text
    for name in names:
        sys.modules.pop(name, None)
