"""Folders that look like MNIST, and the real one where it is."""

import os
from pathlib import Path

import pytest

from grader.data.where import MNIST_FILES, VARIABLE, find_mnist


@pytest.fixture
def real_mnist() -> Path:
    """The folder of the real MNIST files; skips the test where they are not here."""
    folder = find_mnist()
    if folder is None:
        pytest.skip("MNIST is not here: set NEUROGRADE_DATA to its folder")
    return folder


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder that is not there, and no environment variable: nothing is found unless a test puts it."""
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path / "user data"


@pytest.fixture
def right_sizes(tmp_path: Path) -> Path:
    """A folder with the four packed names and the right sizes, but zeros inside (and no blocks on the disk)."""
    folder = tmp_path / "right sizes"
    folder.mkdir()
    for file in MNIST_FILES:
        (folder / file.name).touch()
        os.truncate(folder / file.name, file.packed.bytes)
    return folder
