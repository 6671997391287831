"""Hidden checks of `affine-forward`."""

import numpy as np
import pytest
from affine_forward import affine

from grader.checks import assert_array, assert_close, assert_fast, assert_inputs_unchanged, reference

X = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 0.0]])
W = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]])
B = np.array([10.0, 20.0])


def test_hand_example() -> None:
    """Two samples, three features, two units: [[17, 19], [10, 21]]."""
    assert_close(affine(X, W, B), [[17.0, 19.0], [10.0, 21.0]])


def test_square_case() -> None:
    """Three samples, three features, three units: each unit has its own column of W and its own bias."""
    x = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 4.0], [3.0, 0.0, 1.0]])
    weights = np.array([[1.0, 5.0, 2.0], [0.0, 1.0, -1.0], [2.0, 0.0, 3.0]])
    expected = [[101.0, 207.0, 300.0], [108.0, 201.0, 311.0], [105.0, 215.0, 309.0]]
    assert_close(affine(x, weights, np.array([100.0, 200.0, 300.0])), expected)


def test_single_equals_batch_row() -> None:
    """One sample (D,) gives (M,), the same numbers as its row in a batch."""
    rng = np.random.default_rng(3)
    x, weights, bias = rng.normal(size=(4, 5)), rng.normal(size=(5, 3)), rng.normal(size=3)
    batch = assert_array(affine(x, weights, bias), shape=(4, 3))
    for row in (0, 3):
        one = assert_array(affine(x[row], weights, bias), shape=(3,))
        assert_close(one, batch[row], law="a sample's sums do not depend on its neighbours")


def test_inner_dimensions_must_match() -> None:
    """ValueError where features and rows of W differ, as for (2, 3) and (2, 2), and for an x of three axes."""
    for x, weights in ((X, np.ones((2, 2))), (np.ones(2), W), (np.ones((2, 4)), W), (np.ones((2, 3, 3)), W)):
        with pytest.raises(ValueError):
            affine(x, weights, B)
    with pytest.raises(ValueError):
        affine(X, np.ones(3), np.array(1.0))


def test_bias_shape_is_checked() -> None:
    """A bias of shape (1,), (1, M), (N, 1), () or of another length is refused with ValueError, never stretched."""
    for bias in (np.ones(1), np.ones((1, 2)), np.ones((2, 1)), np.array(1.0), np.ones(3)):
        with pytest.raises(ValueError):
            affine(X, W, bias)
    with pytest.raises(ValueError):
        affine(X[0], W, np.ones((1, 2)))


def test_empty_batch_and_dtype() -> None:
    """No samples (0, D) give (0, M); three arrays of float32 give float32, any float64 among them float64."""
    assert_array(affine(np.empty((0, 3)), W, B), shape=(0, 2), dtype=np.float64)
    single = [a.astype(np.float32) for a in (X, W, B)]
    assert_close(assert_array(affine(*single), shape=(2, 2), dtype=np.float32), [[17.0, 19.0], [10.0, 21.0]], rtol=1e-5)
    assert_array(affine(single[0], W, single[2]), shape=(2, 2), dtype=np.float64)


def test_inputs_unchanged() -> None:
    """x, W and b stay as they were, for a batch and for one sample."""
    assert_inputs_unchanged(affine, X.copy(), W.copy(), B.copy())
    assert_inputs_unchanged(affine, X[0].copy(), W.copy(), B.copy())


def test_vectorised() -> None:
    """500 samples of 200 features for 100 units take at most 25 times as long as one matrix product."""
    rng = np.random.default_rng(4)
    x, weights, bias = rng.normal(size=(500, 200)), rng.normal(size=(200, 100)), rng.normal(size=100)
    # Vectorised solutions take 1 to 3 times as long as the reference, loops over the cells 100 times and more.
    assert_fast(affine, reference("affine-forward").affine, x, weights, bias, budget=25)
