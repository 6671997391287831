"""Accuracy and the confusion matrix. Task: README.md in this folder. Run `grade run classification-metrics`."""

import numpy as np
from numpy.typing import NDArray


def predict_labels(scores: NDArray[np.number]) -> NDArray[np.int64]:
    """Name the class with the largest score for each sample.

    scores: (N, K), rows are samples; or (K,), a single sample. Scores, probabilities, whole numbers: all will do.
    Returns the classes 0..K-1 as int64: (N,) for (N, K), a single number of shape () for (K,). Where several
    scores are the largest, the lowest of these classes. No samples, (0, K), give an array of shape (0,).
    Raises ValueError: a score is NaN, there are no classes (K = 0), scores has neither one axis nor two.
    """
    raise NotImplementedError


def accuracy(target: NDArray[np.integer], predicted: NDArray[np.integer]) -> float:
    """Return the share of the samples whose predicted class is the true one, between 0.0 and 1.0.

    target, predicted: the true and the predicted classes, integers, (N,) each.
    Returns a Python float.
    Raises ValueError: target or predicted is not of shape (N,), their lengths differ, N is 0, or one of them
    has a dtype that isn't an integer one.
    """
    raise NotImplementedError


def confusion_matrix(
    target: NDArray[np.integer], predicted: NDArray[np.integer], num_classes: int
) -> NDArray[np.int64]:
    """Count how often each class was taken for which: row = true class, column = predicted class.

    target, predicted: the true and the predicted classes, integers 0..num_classes-1 of any integer dtype, (N,) each.
    Returns counts, int64 (num_classes, num_classes), also where a class never occurs; all zeros for N = 0.
    Raises ValueError: shapes, lengths and dtypes as in accuracy (but N may be 0); a label below 0 or above
    num_classes - 1.
    """
    raise NotImplementedError
