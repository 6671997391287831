"""Hidden checks of `adam`."""

from typing import Any

import numpy as np
import pytest
from adam import adam_step
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged

Triple = tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]


def step(*args: Any, **kwargs: Any) -> Triple:
    """The learner's step, and the first thing to demand of it: three results."""
    return triple(adam_step(*args, **kwargs))


def triple(result: object) -> Triple:
    """The three results."""
    assert isinstance(result, tuple), "adam_step must return a tuple: (new parameter, new m, new v)"
    assert len(result) == 3, "adam_step must return three things: (new parameter, new m, new v)"
    return result


def test_first_step_is_lr() -> None:
    """Gradients of 1000, 1 and -0.001: in the first step each parameter moves by lr, against the gradient's sign."""
    p, _, _ = step(np.zeros(3), np.array([1000.0, 1.0, -0.001]), np.zeros(3), np.zeros(3), 1, lr=0.01)
    assert_close(p, [-0.01, -0.01, 0.01], rtol=1e-4, law="the first step is as long as the learning rate")


def test_seven_steps() -> None:
    """Seven steps with changing gradients: the parameters and both moments are right after each."""
    grads = np.array([[1.0, -2.0], [0.5, 3.0], [-4.0, 0.1], [2.0, 2.0], [0.0, -5.0], [-1.0, 1.0], [3.0, -0.5]])
    state: Triple = np.array([0.5, -1.5]), np.zeros(2), np.zeros(2)
    p, m, v = state
    where = p
    for t in range(1, 8):
        p, m, v = step(p, grads[t - 1], m, v, t, lr=0.05)
        age = np.arange(t - 1, -1, -1)
        mean, square = 0.1 * 0.9**age @ grads[:t], 0.001 * 0.999**age @ grads[:t] ** 2
        corrected = mean / (1 - 0.9**t), square / (1 - 0.999**t)
        where = where - 0.05 * corrected[0] / (np.sqrt(corrected[1]) + 1e-8)
        assert_close(m, mean, rtol=1e-10, atol=1e-14, law=f"step {t}: m is the running average of the gradients")
        assert_close(v, square, rtol=1e-10, law=f"step {t}: v is the running average of the squared gradients")
        assert_close(p, where, rtol=1e-10, law=f"step {t}: the parameter moves by lr·m̂ / (√v̂ + eps)")


def test_late_step() -> None:
    """At step 1000 m needs no correction any more; v still does, with 1 - 0.999^1000 = 0.632."""
    m, v = np.array([[0.5], [-0.2]]), np.array([[0.04], [0.25]])
    p, mean, square = step(np.array([[1.0], [2.0]]), np.array([[-1.0], [0.0]]), m, v, 1000)
    assert_close(mean, [[0.35], [-0.18]])
    assert_close(square, [[0.04096], [0.24975]])
    moved = 0.001 * np.array([[0.35], [-0.18]]) / (np.sqrt(np.array([[0.04096], [0.24975]]) / 0.63230457523) + 1e-8)
    assert_close(p, [[1.0], [2.0]] - moved)
    p, _, _ = step(np.zeros(1), np.ones(1), np.ones(1), np.ones(1), 100_000)
    assert_close(p, [-0.001], rtol=1e-7, law="very late, both corrections are gone")


def test_raw_moments_returned() -> None:
    """After the first step m is 0.1·g and v is 0.001·g², without the correction."""
    _, m, v = step(np.zeros(2), np.array([3.0, -0.5]), np.zeros(2), np.zeros(2), 1)
    assert_close(m, [0.3, -0.05], law="m is a tenth of the gradient")
    assert_close(v, [0.009, 0.00025], law="v is a thousandth of the squared gradient")


def test_epsilon_position() -> None:
    """eps is added to the corrected root: with a gradient as small as eps the first step is half of lr."""
    p, _, _ = step(np.zeros(1), np.array([1e-8]), np.zeros(1), np.zeros(1), 1, lr=0.1)
    assert_close(p, [-0.05], law="1e-8 / (1e-8 + 1e-8) is a half")


def test_zero_gradient() -> None:
    """Where the gradient and both moments are 0, nothing moves: no NaN."""
    p, m, v = step(np.array([1.0, -2.0]), np.zeros(2), np.zeros(2), np.zeros(2), 1)
    assert_close(p, [1.0, -2.0], rtol=0)
    assert_close(m, [0.0, 0.0])
    assert_close(v, [0.0, 0.0])


def test_own_settings() -> None:
    """Other values of lr, beta1, beta2 and eps are used, also betas of 0."""
    settings = {"lr": 0.3, "beta1": 0.5, "beta2": 0.75, "eps": 1.0}
    p, m, v = step(np.array([1.0]), np.array([3.0]), np.array([1.0]), np.array([1.0]), 2, **settings)
    assert_close(m, [2.0], law="with beta1 = 0.5, m is halfway between 1 and 3")
    assert_close(v, [3.0], law="with beta2 = 0.75, v goes a quarter of the way from 1 to 9")
    assert_close(p, 1 - 0.3 * (2 / 0.75) / (np.sqrt([3 / 0.4375]) + 1.0))
    settings = {"lr": 0.3, "beta1": 0.0, "beta2": 0.0, "eps": 3.0}
    p, _, _ = step(np.array([1.0]), np.array([-3.0]), np.array([1.0]), np.array([1.0]), 5, **settings)
    assert_close(p, [1.15], law="with both betas 0 only the newest gradient counts")


def test_dtypes() -> None:
    """Each result keeps the dtype of the array it replaces, float32 too; whole numbers become float64."""
    param, grad = np.array([1.0, 2.0], np.float32), np.array([1.0, -2.0])
    p, m, v = step(param, grad, np.zeros(2, np.float32), np.zeros(2), 1, lr=0.1)
    assert_close(assert_array(p, dtype=np.float32), [0.9, 2.1], rtol=1e-5)
    assert_close(assert_array(m, dtype=np.float32), [0.1, -0.2], rtol=1e-5)
    assert_close(assert_array(v, dtype=np.float64), [0.001, 0.004], rtol=1e-5)
    whole = np.array([0, 0])
    p, m, v = step(np.array([1, 2]), np.array([1, -2]), whole, whole, 1, lr=0.1)
    assert_close(assert_array(p, dtype=np.float64), [0.9, 2.1], rtol=1e-5, law="a step of 0.1 must not be cut off")
    assert_close(assert_array(m, dtype=np.float64), [0.1, -0.2])
    assert_close(assert_array(v, dtype=np.float64), [0.001, 0.004])


def test_inputs_unchanged() -> None:
    """The parameter, the gradient and both moments stay as they were."""
    param, grad = np.array([[1.0, 2.0]]), np.array([[0.5, -1.0]])
    m, v = np.array([[0.3, 0.2]]), np.array([[0.25, 0.5]])
    _, mean, square = triple(assert_inputs_unchanged(adam_step, param, grad, m, v, 3))
    assert_close(mean, [[0.32, 0.08]])
    assert_close(square, [[0.25, 0.5005]])


def test_t_starts_at_one() -> None:
    """Steps are counted from 1: 0, negative and fractional t are refused with ValueError."""
    one = np.ones(2)
    for t in (0, -1, 1.5):
        with pytest.raises(ValueError):
            step(one, one, one, one, t)


def test_bad_arguments() -> None:
    """Shapes that differ, lr = 0, a beta outside [0, 1) and a v below 0 are refused with ValueError."""
    one, two, row = np.ones(1), np.ones(2), np.ones((1, 2))
    for arrays in ((two, one, two, two), (two, two, one, two), (two, two, two, row), (one, two, two, two)):
        with pytest.raises(ValueError):
            step(*arrays, 1)
    for lr in (0.0, -0.1, np.inf, np.nan):
        with pytest.raises(ValueError):
            step(two, two, two, two, 1, lr=lr)
    for beta in (1.0, -0.1, 1.5, np.nan):
        with pytest.raises(ValueError):
            step(two, two, two, two, 1, beta1=beta)
        with pytest.raises(ValueError):
            step(two, two, two, two, 1, beta2=beta)
    with pytest.raises(ValueError):
        step(two, 100 * two, two, np.array([1.0, -1e-3]), 1)
