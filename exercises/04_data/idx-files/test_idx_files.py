"""Checks of idx-files. Runs in: checks."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from idx_files import load_idx, prepare_images
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, give_file


def idx_bytes(values: NDArray[np.generic], *, element_type: int = 0x08) -> bytes:
    """An IDX file of these values: two zero bytes, element type, number of dimensions, sizes, data."""
    sizes = struct.pack(f">{values.ndim}I", *values.shape)
    return bytes([0, 0, element_type, values.ndim]) + sizes + values.tobytes()


def some_images(*shape: int) -> NDArray[np.uint8]:
    """The same random images of this shape on every call."""
    return np.random.default_rng(7).integers(0, 256, size=shape, dtype=np.uint8)


def test_non_square_images() -> None:
    """An image file gives (N, rows, columns), every pixel in its place."""
    images = np.arange(24, dtype=np.uint8).reshape(2, 3, 4) * 10
    loaded = load_idx(give_file("two-images", idx_bytes(images)))
    assert_array(loaded, shape=(2, 3, 4), dtype=np.uint8)
    assert_close(loaded, images, law="Pixels come image after image, row after row")


def test_big_endian_count() -> None:
    """The sizes in the header are read with the most significant byte first."""
    labels = (np.arange(258) % 10).astype(np.uint8)
    loaded = load_idx(give_file("258-labels", idx_bytes(labels)))
    assert_array(loaded, shape=(258,), dtype=np.uint8)
    assert_close(loaded, labels, law="A label file gives its labels in order")


def test_gz_and_plain() -> None:
    """The same content comes from a .gz file and from a plain one, the path given as text or as Path."""
    images = some_images(3, 5, 4)
    data = idx_bytes(images)
    plain = give_file("images-idx3-ubyte", data)
    packed = give_file("images-idx3-ubyte.gz", gzip.compress(data, mtime=0))
    for path in (plain, packed, Path(plain), Path(packed)):
        loaded = assert_array(load_idx(path), shape=(3, 5, 4), dtype=np.uint8)
        assert_close(loaded, images, law="Plain or compressed, the content is the same")


def test_damaged_files() -> None:
    """A file that is cut short, too long, or of another kind raises ValueError; one with 0 images is fine."""
    images = some_images(2, 3, 4)
    good = idx_bytes(images)
    damaged = {
        "cut-short": good[:-1],
        "too-long": good + b"\x00",
        "header-cut": good[:10],
        "empty": b"",
        "wrong-magic": b"\x01" + good[1:],
        "five-dimensions": idx_bytes(images.reshape(2, 3, 4, 1, 1)),
        "floats": idx_bytes(images.astype(">f4"), element_type=0x0D),
        "signed-bytes": idx_bytes(images, element_type=0x09),
    }
    for name, data in damaged.items():
        path = give_file(name, data)
        with pytest.raises(ValueError):
            load_idx(path)
    assert_array(load_idx(give_file("no-images", idx_bytes(images[:0]))), shape=(0, 3, 4), dtype=np.uint8)


def test_result_writable() -> None:
    """The loaded array can be changed."""
    loaded = load_idx(give_file("images", idx_bytes(some_images(2, 2, 3))))
    assert_array(loaded, shape=(2, 2, 3), dtype=np.uint8)
    assert loaded.flags.writeable, "The array is read-only: images[0] = 0 would fail"


def test_prepare_scale() -> None:
    """0 becomes 0.0, 255 becomes exactly 1.0, and 51 becomes 0.2, whatever else is in the batch."""
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)
    prepared = assert_array(prepare_images(levels), dtype=np.float32)
    assert_close(prepared.reshape(-1), np.arange(256) / 255, rtol=1e-6, law="Every pixel is its value / 255")
    assert prepared.reshape(-1)[255] == 1.0, "255 must become exactly 1.0"

    dark = np.array([[[0, 51], [102, 25]]], dtype=np.uint8)
    prepared = assert_array(prepare_images(dark), dtype=np.float32)
    law = "A dark image stays dark: the scale does not depend on the pixels"
    assert_close(prepared.reshape(-1), [0.0, 0.2, 0.4, 25 / 255], rtol=1e-6, law=law)


def test_prepare_shape() -> None:
    """Each image becomes one row of numbers, read row by row; the images given are left as they are."""
    images = some_images(3, 28, 28)
    prepared = assert_array(assert_inputs_unchanged(prepare_images, images), shape=(3, 784), dtype=np.float32)
    law = "Pixel (r, c) of an image goes to place 28·r + c of its row"
    assert_close(prepared, images.reshape(3, 784) / 255, rtol=1e-6, law=law)

    one = assert_array(prepare_images(images[1]), shape=(784,), dtype=np.float32)
    assert_close(one, prepared[1], rtol=1e-6, law="One image alone gives the same numbers as within a batch")
    oblong = assert_array(prepare_images(some_images(2, 3, 5)), shape=(2, 15), dtype=np.float32)
    assert_close(oblong, some_images(2, 3, 5).reshape(2, 15) / 255, rtol=1e-6, law="Images need not be square")
    assert_array(prepare_images(np.zeros((0, 28, 28), np.uint8)), shape=(0, 784), dtype=np.float32)
    with pytest.raises(ValueError):
        prepare_images(np.array([7, 2, 1], dtype=np.uint8))


def test_prepare_rejects_floats() -> None:
    """Images that are no longer bytes raise ValueError, so that nothing is scaled twice."""
    images = some_images(2, 4, 4)
    scaled = images / 255
    unfit_images: list[NDArray[Any]] = [scaled, scaled.astype(np.float32), images.astype(np.int64)]
    for unfit in unfit_images:
        with pytest.raises(ValueError):
            prepare_images(unfit)
