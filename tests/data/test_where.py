"""Which folders are looked at for MNIST, and what is said of them."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import grader.data
from grader.data.where import MNIST_FILES, VARIABLE, KnownFile, Source, find_mnist, places, status, user_folder


def put(folder: Path, file: KnownFile, state: str) -> None:
    """Bring about one of: absent, packed, unpacked, short (a packed name with too few bytes)."""
    if state == "absent":
        return
    (name, packed), (plain_name, plain) = file.variants
    size = {"packed": packed.bytes, "unpacked": plain.bytes, "short": packed.bytes - 1}[state]
    path = folder / (plain_name if state == "unpacked" else name)
    path.touch()
    os.truncate(path, size)


def test_given_folder_comes_before_the_variable_and_the_user_folder(
    nobody: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The order of search is: given, NEUROGRADE_DATA, the user's own."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "named"))
    assert places(tmp_path / "given", user=nobody) == (
        (Source.GIVEN, tmp_path / "given"),
        (Source.VARIABLE, tmp_path / "named"),
        (Source.USER, nobody),
    )


def test_empty_variable_names_no_folder(nobody: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NEUROGRADE_DATA= is the same as none, not the current folder."""
    monkeypatch.setenv(VARIABLE, "")
    assert places(user=nobody) == ((Source.USER, nobody),)


def test_tilde_in_the_variable_is_the_home_folder(
    nobody: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A path that no shell has expanded still works."""
    for home in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(home, str(tmp_path))
    monkeypatch.setenv(VARIABLE, "~/digits")
    assert places(user=nobody)[0] == (Source.VARIABLE, tmp_path / "digits")


def test_user_folder_is_of_this_package() -> None:
    """Fetched files live in a folder of our own name."""
    assert user_folder().name == "mnist"
    assert "neurograde" in user_folder().parts


def test_first_complete_folder_is_found(nobody: Path, right_sizes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A given folder without the files does not hide the one that NEUROGRADE_DATA names."""
    assert find_mnist(user=nobody) is None
    monkeypatch.setenv(VARIABLE, str(right_sizes))
    assert find_mnist(nobody, user=nobody) == right_sizes


def test_user_folder_is_found_last(nobody: Path, right_sizes: Path) -> None:
    """With nothing given and nothing set, the user's own folder serves."""
    assert find_mnist(nobody, user=right_sizes) == right_sizes


@given(st.tuples(*[st.sampled_from(["absent", "packed", "unpacked", "short"])] * 4))
def test_every_file_is_present_or_missing_or_wrong(states: tuple[str, ...]) -> None:
    """Whatever a folder holds, each file is told exactly once, and the folder counts only with all four."""
    with tempfile.TemporaryDirectory() as folder:
        for file, state in zip(MNIST_FILES, states, strict=True):
            put(Path(folder), file, state)
        seen = status(Path(folder))[0]
    assert (len(seen.present), len(seen.missing), len(seen.wrong)) == (
        states.count("packed") + states.count("unpacked"),
        states.count("absent"),
        states.count("short"),
    )
    assert seen.complete == (len(seen.present) == len(MNIST_FILES))


def test_wrong_size_is_told_with_both_numbers(right_sizes: Path) -> None:
    """The sentence names the file, the size it has and the size it must have."""
    os.truncate(right_sizes / "t10k-labels-idx1-ubyte.gz", 17)
    seen = status(right_sizes)[0]
    assert seen.wrong == ("t10k-labels-idx1-ubyte.gz has 17 bytes, not 4,542",)
    assert f"{right_sizes} (given folder): t10k-labels-idx1-ubyte.gz has 17 bytes" in seen.sentence


def test_right_unpacked_file_makes_up_for_a_wrong_packed_one(right_sizes: Path) -> None:
    """A cut-off download beside a good unpacked file is no fault."""
    labels = MNIST_FILES[3]
    put(right_sizes, labels, "short")
    put(right_sizes, labels, "unpacked")
    assert status(right_sizes)[0].present[3] == "t10k-labels-idx1-ubyte"
    assert find_mnist(right_sizes) == right_sizes


def test_folder_under_a_files_name_is_wrong(right_sizes: Path) -> None:
    """What is not a regular file is told as such, never opened."""
    (right_sizes / "t10k-labels-idx1-ubyte.gz").unlink()
    (right_sizes / "t10k-labels-idx1-ubyte.gz").mkdir()
    assert status(right_sizes)[0].wrong == ("t10k-labels-idx1-ubyte.gz cannot be read as a file",)


def test_looking_for_files_needs_neither_numpy_nor_pooch() -> None:
    """`grade doctor` starts fast: the search imports nothing heavy."""
    code = "import sys, grader.data.where; print(sorted({'numpy', 'pooch', 'requests'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", grader.data.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """The lazy names lead to what they promise."""
    assert getattr(grader.data, name).__name__ == name


def test_unknown_name_is_an_attribute_error() -> None:
    """A misspelt name fails as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'load_digitz'"):
        getattr(grader.data, "load_digitz")  # noqa: B009 - the attribute form would not type-check
