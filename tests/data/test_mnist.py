"""Loading MNIST: only the published files are taken."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from grader.data.mnist import load_mnist
from grader.data.where import MNIST_FILES, TEST_IMAGES, TEST_LABELS
from grader.errors import DataError


def test_absence_names_files_sizes_folders_and_the_variable(nobody: Path, tmp_path: Path) -> None:
    """Someone without MNIST reads what to put where."""
    with pytest.raises(DataError) as caught:
        load_mnist("train", tmp_path / "typo", user=nobody)
    for part in (str(tmp_path / "typo"), str(nobody), "NEUROGRADE_DATA", "t10k-labels-idx1-ubyte.gz (4,542 bytes)"):
        assert part in str(caught.value)
    assert all(file.name in str(caught.value) for file in MNIST_FILES)


def test_wrong_size_is_told(nobody: Path, right_sizes: Path) -> None:
    """A download that broke off is named with its size."""
    os.truncate(right_sizes / TEST_IMAGES.name, 1000)
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte\.gz has 1,000 bytes, not 1,648,877"):
        load_mnist("test", right_sizes, user=nobody)


def test_right_size_with_other_contents_is_refused(nobody: Path, right_sizes: Path) -> None:
    """A file of the right length is not yet the published one."""
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte\.gz: SHA-256 is .*the file is damaged or another one"):
        load_mnist("test", right_sizes, user=nobody)


def test_third_part_does_not_exist() -> None:
    """A misspelt part is a mistake of the caller."""
    with pytest.raises(ValueError, match="part = 'validation'; use 'train' or 'test'"):
        load_mnist("validation")  # type: ignore[arg-type]


def test_training_part_has_the_known_counts(real_mnist: Path) -> None:
    """60,000 images, the first a 5, and the published number of each digit."""
    images, labels = load_mnist("train", real_mnist)
    assert (images.shape, labels.shape) == ((60000, 28, 28), (60000,))
    assert images.dtype == labels.dtype == np.uint8
    assert np.bincount(labels).tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert labels[0] == 5
    assert images.mean() / 255 == pytest.approx(0.1307, abs=5e-5)


def test_second_load_is_the_same_read_only_array(real_mnist: Path) -> None:
    """Shared within the process, so nobody may write into it."""
    first, second = load_mnist("test", real_mnist), load_mnist("test", real_mnist)
    assert first[0] is second[0]
    assert not first[0].flags.writeable
    assert not first[1].flags.writeable


def test_unpacked_files_serve_as_well(real_mnist: Path, right_sizes: Path, nobody: Path) -> None:
    """Someone who has unpacked the files need not pack them again."""
    for file in (TEST_IMAGES, TEST_LABELS):
        (right_sizes / file.name).unlink()
        packed = real_mnist / file.name
        plain = gzip.decompress(packed.read_bytes()) if packed.exists() else packed.with_suffix("").read_bytes()
        (right_sizes / file.name.removesuffix(".gz")).write_bytes(plain)
    images, labels = load_mnist("test", right_sizes, user=nobody)
    assert images.shape == (10000, 28, 28)
    assert np.bincount(labels).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
