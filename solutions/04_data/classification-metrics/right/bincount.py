"""Each pair gets the number K t + p, and np.bincount counts the numbers; the winner by a comparison with the maximum."""

import numpy as np


def predict_labels(scores):
    if np.ndim(scores) not in (1, 2):
        raise ValueError("one axis or two")
    if np.size(scores, -1) < 1 or not np.all(scores == scores):
        raise ValueError("no winner")
    best = scores == scores.max(axis=-1, keepdims=True)
    return np.where(best, np.arange(scores.shape[-1]), scores.shape[-1]).min(axis=-1).astype(np.int64)


def accuracy(target, predicted):
    check(target, predicted)
    if len(target) == 0:
        raise ValueError("no samples")
    return np.count_nonzero(target == predicted) / len(target)


def confusion_matrix(target, predicted, num_classes):
    check(target, predicted)
    both = np.concatenate([target, predicted]).astype(np.int64)
    if both.size and not 0 <= both.min() <= both.max() < num_classes:
        raise ValueError("label out of range")
    t, p = np.split(both, 2)
    return np.bincount(num_classes * t + p, minlength=num_classes**2).reshape(num_classes, -1).astype(np.int64)


def check(*labels):
    if any(x.ndim != 1 or x.dtype.kind not in "iu" for x in labels):
        raise ValueError("labels are integers of shape (N,)")
    if len({len(x) for x in labels}) > 1:
        raise ValueError("different lengths")
