"""Hidden checks of `step-relu-identity`."""

import numpy as np
import pytest
from basic_activations import identity, relu, step_function

from grader.checks import assert_array, assert_close, assert_inputs_unchanged

TINY = float(np.finfo(np.float64).smallest_subnormal)


def test_step_threshold_at_zero() -> None:
    """The step function fires above 0 only: not at 0, not at -0.0, but at the smallest number above."""
    result = assert_array(step_function(np.array([0.0, -0.0, TINY, -TINY, 3.0, -3.0])), shape=(6,))
    assert_close(result, [0, 0, 1, 0, 1, 0])


def test_step_dtype_integer() -> None:
    """Its result holds the integers 0 and 1 (int64), neither booleans nor floats."""
    assert_array(step_function(np.array([-1.5, 2.0])), shape=(2,), dtype=np.int64)
    assert_array(step_function([1, -1, 0]), shape=(3,), dtype=np.int64)


def test_relu_values() -> None:
    """ReLU makes negative numbers 0 and keeps the others: relu(x) - relu(-x) is x."""
    assert_close(relu(np.array([-3.0, 0.0, 2.5])), [0.0, 0.0, 2.5], rtol=0)
    x = np.random.default_rng(1).normal(scale=5, size=200)
    difference = assert_array(relu(x), shape=(200,)) - assert_array(relu(-x), shape=(200,))
    assert_close(difference, x, rtol=0, law="relu(x) - relu(-x) must equal x")


def test_relu_unbounded_above() -> None:
    """ReLU has no upper limit, and applying it twice changes nothing more."""
    x = np.array([7.0, 1e300, -1e300])
    once = assert_array(relu(x), shape=(3,))
    assert_close(once, [7.0, 1e300, 0.0], rtol=0)
    assert_close(relu(once), once, rtol=0, law="relu(relu(x)) must equal relu(x)")


def test_nonfinite() -> None:
    """ReLU keeps NaN and inf and turns -inf into 0; the step function refuses NaN with ValueError."""
    assert_close(relu(np.array([np.nan, np.inf, -np.inf, -1.0])), [np.nan, np.inf, 0.0, 0.0], rtol=0)
    assert_close(step_function(np.array([np.inf, -np.inf])), [1, 0])
    with pytest.raises(ValueError):
        step_function(np.array([1.0, np.nan]))


def test_shapes() -> None:
    """A single number, an empty array and one with three axes keep their shape."""
    block = np.random.default_rng(2).normal(size=(2, 3, 4))
    for function in (step_function, relu, identity):
        assert_array(function(-2.5), shape=())
        assert_array(function(np.empty((0, 3))), shape=(0, 3))
        assert_array(function(block), shape=(2, 3, 4))
    assert_close(relu(-2.5), 0.0, rtol=0)
    assert_close(step_function(block), (block > 0).astype(np.int64))


def test_inputs_unchanged() -> None:
    """The array that is given stays as it was."""
    for function in (step_function, relu, identity):
        assert_inputs_unchanged(function, np.array([[-1.0, 2.0], [0.0, -3.5]]))


def test_identity_returns_input() -> None:
    """The identity gives back its input; both it and ReLU keep float32 and make float64 of everything else."""
    assert_close(identity(np.array([3.0, -1.0, 0.5])), [3.0, -1.0, 0.5], rtol=0)
    single = np.array([1.5, -2.0], np.float32)
    for function in (identity, relu):
        assert_array(function(single), shape=(2,), dtype=np.float32)
        assert_array(function([1, -2]), shape=(2,), dtype=np.float64)
    assert_close(identity([1, -2]), [1.0, -2.0], rtol=0)
