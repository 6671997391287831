"""Hidden checks of `dropout`."""

import numpy as np
import pytest
from dropout import dropout_backward, dropout_forward
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, note


def forward(
    x: NDArray[np.number], rate: float, rng: np.random.Generator, training: bool = True
) -> tuple[NDArray[np.floating], NDArray[np.bool_]]:
    """The learner's forward, and what is always demanded of it: an array and a mask, in the shape of x."""
    result = dropout_forward(x, rate, rng, training)
    assert isinstance(result, tuple), "dropout_forward must return a tuple: (out, mask)"
    assert len(result) == 2, "dropout_forward must return two things: (out, mask)"
    return assert_array(result[0], shape=x.shape), assert_array(result[1], shape=x.shape, dtype=np.bool_)


def test_survivors_rescaled() -> None:
    """With rate 0.2 what is kept becomes x / 0.8, the rest 0, and the mean stays what it was."""
    x = np.linspace(1.0, 3.0, 20_000)
    out, mask = forward(x, 0.2, np.random.default_rng(1))
    assert_close(out[mask], x[mask] / 0.8, law="where the mask is True, out is x / (1 - rate)")
    assert_close(out[~mask], np.zeros((~mask).sum()), law="where the mask is False, out is 0")
    error = 6 * np.sqrt((x**2).sum() * 0.2 / 0.8) / x.size
    assert abs(out.mean() - x.mean()) <= error, f"the mean was {x.mean():.3f} and became {out.mean():.3f}"


def test_inference_is_identity() -> None:
    """With training=False out equals x, and the mask is True everywhere."""
    x = np.array([[1.0, -2.0, 0.5], [0.0, 4.0, -1.0]])
    for rate in (0.0, 0.5, 0.9):
        out, mask = forward(x, rate, np.random.default_rng(2), training=False)
        assert_close(out, x, rtol=0, law="in inference out is x")
        assert mask.all(), "in inference nothing is dropped, so the mask must be True everywhere"


def test_fraction_dropped() -> None:
    """With rate 0.2 a fifth of 100,000 units is 0 and False in the mask; a unit that is 0 may be kept as well."""
    out, mask = forward(np.ones(100_000), 0.2, np.random.default_rng(3))
    note(f"{(~mask).mean():.2%} were dropped at rate 0.2")
    error = 6 * np.sqrt(0.2 * 0.8 / 100_000)
    zeros, off = float((out == 0).mean()), float((~mask).mean())
    assert abs(zeros - 0.2) <= error, f"{zeros:.1%} of the units became 0; expected 20 %"
    assert abs(off - 0.2) <= error, f"the mask is False for {off:.1%} of the units; expected 20 %"
    off = float((~forward(np.zeros(10_000), 0.25, np.random.default_rng(3))[1]).mean())
    law = f"with rate 0.25 the mask is False for {off:.1%} of units whose values are 0; expected 25 %"
    assert abs(off - 0.25) <= 6 * np.sqrt(0.25 * 0.75 / 10_000), law
    _, mask = dropout_forward(np.ones(100), 0.5, np.random.default_rng(3))
    assert not np.asarray(mask).all(), "without the argument training nothing was dropped; it is True by default"


def test_each_unit_on_its_own() -> None:
    """Each entry has its own draw: rows, columns and channels differ, and so does the number of dropped units."""
    _, mask = forward(np.ones((20, 30, 25)), 0.5, np.random.default_rng(4))
    for axis, size in enumerate(mask.shape):
        alike = float((mask.all(axis=axis) | ~mask.any(axis=axis)).mean())
        assert alike < 0.5, f"all {size} entries along axis {axis} had the same fate in {alike:.0%} of the cases"
    rng = np.random.default_rng(5)
    kept = {int(forward(np.ones(1000), 0.5, rng)[1].sum()) for _ in range(10)}
    assert len(kept) > 1, f"exactly {kept.pop()} of 1000 units were kept in each of 10 calls"


def test_new_mask_each_call() -> None:
    """Two calls drop different units, and the same state of rng drops the same ones."""
    x = np.ones((20, 20))
    rng = np.random.default_rng(6)
    first, second = forward(x, 0.5, rng)[1], forward(x, 0.5, rng)[1]
    assert (first != second).any(), "two calls dropped exactly the same units"
    again = forward(x, 0.5, np.random.default_rng(6))[1]
    assert (first == again).all(), "two calls with generators of the same seed dropped different units"


def test_backward_uses_same_mask() -> None:
    """The gradient is blocked and rescaled exactly where the value was."""
    dout = np.array([[3.0, -6.0, 1.5], [0.75, 3.0, -3.0]])
    mask = np.array([[True, False, True], [False, True, True]])
    expected = [[4.0, 0.0, 2.0], [0.0, 4.0, -4.0]]
    assert_close(dropout_backward(dout, mask, 0.25), expected, law="mask times dout / (1 - rate)")
    x = np.random.default_rng(7).uniform(1, 2, size=(8, 5))
    dout = np.random.default_rng(8).normal(size=(8, 5))
    out, mask = forward(x, 0.4, np.random.default_rng(9))
    law = "each entry of the gradient goes through the factor that its value went through"
    assert_close(dropout_backward(dout, mask, 0.4), dout * (out / x), law=law)


def test_dtypes() -> None:
    """float32 stays float32, whole numbers become float64, and an empty batch stays empty."""
    rng = np.random.default_rng(10)
    x = np.array([[1, 2, 3], [4, 5, 6]])
    ones = np.ones(x.shape, dtype=np.bool_)
    for training in (True, False):
        single, mask = forward(x.astype(np.float32), 0.2, rng, training)
        factor = 0.8 if training else 1.0
        assert_close(assert_array(single, dtype=np.float32), np.where(mask, x / factor, 0), rtol=1e-5)
        double, mask = forward(x, 0.2, rng, training)
        assert_close(assert_array(double, dtype=np.float64), np.where(mask, x / factor, 0))
        forward(np.zeros((0, 4)), 0.2, rng, training)
    back = dropout_backward(x.astype(np.float32), ones, 0.2)
    assert_close(assert_array(back, dtype=np.float32), x / 0.8, rtol=1e-5)
    assert_close(assert_array(dropout_backward(x, ones, 0.2), dtype=np.float64), x / 0.8)


def test_inputs_unchanged() -> None:
    """The values and gradients you are given stay as they were."""
    x = np.arange(1.0, 41.0).reshape(8, 5)
    assert_inputs_unchanged(dropout_forward, x, 0.5, np.random.default_rng(11), True)
    assert_inputs_unchanged(dropout_forward, x, 0.5, np.random.default_rng(11), False)
    assert_inputs_unchanged(dropout_backward, x, x % 2 == 0, 0.5)


def test_rate_limits() -> None:
    """Rate 0 changes nothing; 1, 1.5, -0.1 and NaN are refused with ValueError."""
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    out, mask = forward(x, 0.0, np.random.default_rng(12))
    assert_close(out, x, law="with rate 0 out is x")
    assert mask.all(), "with rate 0 nothing is dropped, so the mask must be True everywhere"
    for rate in (1.0, 1.5, -0.1, np.nan):
        for training in (True, False):
            with pytest.raises(ValueError):
                dropout_forward(x, rate, np.random.default_rng(13), training)
        with pytest.raises(ValueError):
            dropout_backward(x, mask, rate)


def test_shapes_differ() -> None:
    """A gradient and a mask of different shapes are refused with ValueError."""
    for dout, mask in (((2, 3), (3,)), ((1, 3), (2, 3)), ((2, 3), (3, 2)), ((), (2,))):
        with pytest.raises(ValueError):
            dropout_backward(np.ones(dout), np.ones(mask, dtype=np.bool_), 0.5)
