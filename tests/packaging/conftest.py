"""Copies of the checkout, whole or reduced to its bones."""

import shutil
from pathlib import Path

import pytest
from checkout import make_skeleton, versioned_files


@pytest.fixture(scope="session")
def files(repository: Path) -> list[Path]:
    """The files under version control, relative to the root."""
    return versioned_files(repository)


@pytest.fixture(scope="session")
def pristine(repository: Path, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh checkout with its links, and without anything that an earlier build has left behind."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in files:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(repository / name, copy / name, follow_symlinks=False)
    return copy


@pytest.fixture
def skeleton(repository: Path, tmp_path: Path) -> Path:
    """The rooms, empty, with the real configuration: a place to seed one mistake in."""
    return make_skeleton(repository, tmp_path)
