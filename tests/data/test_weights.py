"""The packaged weights, and the training that made them."""

from pathlib import Path

import numpy as np
import pytest

from grader.data.mnist import load_mnist
from grader.data.train_weights import accuracy, gradients, pixels, train
from grader.data.weights import FILE, load_weights
from grader.errors import DataError


def test_weights_fit_the_network() -> None:
    """Six finite float32 arrays for 784-50-100-10, rows are samples."""
    weights = load_weights()
    shapes = {name: value.shape for name, value in weights.items()}
    assert shapes == {"W1": (784, 50), "b1": (50,), "W2": (50, 100), "b2": (100,), "W3": (100, 10), "b3": (10,)}
    assert all(value.dtype == np.float32 and np.isfinite(value).all() for value in weights.values())


def test_weights_are_new_arrays_each_time() -> None:
    """Writing into one copy spoils no other."""
    load_weights()["b1"][:] = 0
    assert load_weights()["b1"].any()


def test_weights_reach_the_stated_accuracy(real_mnist: Path) -> None:
    """0.9759 of the 10,000 test images, up to a few images that rounding may tip on another machine."""
    images, labels = load_mnist("test", real_mnist)
    assert accuracy(load_weights(), pixels(images), labels) == pytest.approx(0.9759, abs=0.0003)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not an archive", FILE.read_bytes()[:5000]])
def test_damaged_file_is_a_data_error(tmp_path: Path, damage: bytes) -> None:
    """A broken installation is told as such, and nothing is ever unpickled."""
    path = tmp_path / "weights.npz"
    path.write_bytes(damage)
    with pytest.raises(DataError, match="install neurograde anew"):
        load_weights(path)


def test_archive_with_other_names_is_a_data_error(tmp_path: Path) -> None:
    """Weights of another network are not taken."""
    np.savez(tmp_path / "other.npz", W1=np.zeros((784, 50)))
    with pytest.raises(DataError, match="install neurograde anew"):
        load_weights(tmp_path / "other.npz")


def test_gradient_is_the_slope_of_the_loss() -> None:
    """Central differences of the mean cross-entropy agree with backpropagation for every weight of a tiny network."""
    rng = np.random.default_rng(5)
    sizes = {"W1": (3, 4), "b1": (4,), "W2": (4, 5), "b2": (5,), "W3": (5, 3), "b3": (3,)}
    weights = {name: rng.standard_normal(shape) for name, shape in sizes.items()}
    x, labels = rng.standard_normal((6, 3)), rng.integers(0, 3, 6).astype(np.uint8)
    found = gradients(weights, x, labels)  # type: ignore[arg-type]
    for name, value in weights.items():
        slopes = np.zeros_like(value)
        for index in np.ndindex(value.shape):
            slopes[index] = slope(weights, name, index, x, labels)
        np.testing.assert_allclose(found[name], slopes, rtol=1e-6, atol=1e-9, err_msg=name)


def slope(
    weights: dict[str, np.ndarray], name: str, index: tuple[int, ...], x: np.ndarray, labels: np.ndarray
) -> float:
    """The change of the loss per change of one weight."""
    losses = []
    for step in (1e-5, -1e-5):
        moved = {key: value.copy() for key, value in weights.items()}
        moved[name][index] += step
        losses.append(loss(moved, x, labels))
    return (losses[0] - losses[1]) / 2e-5


def loss(weights: dict[str, np.ndarray], x: np.ndarray, labels: np.ndarray) -> float:
    """Mean cross-entropy, written out anew."""
    for layer in ("1", "2"):
        x = 1 / (1 + np.exp(-(x @ weights[f"W{layer}"] + weights[f"b{layer}"])))
    scores = x @ weights["W3"] + weights["b3"]
    return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(labels)), labels]))


def test_training_learns_and_repeats_itself() -> None:
    """Ten clear patterns are learnt, and the same seed gives the same weights bit for bit."""
    rng = np.random.default_rng(1)
    labels = np.tile(np.arange(10, dtype=np.uint8), 100)
    x = (rng.random((10, 784)) > 0.5).astype(np.float32)[labels]
    first, second = train(x, labels, seed=2, epochs=8), train(x, labels, seed=2, epochs=8)
    assert accuracy(first, x, labels) == 1.0
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert {value.dtype for value in first.values()} == {np.dtype(np.float32)}
