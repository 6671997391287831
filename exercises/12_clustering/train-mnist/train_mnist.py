"""Train a network on handwritten digits. Task: README.md in this folder. Run `grade run train-mnist`."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def init_params(rng: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    """The parameters of the network 784-50-100-10 before training.

    rng: where all randomness comes from.
    Returns W1 (784, 50), b1 (50,), W2 (50, 100), b2 (100,), W3 (100, 10), b3 (10,), all float32: weights drawn from a
    normal distribution with mean 0 and standard deviation sqrt(2 / fan_in), fan_in being the rows of the matrix
    (He); biases 0.
    """
    raise NotImplementedError  # weight-initialization has done this


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
    """Train the network by mini-batch SGD with momentum.

    images: uint8 (N, 28, 28), pixels from 0 to 255; labels: digits 0 to 9, (N,). Learned from; not changed.
    val_images, val_labels: the same for validation, (M, 28, 28) and (M,). Looked at, never learned from.
    rng: where all randomness comes from; init_params(rng) is the first to draw from it.
    epochs: how often to go through all images. batch_size: images in a mini-batch; the last may be smaller.
    lr: the learning rate of the first epoch, multiplied by decay after each epoch. momentum: part of the last step that
    is kept, v = momentum * v - lr * gradient, p = p + v.
    report: if given, called after each epoch as report(epoch, val_loss, val_accuracy), epoch from 1.

    Returns (params, history). params: as from init_params, after training. history: lists of floats,
    "train_loss" (one for each epoch: the mean loss of its images, each measured in its mini-batch),
    "val_loss" and "val_accuracy" (epochs + 1 numbers, the first from before training).
    """
    raise NotImplementedError


def predict(params: dict[str, NDArray[np.float32]], images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """The digit that the network sees in each image.

    params: as from init_params or train. images: uint8 (N, 28, 28). Neither is changed.
    Returns int64 (N,), digits 0 to 9.
    """
    raise NotImplementedError
