"""The embedded digits and their upsampling."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from grader.data.digits import load_digits, upsample
from grader.data.make_digits import exact_bytes


@st.composite
def small_digits(draw: st.DrawFn) -> NDArray[np.uint8]:
    """One or two images (8, 8) with values 0 to 16."""
    count = draw(st.integers(1, 2))
    pixels = draw(st.lists(st.integers(0, 16), min_size=64 * count, max_size=64 * count))
    return np.array(pixels, np.uint8).reshape(count, 8, 8)


def bilinear(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """An independent oracle: np.interp along the rows, then along the columns; (8, 8) to (20, 20), scaled to 255."""
    centres = (np.arange(20) + 0.5) * 8 / 20 - 0.5
    wide = np.array([np.interp(centres, np.arange(8), row) for row in image])
    return np.array([np.interp(centres, np.arange(8), column) for column in wide.T]).T * 255 / 16


def test_digits_are_the_published_ones() -> None:
    """1,797 images with 0 to 16, and the number of each digit that the source states."""
    images, labels = load_digits()
    assert (images.shape, labels.shape) == ((1797, 8, 8), (1797,))
    assert images.dtype == labels.dtype == np.uint8
    assert (images.min(), images.max()) == (0, 16)
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_are_new_arrays_each_time() -> None:
    """Writing into one copy spoils no other."""
    load_digits()[0][:] = 3
    assert load_digits()[0].max() == 16


def test_upsampled_digits_look_like_mnist() -> None:
    """uint8, 28x28, the full range of values, an empty margin of 4."""
    images = upsample(load_digits()[0])
    assert images.shape == (1797, 28, 28)
    assert images.dtype == np.uint8
    assert (images.min(), images.max()) == (0, 255)
    inner = images[:, 4:24, 4:24].astype(np.int64)
    assert inner.sum() == images.astype(np.int64).sum()


@given(small_digits())
def test_upsampling_is_bilinear(images: NDArray[np.uint8]) -> None:
    """Each value is the bilinear one, rounded to the nearest integer."""
    exact = np.array([bilinear(image) for image in images])
    assert np.abs(upsample(images)[:, 4:24, 4:24] - exact).max() <= 0.5 + 1e-9


@given(small_digits())
def test_upsampling_commutes_with_mirroring_and_transposing(images: NDArray[np.uint8]) -> None:
    """No direction is favoured: a half-pixel shift would show here."""
    large = upsample(images)
    np.testing.assert_array_equal(upsample(images[:, ::-1]), large[:, ::-1])
    np.testing.assert_array_equal(upsample(images[:, :, ::-1]), large[:, :, ::-1])
    np.testing.assert_array_equal(upsample(images.transpose(0, 2, 1)), large.transpose(0, 2, 1))


def test_no_images_upsample_to_no_images() -> None:
    """An empty batch is legal."""
    assert upsample(np.zeros((0, 8, 8), np.uint8)).shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("images", "told"),
    [
        (np.zeros((8, 8), np.uint8), r"uint8 \(8, 8\); use uint8 \(N, 8, 8\)"),
        (np.zeros((2, 8, 9), np.uint8), r"\(2, 8, 9\)"),
        (np.zeros((2, 8, 8)), "float64"),
        (np.full((2, 8, 8), 17, np.uint8), "value 17; use 0 to 16"),
    ],
)
def test_other_images_are_refused(images: NDArray[np.uint8], told: str) -> None:
    """Another shape, another dtype or MNIST's own range would give a wrong picture in silence."""
    with pytest.raises(ValueError, match=told):
        upsample(images)


@pytest.mark.parametrize("value", [17.0, 0.5, -1.0])
def test_conversion_loses_nothing(value: float) -> None:
    """The script that makes the files refuses values that a byte from 0 to 16 cannot hold."""
    with pytest.raises(ValueError, match="other than the integers 0 to 16"):
        exact_bytes(np.array([3.0, value]), 16)
