"""Hidden checks of `weight-initialization`."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from weight_init import init_network, init_weights

from grader.checks import assert_array, assert_close, note

ERRORS = 6  # how many standard errors a mean or a standard deviation may be off


def network(layer_sizes: Sequence[int], scheme: str, seed: int) -> dict[str, NDArray[np.float64]]:
    """The learner's network, and the first thing to demand of it: a dictionary with the right names."""
    params = init_network(layer_sizes, scheme, np.random.default_rng(seed))
    assert isinstance(params, dict), "init_network must return a dictionary of parameters"
    names = {f"{letter}{k}" for k in range(1, len(layer_sizes)) for letter in "Wb"}
    assert set(params) == names, f"the parameters are called {sorted(params)}; expected {sorted(names)}"
    return params


def assert_spread(fan_in: int, fan_out: int, scheme: str, sigma: float, seed: int) -> None:
    """Demand mean 0 and this standard deviation of the learner's weights."""
    weights = init_weights(fan_in, fan_out, scheme, np.random.default_rng(seed))
    values = assert_array(weights, shape=(fan_in, fan_out), dtype=np.float64)
    n = fan_in * fan_out
    assert_close(values.std(), sigma, rtol=ERRORS / np.sqrt(2 * n), law=f"the standard deviation of {scheme!r}")
    assert_close(values.mean(), 0.0, atol=ERRORS * sigma / np.sqrt(n), law=f"the mean of {scheme!r} is 0")


def test_shapes_and_keys() -> None:
    """[784, 50, 100, 10] gives W1, b1 to W3, b3 in the right shapes; the biases are zero."""
    params = network([784, 50, 100, 10], "he", 1)
    for k, shape in enumerate([(784, 50), (50, 100), (100, 10)], start=1):
        assert_array(params[f"W{k}"], shape=shape, dtype=np.float64)
        assert_array(params[f"b{k}"], shape=shape[1:], dtype=np.float64)
        assert_close(params[f"b{k}"], np.zeros(shape[1]), law=f"b{k} starts at zero")
    assert_array(network((3, 1), "random", 2)["W1"], shape=(3, 1), dtype=np.float64)
    assert_array(network((1, 3), "random", 2)["W1"], shape=(1, 3), dtype=np.float64)
    for scheme, sigma in (("he", 0.2), ("xavier", np.sqrt(2 / 150)), ("random", 0.01)):
        spread = assert_array(network([784, 50, 100, 10], scheme, 1)["W2"], shape=(50, 100)).std()
        law = f"the layers of a network follow the scheme, too, here {scheme!r}"
        assert_close(spread, sigma, rtol=ERRORS / np.sqrt(2 * 5000), law=law)


def test_random_scale() -> None:
    """Scheme "random" has mean 0 and standard deviation 0.01, whatever the sizes."""
    assert_spread(400, 300, "random", 0.01, 3)
    assert_spread(50, 500, "random", 0.01, 4)


def test_he_scale() -> None:
    """Scheme "he" has variance 2 / fan_in: for 400 inputs and 100 outputs a standard deviation of 0.0707."""
    assert_spread(400, 100, "he", np.sqrt(2 / 400), 5)
    assert_spread(50, 500, "he", np.sqrt(2 / 50), 6)


def test_xavier_scale() -> None:
    """Scheme "xavier" has variance 2 / (fan_in + fan_out): for 400 and 100 a standard deviation of 0.0632."""
    assert_spread(400, 100, "xavier", np.sqrt(2 / 500), 7)
    assert_spread(50, 500, "xavier", np.sqrt(2 / 550), 8)


def test_normal_distribution() -> None:
    """The weights are normal: one in 22 lies beyond two standard deviations, one in three beyond one."""
    for seed, scheme in enumerate(("random", "xavier", "he")):
        weights = init_weights(300, 200, scheme, np.random.default_rng(seed))
        sizes = np.abs(assert_array(weights, shape=(300, 200)))
        sigma = np.sqrt((sizes**2).mean())
        far, outside = (sizes > 2 * sigma).mean(), (sizes > sigma).mean()
        assert_close(far, 0.0455, atol=0.006, law=f"{scheme!r}: the share beyond two standard deviations")
        assert_close(outside, 0.3173, atol=0.012, law=f"{scheme!r}: the share beyond one standard deviation")


def test_zero() -> None:
    """Scheme "zero" gives exactly zero everywhere, as float64."""
    weights = init_weights(3, 2, "zero", np.random.default_rng(9))
    assert_close(assert_array(weights, shape=(3, 2), dtype=np.float64), np.zeros((3, 2)))
    for name, values in network([4, 3, 2], "zero", 10).items():
        assert_close(values, np.zeros(values.shape), law=f"{name} is zero")


def test_signal_survives_ten_layers() -> None:
    """Through ten layers of 256 units with ReLU a signal keeps its size with "he", and is lost with "random"."""
    he, small = signal("he"), signal("random")
    note(f'mean square after ten layers: "he" {he:.2g}, "random" {small:.2g}')
    assert 0.1 < he < 10, f'with "he" a mean square of 1 became {he:.2g}; expected between 0.1 and 10'
    assert small < 1e-6, f'with "random" a mean square of 1 became {small:.2g}; expected less than 1e-6'


def signal(scheme: str) -> float:
    """The mean square of the units after ten layers."""
    params = network([256] * 11, scheme, 11)
    x = np.random.default_rng(12).normal(size=(16, 256))
    for k in range(1, 11):
        weights, bias = assert_array(params[f"W{k}"], shape=(256, 256)), assert_array(params[f"b{k}"], shape=(256,))
        x = np.maximum(x @ weights + bias, 0)
    return float((x**2).mean())


def test_rng() -> None:
    """The same seed gives the same weights, another seed others; no two layers share their draws."""
    one, same, other = network([30, 30, 30], "he", 13), network([30, 30, 30], "he", 13), network([30, 30, 30], "he", 14)
    for name in ("W1", "W2"):
        assert_close(one[name], same[name], rtol=0, law="the same seed must give the same weights: draw from rng")
        assert not np.array_equal(one[name], other[name]), f"{name} is the same with another seed: draw from rng"
    assert not np.isin(one["W2"], one["W1"]).any(), "W2 repeats numbers of W1: let each layer draw on from the same rng"


def test_bad_arguments() -> None:
    """An unknown scheme, a size of 0 and a network of one layer size are refused with ValueError."""
    rng = np.random.default_rng(15)
    for scheme in ("heh", "", "normal"):
        with pytest.raises(ValueError):
            init_weights(3, 2, scheme, rng)
        with pytest.raises(ValueError):
            init_network([3, 2], scheme, rng)
    for scheme in ("he", "random", "zero"):
        for fan_in, fan_out in ((0, 2), (2, 0), (-1, 2)):
            with pytest.raises(ValueError):
                init_weights(fan_in, fan_out, scheme, rng)
    for sizes in ([5], [], [5, 0, 3]):
        with pytest.raises(ValueError):
            init_network(sizes, "he", rng)
