"""Plain Python: loops over lists, a Counter of pairs, no vectorised NumPy."""

import math
from collections import Counter

import numpy as np


def winner(row):
    if not row or any(math.isnan(score) for score in row):
        raise ValueError("no largest score")
    return row.index(max(row))


def predict_labels(scores):
    if scores.ndim == 1:
        return np.int64(winner(scores.tolist()))
    if scores.ndim != 2 or scores.shape[1] == 0:
        raise ValueError("scores must be (N, K) or (K,)")
    return np.array([winner(row) for row in scores.tolist()], dtype=np.int64)


def pairs(target, predicted):
    if len(target.shape) != 1 or len(predicted.shape) != 1:
        raise ValueError("labels have one axis")
    both = list(zip(target.tolist(), predicted.tolist(), strict=True))
    if any(not isinstance(label, int) for pair in both for label in pair):
        raise ValueError("labels are integers")
    return both


def accuracy(target, predicted):
    both = pairs(target, predicted)
    if not both:
        raise ValueError("nothing to average")
    return sum(t == p for t, p in both) / len(both)


def confusion_matrix(target, predicted, num_classes):
    counter = Counter(pairs(target, predicted))
    if any(label not in range(num_classes) for pair in counter for label in pair):
        raise ValueError("no such class")
    rows = [[counter[t, p] for p in range(num_classes)] for t in range(num_classes)]
    return np.array(rows, dtype=np.int64)
