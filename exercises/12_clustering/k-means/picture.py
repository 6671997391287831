"""The picture of k-means. Runs in: checks."""

from collections.abc import Sequence

import numpy as np
from k_means import assign_clusters, k_means
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, YOURS, Figure, Role, Series, cells, figure, path, plane, points, regions

X_RANGE, Y_RANGE = (-5.0, 5.0), (-4.0, 4.0)
START = np.array([[-4.0, -2.8], [-1.1, 1.2], [-2.0, 0.4], [-4.3, 2.4]])  # the last one never has a point
ROUNDS = 12


def picture() -> Figure:
    """The way of four centroids to their clusters, and the inertia by round."""
    rng = np.random.default_rng(0)
    X = np.concatenate([rng.normal(middle, 0.75, size=(25, 2)) for middle in ((-2.5, -1.5), (0, 2), (2.5, -0.5))])
    right = reference("k-means").k_means
    yours = [ask(k_means, X, START, rounds) for rounds in range(1, ROUNDS + 1)]
    wanted = [right(X, START, rounds) for rounds in range(1, ROUNDS + 1)]
    centroids, labels = yours[-1].item(0).numbers(*START.shape), yours[-1].item(1).numbers(len(X))
    places = cells(X_RANGE, Y_RANGE)
    nearest = ask(assign_clusters, places, np.nan_to_num(centroids)).numbers(len(places))
    return figure(
        "Your clusters",
        regions(
            "From round to round",
            nearest.reshape(48, 48),
            *(points(f"{k}", X[labels == k, 0], X[labels == k, 1]) for k in range(len(START))),
            ways("yours", [one.item(0).numbers(*START.shape) for one in yours], YOURS),
            ways("right", [one[0] for one in wanted], RIGHT),
            x_range=X_RANGE,
            y_range=Y_RANGE,
        ),
        plane(
            "The inertia",
            path("yours", range(1, ROUNDS + 1), [one.item(2).numbers() for one in yours]),
            path("right", range(1, ROUNDS + 1), [one[2] for one in wanted], RIGHT),
            x_label="round",
            y_range=(0, 300),
        ),
        alt="Left, a plane with three clouds of points, tinted by the nearest centroid, and the ways of four centroids"
        " from the left side: three arrive in the middle of one cloud each, the fourth, which has no points, stays"
        " where it is. Right, the inertia by round: a line that stays near 200 for seven rounds, then falls to 75 and"
        " stays there.",
        caption="No round makes the inertia larger; it may hardly fall for long, until a centroid lets go of a cloud.",
    )


def ways(label: str, rounds: Sequence[NDArray[np.float64]], role: Role) -> Series:
    """The places of all centroids from the start through the rounds, with a gap after each one's way."""
    places = np.stack([START, *rounds, np.full(START.shape, np.nan)], axis=1).reshape(-1, 2)
    return path(label, places[:, 0], places[:, 1], role)
