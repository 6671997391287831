"""Hidden checks of `mlp-forward`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from mlp_forward import mlp_forward
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged, reference

Layers = list[NDArray[np.float64]]


def network(sizes: Sequence[int], seed: int) -> tuple[Layers, Layers]:
    """Weights and biases for layers of these sizes, the inputs first."""
    rng = np.random.default_rng(seed)
    weights = [rng.normal(scale=1.5 / np.sqrt(a), size=(a, b)) for a, b in pairwise(sizes)]
    return weights, [rng.normal(size=b) for b in sizes[1:]]


def plain_sums(x: NDArray[np.float64], weights: Layers, biases: Layers) -> NDArray[np.float64]:
    """What the last layer sums up, with ReLU in the hidden layers."""
    h = x
    for W, b in zip(weights[:-1], biases[:-1], strict=True):
        h = np.maximum(h @ W + b, 0)
    sums: NDArray[np.float64] = h @ weights[-1] + biases[-1]
    return sums


def test_two_layers_by_hand() -> None:
    """Two inputs, two hidden units with ReLU, one output for regression: [1, 2] gives -5, [-1, 1] gives 1."""
    x = np.array([[1.0, 2.0], [-1.0, 1.0]])
    weights = [np.array([[1.0, 2.0], [1.0, -2.0]]), np.array([[-2.0], [7.0]])]
    biases = [np.array([0.0, 1.0]), np.array([1.0])]
    assert_close(mlp_forward(x, weights, biases, "relu", "regression"), [[-5.0], [1.0]])


def test_seed_network_32_64_256_5() -> None:
    """32 inputs, 64 and 256 hidden units with sigmoid, 5 classes: the right probabilities, which sum to 1."""
    weights, biases = network([32, 64, 256, 5], 1)
    x = np.random.default_rng(2).normal(size=(7, 32))
    affine, sigmoid = reference("affine-forward").affine, reference("sigmoid").sigmoid
    h = sigmoid(affine(sigmoid(affine(x, weights[0], biases[0])), weights[1], biases[1]))
    expected = reference("softmax").softmax(affine(h, weights[2], biases[2]))
    result = assert_array(mlp_forward(x, weights, biases, hidden="sigmoid", task="multiclass"), shape=(7, 5))
    assert_close(result.sum(axis=1), np.ones(7), law="the probabilities of each sample must sum to 1")
    assert_close(result, expected)


def test_output_activation_by_task() -> None:
    """regression gives plain sums, binary their sigmoid, multiclass their softmax; ReLU and multiclass by default."""
    weights, biases = network([3, 6, 2], 3)
    x = np.random.default_rng(4).normal(size=(5, 3))
    z = plain_sums(x, weights, biases)
    assert_close(mlp_forward(x, weights, biases, task="regression"), z, law="regression gives the plain sums")
    binary = mlp_forward(x, weights, biases, task="binary")
    assert_close(binary, 1 / (1 + np.exp(-z)), law="binary gives the sigmoid of each sum")
    expected = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    multiclass = mlp_forward(x, weights, biases)
    assert_close(multiclass, expected, law="without hidden and task: ReLU, then softmax of the sums")


def test_any_depth() -> None:
    """One, two and five layers, each of them used."""
    for sizes in ([4, 3], [4, 6, 2], [3, 3, 3, 3, 3, 3]):
        weights, biases = network(sizes, 5)
        x = np.random.default_rng(6).normal(size=(4, sizes[0]))
        law = f"{len(weights)} layer{'s' if len(weights) > 1 else ''}: each takes what the one before gives"
        expected = plain_sums(x, weights, biases)
        assert_close(mlp_forward(x, weights, biases, "relu", "regression"), expected, atol=1e-12, law=law)


def test_large_sums() -> None:
    """Sums of 800 and more don't overflow, neither in hidden units nor in the outputs."""
    x = np.array([[1.0], [-1.0]])
    weights, biases = [np.array([[1000.0, -800.0]])], [np.zeros(2)]
    assert_close(mlp_forward(x, weights, biases, task="multiclass"), [[1.0, 0.0], [0.0, 1.0]], atol=1e-12)
    assert_close(mlp_forward(x, weights, biases, task="binary"), [[1.0, 0.0], [0.0, 1.0]], atol=1e-12)
    weights, biases = [*weights, np.array([[3.0], [5.0]])], [*biases, np.zeros(1)]
    assert_close(mlp_forward(x, weights, biases, "sigmoid", "regression"), [[3.0], [5.0]])
    score = np.array([[1.0, 1.0 + 1 / 1024]])  # 1024 and 1025
    expected = [[0.2689414213699951, 0.7310585786300049]]
    assert_close(mlp_forward(np.array([[1024.0]]), [score], [np.zeros(2)]), expected, law="scores of 1024 and 1025")


def test_single_sample() -> None:
    """One sample (D,) gives (K,), the same numbers as its row in a batch."""
    weights, biases = network([4, 5, 3], 7)
    x = np.random.default_rng(8).normal(size=(4, 4))
    for task in ("regression", "binary", "multiclass"):
        batch = assert_array(mlp_forward(x, weights, biases, "sigmoid", task), shape=(4, 3))
        for row in (0, 3):
            one = assert_array(mlp_forward(x[row], weights, biases, "sigmoid", task), shape=(3,))
            assert_close(one, batch[row], atol=1e-12, law="a sample's outputs do not depend on its neighbours")


def test_result_is_float64() -> None:
    """The result is float64, also for whole numbers and for float32."""
    x = np.array([[1, 2], [3, -1]])
    weights, biases = [np.array([[1, -1], [2, 0]]), np.array([[3], [2]])], [np.array([0, 1]), np.array([-4])]
    for dtype in (np.int64, np.float32):
        own: list[NDArray[Any]] = [np.asarray(a, dtype) for a in (x, *weights, *biases)]
        result = mlp_forward(own[0], own[1:3], own[3:], "relu", "regression")
        assert_close(assert_array(result, shape=(2, 1), dtype=np.float64), [[11.0], [-1.0]])


def test_bad_arguments() -> None:
    """Unknown words, a missing bias, no layers, shapes that don't chain, NaN and three axes in x raise ValueError."""
    weights, biases = network([3, 4, 2], 9)
    x = np.ones((5, 3))
    gap, endless = x.copy(), x.copy()
    gap[2, 1], endless[0, 0] = np.nan, -np.inf
    for word in ("tanh", "ReLU", ""):
        with pytest.raises(ValueError):
            mlp_forward(x, weights, biases, hidden=word)
        with pytest.raises(ValueError):
            mlp_forward(np.ones((5, 4)), weights[1:], biases[1:], hidden=word)
    with pytest.raises(ValueError):
        mlp_forward(x, weights, biases, task="classification")
    square = [np.ones((3, 3)), np.ones((3, 3))]
    for samples, w, b in (
        (x, square, [np.ones(3)]),
        (x, square[:1], [np.ones(3), np.ones(3)]),
        (x, [], []),
        (np.ones((5, 2)), weights, biases),
        (np.ones((2, 5, 3)), weights, biases),
        (x, [weights[0], np.ones((3, 2))], biases),
        (x, [weights[0], np.ones(4)], [biases[0], np.ones(5)]),
        (x, weights, [biases[0], np.ones(1)]),
        (x, weights, [np.ones((5, 4)), biases[1]]),
        (gap, weights, biases),
        (endless, weights, biases),
    ):
        with pytest.raises(ValueError):
            mlp_forward(samples, w, b)


def test_inputs_unchanged() -> None:
    """x, the weights and the biases stay as they were; no samples (0, D) give (0, K)."""
    weights, biases = network([3, 4, 2], 10)
    x = np.random.default_rng(11).normal(size=(6, 3))
    for samples in (x, x[0].copy()):
        for hidden, task in (("relu", "regression"), ("sigmoid", "binary"), ("relu", "multiclass")):
            assert_inputs_unchanged(mlp_forward, samples, weights, biases, hidden, task)
    for task in ("regression", "binary", "multiclass"):
        assert_array(mlp_forward(np.empty((0, 3)), weights, biases, task=task), shape=(0, 2), dtype=np.float64)
