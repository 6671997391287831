"""Train a network on handwritten digits: the reference."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIZES = (784, 50, 100, 10)


def init_params(rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """W1 b1 W2 b2 W3 b3 of 784-50-100-10, float32: weights with variance 2 / fan_in (He), biases 0."""
    params: dict[str, NDArray[np.float32]] = {}
    for layer, (fan_in, fan_out) in enumerate(pairwise(SIZES), start=1):
        weights = rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
        params[f"W{layer}"] = weights.astype(np.float32)
        params[f"b{layer}"] = np.zeros(fan_out, dtype=np.float32)
    return params


def prepare(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Images (N, 28, 28) as rows of 784 numbers from 0 to 1."""
    return images.reshape(len(images), 784).astype(np.float32) / np.float32(255)


def forward(params: dict[str, NDArray[np.float32]], x: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """The outputs of both hidden layers, (N, 50) and (N, 100), and the scores, (N, 10)."""
    hidden1 = np.maximum(x @ params["W1"] + params["b1"], 0)
    hidden2 = np.maximum(hidden1 @ params["W2"] + params["b2"], 0)
    return hidden1, hidden2, hidden2 @ params["W3"] + params["b3"]


def log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """The logarithm of each row's probabilities."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    logarithms: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logarithms


def loss_and_gradients(
    params: dict[str, NDArray[np.float32]], x: NDArray[np.float32], labels: NDArray[Any]
) -> tuple[float, dict[str, NDArray[np.float32]]]:
    """The mean cross-entropy of a mini-batch and its gradient for every parameter."""
    rows = np.arange(len(x))
    hidden1, hidden2, scores = forward(params, x)
    log_p = log_softmax(scores)
    delta = np.exp(log_p)
    delta[rows, labels] -= 1
    delta /= len(x)
    grads = {"W3": hidden2.T @ delta, "b3": delta.sum(axis=0)}
    delta = delta @ params["W3"].T * (hidden2 > 0)
    grads |= {"W2": hidden1.T @ delta, "b2": delta.sum(axis=0)}
    delta = delta @ params["W2"].T * (hidden1 > 0)
    grads |= {"W1": x.T @ delta, "b1": delta.sum(axis=0)}
    return -float(log_p[rows, labels].mean()), grads


def evaluate(
    params: dict[str, NDArray[np.float32]], images: NDArray[np.uint8], labels: NDArray[Any]
) -> tuple[float, float]:
    """Mean cross-entropy and accuracy."""
    log_p = log_softmax(forward(params, prepare(images))[-1])
    loss = -float(log_p[np.arange(len(labels)), labels].mean())
    return loss, float((log_p.argmax(axis=1) == labels).mean())


def train(
    images: NDArray[np.uint8],
    labels: NDArray[np.integer],
    val_images: NDArray[np.uint8],
    val_labels: NDArray[np.integer],
    rng: np.random.Generator,
    *,
    epochs: int = 10,
    batch_size: int = 128,
    lr: float = 0.1,
    momentum: float = 0.9,
    decay: float = 0.7,
    report: Callable[[int, float, float], object] | None = None,
) -> tuple[dict[str, NDArray[np.float32]], dict[str, list[float]]]:
    """Mini-batch SGD with momentum: v <- momentum v - lr g, p <- p + v; after each epoch lr <- decay lr."""
    params = init_params(rng)
    velocity = {name: np.zeros_like(value) for name, value in params.items()}
    x = prepare(images)
    val_loss, val_accuracy = evaluate(params, val_images, val_labels)
    history: dict[str, list[float]] = {"train_loss": [], "val_loss": [val_loss], "val_accuracy": [val_accuracy]}
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        losses: list[float] = []
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], labels[batch])
            losses.append(loss * len(batch))
            for name in params:
                velocity[name] = momentum * velocity[name] - lr * grads[name]
                params[name] = params[name] + velocity[name]
        lr *= decay
        val_loss, val_accuracy = evaluate(params, val_images, val_labels)
        history["train_loss"].append(sum(losses) / len(x))
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
        if report is not None:
            report(epoch + 1, val_loss, val_accuracy)
    return params, history


def predict(params: dict[str, NDArray[np.float32]], images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The digit with the largest score for each image."""
    labels: NDArray[np.int64] = forward(params, prepare(images))[-1].argmax(axis=1)
    return labels
