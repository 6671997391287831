"""Hidden checks of `momentum-adagrad`."""

from typing import Any

import numpy as np
import pytest
from momentum_adagrad import adagrad_step, momentum_step
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged

Pair = tuple[NDArray[np.floating], NDArray[np.floating]]


def momentum(*args: Any, **kwargs: Any) -> Pair:
    """The learner's step, and the first thing to demand of it: two results."""
    return pair(momentum_step(*args, **kwargs), "momentum_step must return a tuple: (new parameter, new velocity)")


def adagrad(*args: Any, **kwargs: Any) -> Pair:
    """The learner's step, and the first thing to demand of it: two results."""
    return pair(adagrad_step(*args, **kwargs), "adagrad_step must return a tuple: (new parameter, new h)")


def pair(result: object, demand: str) -> Pair:
    """The two results."""
    assert isinstance(result, tuple), demand
    assert len(result) == 2, demand
    return result


def test_momentum_one_step() -> None:
    """A velocity that isn't zero is kept to nine tenths and pushed downhill; the parameter moves by the result."""
    p, v = momentum(np.array([1.0, 2.0, -1.0]), np.array([1.0, -1.0, 0.5]), np.array([0.2, 0.2, -0.4]), 0.1)
    assert_close(v, [0.08, 0.28, -0.41], law="the new velocity is 0.9 times the old one minus lr times the gradient")
    assert_close(p, [1.08, 2.28, -1.41], law="the parameter moves by the new velocity")


def test_momentum_four_steps() -> None:
    """The velocity is carried along over four steps while the gradient changes its sign."""
    grads = np.array([[2.0, -1.0], [2.0, 3.0], [-4.0, 3.0], [1.0, -0.5]])
    lr, beta = 0.05, 0.8
    start = np.array([1.25, -2.5])
    state: Pair = start, np.zeros(2)
    p, v = state
    moved = np.zeros(2)
    for k in range(4):
        p, v = momentum(p, grads[k], v, lr, beta)
        expected = -lr * (beta ** np.arange(k, -1, -1)) @ grads[: k + 1]
        moved = moved + expected
        assert_close(v, expected, atol=1e-14, law=f"step {k + 1}: the velocity must remember all gradients so far")
        assert_close(p, start + moved, law=f"step {k + 1}: the parameter moves by the new velocity")


def test_momentum_special_cases() -> None:
    """With beta = 0 it is plain gradient descent; with a gradient of zero the parameter rolls on by beta·v."""
    param, velocity = np.array([1.0, -3.0]), np.array([0.5, 2.0])
    p, v = momentum(param, np.array([2.0, -1.0]), velocity, 0.1, 0.0)
    assert_close(p, [0.8, -2.9], law="with beta = 0 the step is -lr times the gradient")
    assert_close(v, [-0.2, 0.1])
    p, v = momentum(param, np.zeros(2), velocity, 0.1, 0.5)
    assert_close(p, [1.25, -2.0], law="without a gradient the parameter moves by beta times the velocity")
    assert_close(v, [0.25, 1.0])


def test_adagrad_three_steps() -> None:
    """The squares of three gradients add up in h, and the same gradient moves the parameter less each time."""
    state: Pair = np.array([[1.0, 5.0]]), np.zeros((1, 2))
    p, h = state
    where, grad = p, np.array([[2.0, -2.0]])
    for k in (1, 2, 3):
        p, h = adagrad(p, grad, h, 0.5)
        step = 0.5 * 2 / (2 * np.sqrt(k) + 1e-7)
        where = where + np.array([[-step, step]])
        assert_close(h, [[4.0 * k, 4.0 * k]], law=f"step {k}: h is the sum of all squared gradients")
        assert_close(p, where, law=f"step {k}: the step is lr times the gradient, divided by the root of the new h")


def test_adagrad_each_parameter() -> None:
    """Gradients of 100 and 0.01 move their parameters equally far in the first step; each has its own h."""
    p, h = adagrad(np.zeros(2), np.array([100.0, 0.01]), np.zeros(2), 0.1)
    assert_close(p, [-0.1, -0.1], rtol=1e-4, law="in the first step each parameter moves by lr")
    assert_close(h, [1e4, 1e-4], law="h holds the square of each gradient")
    p, h = adagrad(np.zeros(2), np.array([3.0, 0.0]), np.array([16.0, 9.0]), 1.0, 1e-9)
    assert_close(p, [-0.6, 0.0], rtol=1e-8, law="an h of 16 becomes 25, whose root is 5")
    assert_close(h, [25.0, 9.0])


def test_adagrad_epsilon() -> None:
    """eps is added outside the root: with a gradient as small as eps the first step is half of lr."""
    p, _ = adagrad(np.zeros(1), np.array([1e-7]), np.zeros(1), 0.1)
    assert_close(p, [-0.05], law="1e-7 / (1e-7 + 1e-7) is a half")
    p, _ = adagrad(np.zeros(1), np.array([3.0]), np.array([7.0]), 0.5, eps=2.0)
    assert_close(p, [-0.25], law="3 / (√16 + 2) is a half")


def test_zero_gradient() -> None:
    """A parameter that never had a gradient stays where it is: no NaN."""
    p, h = adagrad(np.array([1.0, 2.0]), np.array([0.0, 0.0]), np.array([0.0, 4.0]), 0.1)
    assert_close(p, [1.0, 2.0], rtol=0)
    assert_close(h, [0.0, 4.0], rtol=0)
    p, v = momentum(np.array([1.0]), np.zeros(1), np.zeros(1), 0.1)
    assert_close(p, [1.0], rtol=0)
    assert_close(v, [0.0])


def test_dtypes() -> None:
    """Each result keeps the dtype of the array it replaces, float32 too; whole numbers become float64."""
    param, grad, memory = np.array([1.0, 2.0], np.float32), np.array([1.0, -2.0], np.float32), np.array([3.0, 0.0])
    p, v = momentum(param, grad, memory, 0.1)
    assert_close(assert_array(p, dtype=np.float32), [3.6, 2.2], rtol=1e-5)
    assert_close(assert_array(v, dtype=np.float64), [2.6, 0.2], rtol=1e-5)
    p, h = adagrad(param, grad, memory, 0.1)
    assert_close(assert_array(p, dtype=np.float32), [0.95, 2.1], rtol=1e-5)
    assert_close(assert_array(h, dtype=np.float64), [4.0, 4.0], rtol=1e-5)
    p, h = adagrad(np.array([1, 2]), np.array([0.5, -0.5]), np.array([0, 0]), 0.1)
    assert_close(assert_array(p, dtype=np.float64), [0.9, 2.1], rtol=1e-5, law="a step of 0.1 must not be cut off")
    assert_close(assert_array(h, dtype=np.float64), [0.25, 0.25], law="a square of 0.25 must not be cut off")


def test_inputs_unchanged() -> None:
    """The parameter, the gradient, the velocity and h stay as they were."""
    param, grad, memory = np.array([[1.0, 2.0]]), np.array([[0.5, -1.0]]), np.array([[0.3, 0.2]])
    _, v = pair(assert_inputs_unchanged(momentum_step, param, grad, memory, 0.1), "momentum_step: two results")
    assert_close(v, [[0.22, 0.28]])
    _, h = pair(assert_inputs_unchanged(adagrad_step, param, grad, memory, 0.1), "adagrad_step: two results")
    assert_close(h, [[0.55, 1.2]])


def test_bad_arguments() -> None:
    """Shapes that differ, lr = 0, beta = 1 and an h below 0 are refused with ValueError."""
    one, two, row = np.ones(1), np.ones(2), np.ones((1, 2))
    for step in (momentum_step, adagrad_step):
        for param, grad, memory in ((two, one, two), (two, two, one), (two, row, row), (one, two, two)):
            with pytest.raises(ValueError):
                step(param, grad, memory, 0.1)
        for lr in (0.0, -0.1, np.inf, np.nan):
            with pytest.raises(ValueError):
                step(two, two, two, lr)
    for beta in (1.0, -0.1, 1.5, np.nan):
        with pytest.raises(ValueError):
            momentum_step(two, two, two, 0.1, beta)
    with pytest.raises(ValueError):
        adagrad_step(two, two, np.array([4.0, -1e-3]), 0.1)
