"""Train the packaged weights: `python -m grader.data.train_weights --data DIR -o FILE`. Runs in: a shell.

NumPy only. The network is 784-50-100-10 with sigmoid, sigmoid, softmax, trained on cross-entropy by gradient descent
with momentum. The seed is chosen on 5,000 held-out training images; the test images only state the final figure.
With one BLAS thread, two runs on one machine write the same bytes.
"""

import argparse
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.data.mnist import load_mnist
from grader.data.weights import FILE

Floats = NDArray[np.float32]
Weights = dict[str, Floats]

SIZES = (784, 50, 100, 10)
EPOCHS = 25
BATCH = 100
RATE = 0.3
DECAY = 0.92  # of the rate, per epoch
MOMENTUM = 0.9
HELD_OUT = 5_000
SEED = 6  # the best of 1 to 8 on the held-out training images: 0.9784, the others 0.9740 to 0.9774


def initial(rng: np.random.Generator) -> Weights:
    """Normal weights with variance 2 / (fan in + fan out) (Glorot and Bengio, 2010), biases 0."""
    weights: Weights = {}
    for layer, (rows, columns) in enumerate(pairwise(SIZES), start=1):
        spread = np.sqrt(2 / (rows + columns))
        weights[f"W{layer}"] = (rng.standard_normal((rows, columns)) * spread).astype(np.float32)
        weights[f"b{layer}"] = np.zeros(columns, np.float32)
    return weights


def sigmoid(x: Floats) -> Floats:
    """1 / (1 + exp(-x)) through tanh, which does not overflow."""
    half = np.float32(0.5)
    values: Floats = half * (1 + np.tanh(half * x))
    return values


def activations(weights: Weights, x: Floats) -> tuple[Floats, Floats, Floats]:
    """Both hidden layers (N, 50) and (N, 100), and the class probabilities (N, 10)."""
    first = sigmoid(x @ weights["W1"] + weights["b1"])
    second = sigmoid(first @ weights["W2"] + weights["b2"])
    scores = second @ weights["W3"] + weights["b3"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return first, second, np.divide(powers, powers.sum(axis=1, keepdims=True))


def gradients(weights: Weights, x: Floats, labels: NDArray[np.uint8]) -> Weights:
    """The gradient of the mean cross-entropy by every weight, by backpropagation."""
    first, second, probabilities = activations(weights, x)
    d3 = probabilities.copy()
    d3[np.arange(len(labels)), labels] -= 1
    d3 /= len(labels)
    d2 = d3 @ weights["W3"].T * second * (1 - second)
    d1 = d2 @ weights["W2"].T * first * (1 - first)
    by_weight = {"W1": x.T @ d1, "W2": first.T @ d2, "W3": second.T @ d3}
    return by_weight | {"b1": d1.sum(axis=0), "b2": d2.sum(axis=0), "b3": d3.sum(axis=0)}


def train(x: Floats, labels: NDArray[np.uint8], seed: int, epochs: int = EPOCHS) -> Weights:
    """Weights after `epochs` rounds over `x` (N, 784) with values 0..1. The same seed gives the same weights."""
    rng = np.random.default_rng(seed)
    weights = initial(rng)
    speeds = {name: np.zeros_like(value) for name, value in weights.items()}
    for epoch in range(epochs):
        rate = np.float32(RATE * DECAY**epoch)
        for rows in np.array_split(rng.permutation(len(x)), max(1, len(x) // BATCH)):
            for name, gradient in gradients(weights, x[rows], labels[rows]).items():
                speeds[name] = np.float32(MOMENTUM) * speeds[name] - rate * gradient
                weights[name] += speeds[name]
    return weights


def accuracy(weights: Weights, x: Floats, labels: NDArray[np.uint8]) -> float:
    """The share of rows whose most probable class is the label."""
    return float(np.mean(activations(weights, x)[2].argmax(axis=1) == labels))


def best_seed(x: Floats, labels: NDArray[np.uint8], seeds: list[int]) -> int:
    """The seed whose network does best on the last `HELD_OUT` rows, trained on the others."""
    figures: dict[int, float] = {}
    for seed in seeds:
        weights = train(x[:-HELD_OUT], labels[:-HELD_OUT], seed)
        figures[seed] = accuracy(weights, x[-HELD_OUT:], labels[-HELD_OUT:])
        print(f"seed {seed}: {figures[seed]:.4f} on {HELD_OUT:,} held-out training images", flush=True)
    return max(seeds, key=figures.__getitem__)


def pixels(images: NDArray[np.uint8]) -> Floats:
    """Images (N, 28, 28) as rows (N, 784) with values 0..1."""
    return images.reshape(len(images), -1).astype(np.float32) / np.float32(255)


def main() -> None:
    """Choose a seed if there are several, train on all training images, save, and state the accuracy."""
    parser = argparse.ArgumentParser(description="Train the packaged weights on MNIST.")
    parser.add_argument("--data", type=Path, help="folder of the four MNIST files (default: where find_mnist looks)")
    parser.add_argument("-o", "--output", type=Path, default=FILE, help="the .npz to write (default: the package's)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[SEED], help="candidates; several are compared first")
    options = parser.parse_args()
    images, labels = load_mnist("train", options.data)
    x = pixels(images)
    seed = options.seeds[0] if len(options.seeds) == 1 else best_seed(x, labels, options.seeds)
    weights = train(x, labels, seed)
    halves = {name: value.astype(np.float16) for name, value in weights.items()}
    np.savez_compressed(options.output, allow_pickle=False, **halves)
    test_images, test_labels = load_mnist("test", options.data)
    stored = {name: value.astype(np.float32) for name, value in halves.items()}
    for kind, candidate in (("float32", weights), ("float16", stored)):
        figure = accuracy(candidate, pixels(test_images), test_labels)
        print(f"seed {seed}, {kind}: {figure:.4f} on {len(test_labels):,} test images")


if __name__ == "__main__":
    main()
