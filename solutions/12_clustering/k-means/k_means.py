"""k-means clustering: the reference."""

import numpy as np
from numpy.typing import NDArray


def _checked(X: NDArray[np.generic], centroids: NDArray[np.generic]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as float64. Raises ValueError: shapes that don't fit, no centroids, a number that is not finite."""
    points, current = np.asarray(X, dtype=np.float64), np.asarray(centroids, dtype=np.float64)
    if points.ndim != 2 or current.ndim != 2 or points.shape[1] != current.shape[1]:
        raise ValueError(f"X of shape {points.shape}, centroids of {current.shape}; expected (N, D) and (K, D)")
    if len(current) == 0:
        raise ValueError("there are no centroids")
    if not (np.isfinite(points).all() and np.isfinite(current).all()):
        raise ValueError("NaN or infinity among the points or the centroids")
    return points, current


def assign_clusters(X: NDArray[np.generic], centroids: NDArray[np.generic]) -> NDArray[np.int64]:
    """Return the index of the nearest centroid of each point, int64 (N,); the lowest on a tie.

    Formula: argmin over k of the sum over the coordinates of (x - c_k)².
    Raises ValueError: shapes that don't fit, no centroids, a number that is not finite.
    """
    points, current = _checked(X, centroids)
    # A column at a time: a table (N, K, D) of all differences takes gigabytes for MNIST.
    squared = np.stack([((points - c) ** 2).sum(axis=1) for c in current], axis=1)
    return np.asarray(squared.argmin(axis=1)).astype(np.int64)


def update_centroids(
    X: NDArray[np.generic], labels: NDArray[np.integer], centroids: NDArray[np.generic]
) -> NDArray[np.float64]:
    """Return the mean of each cluster's points, float64 (K, D); a centroid without points stays.

    Raises ValueError: as assign_clusters; labels is not (N,), or one is not in 0..K-1.
    """
    points, current = _checked(X, centroids)
    labels = np.asarray(labels)
    if labels.shape != (len(points),):
        raise ValueError(f"labels of shape {labels.shape}; expected {(len(points),)}")
    if ((labels < 0) | (labels >= len(current))).any():
        raise ValueError(f"a label is not in 0..{len(current) - 1}")
    new = current.copy()
    for k in range(len(current)):
        members = points[labels == k]
        if len(members):
            new[k] = members.mean(axis=0)
    return new


def k_means(
    X: NDArray[np.generic], centroids: NDArray[np.generic], max_iter: int = 100
) -> tuple[NDArray[np.float64], NDArray[np.int64], float]:
    """Return (centroids, labels, inertia) after assigning and moving in turn until no label changes.

    Raises ValueError: as assign_clusters; no points, max_iter is below 1.
    """
    points, current = _checked(X, centroids)
    if len(points) == 0:
        raise ValueError("there are no points")
    if max_iter < 1:
        raise ValueError(f"max_iter = {max_iter}; use 1 or more")
    labels = assign_clusters(points, current)
    for _ in range(max_iter):
        current = update_centroids(points, labels, current)
        before, labels = labels, assign_clusters(points, current)
        if np.array_equal(before, labels):
            break
    inertia = float(((points - current[labels]) ** 2).sum())
    return current, labels, inertia
