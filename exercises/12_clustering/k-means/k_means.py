"""k-means clustering. Task: README.md in this folder. Run `grade run k-means`."""

import numpy as np
from numpy.typing import NDArray


def assign_clusters(X: NDArray[np.generic], centroids: NDArray[np.generic]) -> NDArray[np.int64]:
    """Find the nearest centroid of every point.

    X: points (N, D). centroids: (K, D). Both of any real dtype, also uint8; distances are taken in float64.
    Returns the labels, int64 (N,): the index of the nearest centroid by the Euclidean distance, the lowest
    index on a tie. No points, (0, D), give (0,). Nothing is changed.
    Raises ValueError: X or centroids has not two axes, another D, no centroids, NaN or infinity in either.
    """
    raise NotImplementedError


def update_centroids(
    X: NDArray[np.generic], labels: NDArray[np.integer], centroids: NDArray[np.generic]
) -> NDArray[np.float64]:
    """Move every centroid to the mean of its points.

    X, centroids: as in assign_clusters. labels: (N,), whole numbers from 0 to K - 1.
    Returns new centroids, float64 (K, D); one without points stays where it is. Nothing is changed.
    Raises ValueError: as assign_clusters; labels is not (N,), or a label is no index of a centroid.
    """
    raise NotImplementedError


def k_means(
    X: NDArray[np.generic], centroids: NDArray[np.generic], max_iter: int = 100
) -> tuple[NDArray[np.float64], NDArray[np.int64], float]:
    """Assign the points and move the centroids, round after round, until no label changes.

    X: points (N, D), at least one. centroids: where to start, (K, D). max_iter: rounds at most, 1 or more;
    a round assigns all points and then moves all centroids once.
    Returns (centroids, labels, inertia): float64 (K, D); int64 (N,), the nearest of these very centroids; and
    the sum of the squared distances of all points to their centroid, a Python float. Nothing is changed.
    Raises ValueError: as assign_clusters; no points, max_iter below 1.
    """
    raise NotImplementedError
