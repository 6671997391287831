"""Recognise digits with trained weights. Task: README.md in this folder. Run `grade run mnist-inference`."""

import numpy as np
from numpy.typing import NDArray


def predict_proba(network: dict[str, NDArray[np.float32]], x: NDArray[np.float32]) -> NDArray[np.floating]:
    """Probabilities of the ten digits: sigmoid, sigmoid, softmax.

    network: the weights W1 (784, 50), b1 (50,), W2 (50, 100), b2 (100,), W3 (100, 10), b3 (10,) by these names.
    x: one image (784,) or a batch (N, 784), pixels scaled to 0..1. N may be 0.

    Returns floating-point probabilities of shape (10,) for one image, (N, 10) for a batch; each row sums to 1.
    Neither network nor x is changed.
    Raises ValueError if a weight is missing from network, if x has not as many pixels per image as W1 has rows, or if
    a pixel is below 0, above 1 or NaN.
    """
    raise NotImplementedError  # begin with one image and the first layer


def predict_in_batches(
    network: dict[str, NDArray[np.float32]], X: NDArray[np.float32], batch_size: int = 100
) -> NDArray[np.int64]:
    """The most probable digit of every image, computed for batch_size images at a time.

    network: as for predict_proba.
    X: images (N, 784), scaled to 0..1. N may be 0, and need not be a multiple of batch_size.
    batch_size: images per batch, 1 or more; it does not change the answer.

    Returns int64 labels of shape (N,), in the order of X.
    Raises ValueError as predict_proba does, and if batch_size is below 1.
    """
    raise NotImplementedError
