"""Distances from the expanded square, means from a membership matrix: both by matrix products."""

import numpy as np


def _table(X, centroids):
    X, centroids = np.array(X, dtype=float), np.array(centroids, dtype=float)
    if X.ndim != 2 or centroids.ndim != 2 or X.shape[1] != centroids.shape[1] or centroids.shape[0] == 0:
        raise ValueError("shapes")
    if not np.isfinite(X).all() or not np.isfinite(centroids).all():
        raise ValueError("not finite")
    return (X * X).sum(axis=1)[:, None] - 2 * X @ centroids.T + (centroids * centroids).sum(axis=1)


def assign_clusters(X, centroids):
    return np.argmin(_table(X, centroids), axis=1)


def update_centroids(X, labels, centroids):
    _table(X, centroids)
    K = len(centroids)
    if labels.shape != (len(X),) or not np.isin(labels, np.arange(K)).all():
        raise ValueError("labels")
    member = (labels == np.arange(K)[:, None]).astype(float)
    count = member.sum(axis=1, keepdims=True)
    means = member @ X / np.maximum(count, 1)
    return np.where(count > 0, means, centroids)


def k_means(X, centroids, max_iter=100):
    if max_iter < 1 or len(X) == 0:
        raise ValueError("nothing to do")
    labels = None
    for _ in range(max_iter):
        new = assign_clusters(X, centroids)
        if labels is not None and (new == labels).all():
            break
        labels = new
        centroids = update_centroids(X, labels, centroids)
    labels = assign_clusters(X, centroids)
    return centroids, labels, float(sum(np.sum((x - centroids[k]) ** 2) for x, k in zip(X, labels, strict=True)))
