"""Hidden checks of `affine-backward`."""

import numpy as np
import pytest
from affine_backward import affine_backward
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, reference

Floats = NDArray[np.floating]


def backward(dout: Floats, x: Floats, W: Floats) -> tuple[Floats, Floats, Floats]:
    """The learner's three gradients, and the first thing to demand of them: that they are three."""
    result = affine_backward(dout, x, W)
    assert isinstance(result, tuple), "affine_backward must return a tuple: (dx, dW, db)"
    assert len(result) == 3, f"affine_backward must return three arrays, (dx, dW, db); {len(result)} came back"
    return result


def drawn(seed: int, n: int, d: int, m: int) -> tuple[Floats, Floats, Floats]:
    """dout, x and W of a layer."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, m)), rng.normal(size=(n, d)), rng.normal(size=(d, m))


def test_shapes() -> None:
    """dx has the shape of x, dW that of W, and db has one number per unit, (M,); float32 stays float32."""
    for n, d, m in ((5, 3, 2), (1, 2, 4), (2, 4, 1)):
        dout, x, W = drawn(1, n, d, m)
        for dtype in (np.float64, np.float32):
            dx, dW, db = backward(dout.astype(dtype), x.astype(dtype), W.astype(dtype))
            assert_array(dx, shape=(n, d), dtype=dtype)
            assert_array(dW, shape=(d, m), dtype=dtype)
            assert_array(db, shape=(m,), dtype=dtype)


def test_against_numerical() -> None:
    """All three are the numerical gradients, for 4 samples, 3 inputs and 2 units."""
    dout, x, W = (array.round(1) for array in drawn(2, 4, 3, 2))
    b = np.array([0.5, -1.0])
    numerical = reference("numerical-gradient").numerical_gradient
    dx, dW, db = backward(dout, x, W)
    expected = numerical(lambda at: float((dout * (at @ W + b)).sum()), x)
    assert_close(dx, expected, rtol=1e-6, atol=1e-8, law="dx must be the gradient with respect to x")
    expected = numerical(lambda at: float((dout * (x @ at + b)).sum()), W)
    assert_close(dW, expected, rtol=1e-6, atol=1e-8, law="dW must be the gradient with respect to W")
    expected = numerical(lambda at: float((dout * (x @ W + at)).sum()), b)
    assert_close(db, expected, rtol=1e-6, atol=1e-8, law="db must be the gradient with respect to b")


def test_square_case() -> None:
    """A transpose in the wrong place shows with N = D = M = 4 too, where every product is possible."""
    dout, x, W = drawn(3, 4, 4, 4)
    dx, dW, db = backward(dout, x, W)
    expected = np.einsum("nm,dm->nd", dout, W)
    assert_close(dx, expected, atol=1e-12, law="dx[n, d] sums dout[n, m] W[d, m] over the units m")
    expected = np.einsum("nd,nm->dm", x, dout)
    assert_close(dW, expected, atol=1e-12, law="dW[d, m] sums x[n, d] dout[n, m] over the samples n")
    assert_close(db, dout.sum(axis=0), atol=1e-12, law="db[m] sums dout[n, m] over the samples n")


def test_sums_over_the_batch() -> None:
    """A batch given twice doubles dW and db and repeats dx: sums, not means."""
    dout, x, W = drawn(4, 3, 2, 5)
    dx, dW, db = backward(np.concatenate([dout, dout]), np.concatenate([x, x]), W)
    once_dx, once_dW, once_db = backward(dout, x, W)
    for array, shape in ((once_dx, (3, 2)), (once_dW, (2, 5)), (once_db, (5,))):
        assert_array(array, shape=shape)
    assert_close(db, 2 * once_db, atol=1e-12, law="twice the samples, twice db")
    assert_close(dW, 2 * once_dW, atol=1e-12, law="twice the samples, twice dW")
    assert_close(dx, np.concatenate([once_dx, once_dx]), atol=1e-12, law="a sample's dx does not depend on the others")


def test_empty_batch() -> None:
    """No samples give zeros for dW and db, and dx of shape (0, D)."""
    dx, dW, db = backward(np.empty((0, 2)), np.empty((0, 3)), np.ones((3, 2)))
    assert_array(dx, shape=(0, 3))
    assert_close(dW, np.zeros((3, 2)), law="no samples, no gradient for W")
    assert_close(db, np.zeros(2), law="no samples, no gradient for b")


def test_bad_shapes() -> None:
    """Arrays that disagree about N, D or M, or that don't have two axes, are refused with ValueError."""
    bad: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...] = (
        ((4, 2), (5, 3), (3, 2)),  # N
        ((1, 2), (4, 3), (3, 2)),
        ((4, 2), (4, 3), (5, 2)),  # D, where both products are possible
        ((4, 2), (4, 3), (1, 2)),
        ((4, 2), (4, 3), (3, 4)),  # M
        ((4, 2), (4, 3), (2, 3)),  # W transposed
        ((2,), (3,), (3, 2)),  # one axis
        ((4,), (4, 3), (3, 4)),
        ((4, 2), (4,), (3, 2)),
        ((4, 2), (4, 3), (2,)),
        ((2, 2, 2), (2, 2), (2, 2)),  # three axes
        ((2, 2), (2, 2, 2), (2, 2)),
        ((2, 2), (2, 2), (2, 2, 2)),
    )
    for dout, x, W in bad:
        with pytest.raises(ValueError):
            affine_backward(np.ones(dout), np.ones(x), np.ones(W))


def test_inputs_unchanged() -> None:
    """dout, x and W stay as they were."""
    assert_inputs_unchanged(affine_backward, *drawn(5, 4, 3, 2))
