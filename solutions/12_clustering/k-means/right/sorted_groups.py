"""Distances with their roots from the whole (N, K, D) table; the points sorted by label and summed group by group."""

import numpy as np


def _ready(X, centroids):
    X, centroids = (np.asarray(a).astype(np.float64) for a in (X, centroids))
    if X.ndim != 2 or centroids.ndim != 2:
        raise ValueError("two axes")
    if not centroids.size or X.shape[1:] != centroids.shape[1:]:
        raise ValueError("centroids")
    if np.isnan(X).any() or np.isinf(X).any() or np.isnan(centroids).any() or np.isinf(centroids).any():
        raise ValueError("only finite numbers")
    return X, centroids


def assign_clusters(X, centroids):
    X, centroids = _ready(X, centroids)
    return np.linalg.norm(X[:, np.newaxis, :] - centroids[np.newaxis], axis=-1).argmin(axis=-1)


def update_centroids(X, labels, centroids):
    X, centroids = _ready(X, centroids)
    if np.shape(labels) != X.shape[:1]:
        raise ValueError("one label per point")
    if len(labels) and (min(labels) < 0 or max(labels) >= len(centroids)):
        raise ValueError("no such centroid")
    order = np.argsort(labels, kind="stable")
    used, first, count = np.unique(np.asarray(labels)[order], return_index=True, return_counts=True)
    if len(used):
        centroids[used] = np.add.reduceat(X[order], first, axis=0) / count[:, np.newaxis]
    return centroids


def k_means(X, centroids, max_iter=100):
    X, centroids = _ready(X, centroids)
    if X.shape[0] < 1:
        raise ValueError("no points")
    if max_iter <= 0:
        raise ValueError("no rounds")
    for _ in range(max_iter):
        centroids = update_centroids(X, assign_clusters(X, centroids), centroids)
    nearest = np.linalg.norm(X[:, np.newaxis, :] - centroids, axis=-1)
    return centroids, nearest.argmin(axis=1), float((nearest.min(axis=1) ** 2).sum())
