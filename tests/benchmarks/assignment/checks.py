"""Thirty checks of the six functions, 74 calls in all. Plain asserts: every grader can run them."""

import numpy as np
import pytest
from nn import cross_entropy, predict, sgd_step, sigmoid, softmax, xor
from numpy.typing import NDArray

RANDOM = np.random.default_rng(7)
IMAGES = RANDOM.random((200, 784), dtype=np.float32)
SHAPES = ((784, 50), (50,), (50, 10), (10,))
LAYERS = [RANDOM.normal(scale=0.1, size=shape).astype(np.float32) for shape in SHAPES]
X = RANDOM.normal(size=(6, 4))
T = np.array([0, 3, 1, 2, 2, 0])


def test_sigmoid_at_zero() -> None:
    """One half at 0."""
    assert np.allclose(sigmoid(np.zeros(3)), 0.5)


def test_sigmoid_worked_example() -> None:
    """Three values by hand."""
    assert np.allclose(sigmoid(np.array([-1.0, 1.0, 2.0])), [0.26894142, 0.73105858, 0.88079708])


def test_sigmoid_shape() -> None:
    """As many values as came."""
    assert sigmoid(X).shape == X.shape


def test_sigmoid_mirror() -> None:
    """sigmoid(-x) = 1 - sigmoid(x)."""
    assert np.allclose(sigmoid(-X), 1 - sigmoid(X))


def test_sigmoid_large() -> None:
    """No overflow."""
    assert np.allclose(sigmoid(np.array([-1000.0, 1000.0])), [0, 1])


def test_softmax_worked_example() -> None:
    """Three scores."""
    assert np.allclose(softmax(np.array([0.3, 2.9, 4.0])), [0.01821127, 0.24519181, 0.73659691])


def test_softmax_sums() -> None:
    """Each row sums to 1."""
    assert np.allclose(softmax(X).sum(axis=1), 1)


def test_softmax_shift() -> None:
    """The same number added to all scores changes nothing."""
    assert np.allclose(softmax(X), softmax(X + 100))


def test_softmax_large() -> None:
    """Scores of 1000."""
    assert np.allclose(softmax(np.array([1000.0, 1000.0])), 0.5)


def test_softmax_order() -> None:
    """The larger score has the larger share."""
    assert (np.argsort(softmax(X), axis=1) == np.argsort(X, axis=1)).all()


def test_cross_entropy_certain() -> None:
    """Sure and right costs nothing."""
    assert abs(cross_entropy(np.eye(3), np.arange(3))) < 1e-6


def test_cross_entropy_worked_example() -> None:
    """-log(0.6)."""
    assert np.isclose(cross_entropy(np.array([[0.1, 0.6, 0.3]]), np.array([1])), 0.51082546, atol=1e-6)


def test_cross_entropy_mean() -> None:
    """The mean of the batch."""
    y = np.full((4, 2), 0.5)
    assert np.isclose(cross_entropy(y, np.zeros(4, dtype=int)), np.log(2), atol=1e-6)


def test_cross_entropy_zero() -> None:
    """Sure and wrong is finite."""
    assert np.isfinite(cross_entropy(np.array([[0.0, 1.0]]), np.array([0])))


def test_cross_entropy_batch() -> None:
    """Against the definition."""
    y = np.abs(X) / np.abs(X).sum(axis=1, keepdims=True)
    assert np.isclose(cross_entropy(y, T), -np.log(y[np.arange(6), T]).mean(), atol=1e-4)


@pytest.mark.parametrize(("a", "b", "c"), [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_xor(a: int, b: int, c: int) -> None:
    """The table of XOR."""
    assert xor(a, b) == c


def test_xor_kind() -> None:
    """Numbers, whichever way round."""
    assert [xor(0, 1), xor(1, 0)] == [1, 1]


def test_sgd_worked_example() -> None:
    """One step."""
    assert np.allclose(sgd_step(np.array([1.0, 2.0]), np.array([0.5, -0.5]), 0.1), [0.95, 2.05])


def test_sgd_keeps_its_input() -> None:
    """The weights that came stay."""
    w = np.ones(3)
    sgd_step(w, np.ones(3), 0.1)
    assert (w == 1).all()


def test_sgd_shape() -> None:
    """Any shape."""
    assert sgd_step(X, X, 0.5).shape == X.shape


def test_sgd_zero_rate() -> None:
    """No rate, no step."""
    assert np.allclose(sgd_step(X, X, 0.0), X)


def test_sgd_descends() -> None:
    """Forty steps down a bowl."""
    w = np.array([3.0, -4.0])
    for _ in range(40):
        w = sgd_step(w, 2 * w, 0.1)
    assert np.allclose(w, 0, atol=1e-3)


def labels(images: NDArray[np.float32]) -> NDArray[np.int64]:
    """The right answers."""
    w1, b1, w2, b2 = LAYERS
    return np.asarray((1 / (1 + np.exp(-(images @ w1 + b1))) @ w2 + b2).argmax(axis=1))


def test_predict_one() -> None:
    """One image."""
    assert predict(IMAGES[:1], *LAYERS).shape == (1,)


def test_predict_all() -> None:
    """Two hundred images."""
    assert (predict(IMAGES, *LAYERS) == labels(IMAGES)).all()


def test_predict_each_alone() -> None:
    """An image has the same class alone."""
    alone = [int(predict(IMAGES[n : n + 1], *LAYERS)[0]) for n in range(3)]
    assert alone == labels(IMAGES[:3]).tolist()


def test_predict_bias() -> None:
    """A large bias decides."""
    bias = np.zeros(10, dtype=np.float32)
    bias[4] = 1e6
    assert (predict(IMAGES, *LAYERS[:3], bias) == 4).all()


def test_predict_kind() -> None:
    """Whole numbers."""
    assert predict(IMAGES, *LAYERS).dtype.kind == "i"
