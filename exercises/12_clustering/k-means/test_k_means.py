"""Hidden checks of `k-means`."""

import numpy as np
import pytest
from k_means import assign_clusters, k_means, update_centroids
from numpy.typing import NDArray

from grader.checks import (
    assert_array,
    assert_close,
    assert_fast,
    assert_inputs_unchanged,
    assert_number,
    reference,
)

SIX = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [6.0, 4.0], [7.0, 5.0], [8.0, 6.0]])
CENTRES = np.array([[0.0, 0.0], [8.0, 1.0], [3.0, 9.0]])

Array = NDArray[np.float64]


def clustered(X: Array, centroids: Array, *max_iter: int) -> tuple[Array, NDArray[np.int64], float]:
    """The learner's k_means, and the first thing to demand of it: three results of the right kinds."""
    result = k_means(X, centroids, *max_iter)
    assert isinstance(result, tuple), "k_means must return a tuple: (centroids, labels, inertia)"
    assert len(result) == 3, f"k_means returned {len(result)} values; expected (centroids, labels, inertia)"
    moved, labels, inertia = result
    assert_array(moved, shape=centroids.shape, dtype=np.float64)
    assert_array(labels, shape=(len(X),), dtype=np.int64)
    assert_number(inertia, kind=float)
    return moved, labels, inertia


def nearest(X: Array, centroids: Array) -> NDArray[np.int64]:
    """The label of each point, from the whole table of distances."""
    return np.asarray(np.linalg.norm(X[:, np.newaxis] - centroids, axis=2).argmin(axis=1))


def three_groups() -> Array:
    """Twenty points around each of the three centres, group by group."""
    return np.asarray(np.repeat(CENTRES, 20, axis=0) + np.random.default_rng(0).normal(size=(60, 2)))


def test_nearest_is_euclidean() -> None:
    """The point (0, 0) is nearer to (3, 3) than to (0, 5), in a straight line; so each point gets its label."""
    assert_close(assign_clusters(np.array([[0.0, 0.0]]), np.array([[0.0, 5.0], [3.0, 3.0]])), [1])
    X = np.array([[0.0, 0.0], [0.0, 4.0], [9.0, 9.0], [3.0, 2.0]])
    assert_close(assign_clusters(X, np.array([[0.0, 5.0], [3.0, 3.0], [8.0, 9.0]])), [1, 0, 2, 1])


def test_update_is_mean() -> None:
    """The members (0, 0), (2, 2) and (7, 1) move their centroid to (3, 1)."""
    X = np.array([[0.0, 0.0], [10.0, 10.0], [2.0, 2.0], [7.0, 1.0]])
    new = update_centroids(X, np.array([1, 0, 1, 1]), np.array([[9.0, 9.0], [0.0, 5.0]]))
    assert_close(new, [[10.0, 10.0], [3.0, 1.0]])


def test_empty_cluster_keeps_centroid() -> None:
    """A centroid without points stays where it is, in one update and in the whole loop."""
    centroids = np.array([[50.0, -50.0], [1.0, 1.0], [-70.0, 2.0]])
    new = update_centroids(SIX, np.full(6, 1), centroids)
    assert_close(new, [[50.0, -50.0], [22 / 6, 16 / 6], [-70.0, 2.0]])
    moved, labels, _ = clustered(SIX, centroids)
    assert_close(labels, [1, 1, 1, 1, 1, 1])
    assert_close(moved, new)


def test_rounds() -> None:
    """Six points from two of them: the numbers after one round, after two, and at the end."""
    start = SIX[:2].copy()
    moved, labels, inertia = clustered(SIX, start, 1)
    assert_close(moved, [[0.0, 0.5], [5.5, 3.75]], law="after one round")
    assert_close(labels, [0, 0, 0, 1, 1, 1], law="after one round: the nearest of the returned centroids")
    assert_close(inertia, 17.1875, law="after one round")
    for max_iter in ((2,), (3,), ()):
        moved, labels, inertia = clustered(SIX, start, *max_iter)
        assert_close(moved, [[1 / 3, 1 / 3], [7.0, 5.0]])
        assert_close(labels, [0, 0, 0, 1, 1, 1])
        assert_close(inertia, 16 / 3)


def test_finds_three_groups() -> None:
    """From three points of one group all three groups are found, and labels belong to the returned centroids."""
    X = three_groups()
    moved, labels, _ = clustered(X, X[:3].copy())
    distances = np.linalg.norm(CENTRES[:, np.newaxis] - moved, axis=2)
    away = np.max(distances.min(axis=1))
    assert away < 0.6, f"one of the three centres has no centroid nearby: the nearest is {away:.2f} away"
    assert_close(labels, nearest(X, moved), law="each label is that of the nearest returned centroid")
    assert_close(labels, np.repeat(distances.argmin(axis=1), 20), law="each group has one label")
    moved, labels, _ = clustered(X, X[:3].copy(), 2)
    assert_close(labels, nearest(X, moved), law="also after two rounds, labels belong to the returned centroids")


def test_inertia_never_rises() -> None:
    """The inertia is the sum of the squared distances, and no further round makes it larger."""
    X = np.random.default_rng(31).normal(size=(40, 3))
    start = X[:4].copy()
    inertias = []
    for rounds in range(1, 8):
        moved, labels, inertia = clustered(X, start, rounds)
        expected = ((X - moved[labels]) ** 2).sum()
        assert_close(inertia, expected, law=f"after {rounds} rounds: the sum of the squared distances")
        inertias.append(inertia)
    rises = np.diff(inertias) > 1e-9
    assert not rises.any(), f"round {int(np.argmax(rises)) + 2} made the inertia larger"


def test_ties_and_k1() -> None:
    """Of centroids at the same distance the first gets the point; a single one moves to the mean of all."""
    X = np.array([[0.0, 0.0], [0.0, 3.0], [5.0, 0.0]])
    assert_close(assign_clusters(X, np.array([[3.0, 4.0], [-3.0, 0.0], [3.0, 0.0]])), [1, 0, 2])
    moved, labels, inertia = clustered(SIX, np.array([[40.0, 2.0]]))
    assert_close(moved, [[22 / 6, 16 / 6]])
    assert_close(labels, [0, 0, 0, 0, 0, 0])
    assert_close(inertia, ((SIX - SIX.mean(axis=0)) ** 2).sum())


def test_whole_numbers() -> None:
    """Pixels of type uint8 have the right distances, and means keep their fraction."""
    X = np.array([[10, 0], [20, 30], [250, 240]], np.uint8)
    centroids = np.array([[250, 250], [20, 20]], np.uint8)
    assert_close(assert_array(assign_clusters(X, centroids), shape=(3,), dtype=np.int64), [1, 1, 0])
    new = update_centroids(X, np.array([1, 1, 0]), np.array([[250, 250], [20, 20]]))
    assert_close(assert_array(new, shape=(2, 2), dtype=np.float64), [[250.0, 240.0], [15.0, 15.0]])
    new = update_centroids(np.array([[0, 0], [1, 0]]), np.array([0, 0]), np.array([[1, 1]]))
    assert_close(assert_array(new, shape=(1, 2), dtype=np.float64), [[0.5, 0.0]])
    single = np.array([[0.1], [0.2], [0.4]], np.float32)
    new = update_centroids(single, np.zeros(3, np.int64), np.array([[0.0]]))
    assert_close(new, [[single.astype(np.float64).mean()]], law="means of float32 points are computed in float64")


def test_not_finite() -> None:
    """NaN or infinity in the points or the centroids raises ValueError."""
    start = SIX[:2].copy()
    for bad in (np.nan, np.inf):
        X, centroids = SIX.copy(), start.copy()
        X[4, 1] = centroids[1, 0] = bad
        with pytest.raises(ValueError):
            assign_clusters(X, start)
        with pytest.raises(ValueError):
            assign_clusters(SIX, centroids)
        for points, starts in ((X, start), (SIX, centroids)):
            with pytest.raises(ValueError):
                update_centroids(points, np.array([0, 1, 0, 1, 1, 1]), starts)
            with pytest.raises(ValueError):
                k_means(points, starts)


def test_bad_arguments_and_inputs() -> None:
    """Another D, no centroids, no points, max_iter 0 and impossible labels: ValueError; arrays stay as they were."""
    start, labels = SIX[:2].copy(), np.array([0, 1, 0, 1, 1, 1])
    for X, centroids in (
        (SIX, np.ones((2, 3))),
        (SIX, np.ones((2, 1))),
        (SIX[:, :1], start),
        (SIX, np.ones((0, 2))),
        (SIX, start[0]),
        (SIX[:, 0], start),
    ):
        with pytest.raises(ValueError):
            assign_clusters(X, centroids)
        with pytest.raises(ValueError):
            update_centroids(X, labels, centroids)
        with pytest.raises(ValueError):
            k_means(X, centroids)
    assert_array(assign_clusters(np.empty((0, 2)), start), shape=(0,))
    with pytest.raises(ValueError):
        k_means(np.empty((0, 2)), start)
    for max_iter in (0, -1):
        with pytest.raises(ValueError):
            k_means(SIX, start, max_iter)
    for bad in (labels[:5], labels[:, np.newaxis], labels + 1, labels - 1):
        with pytest.raises(ValueError):
            update_centroids(SIX, bad, start)
    assert_inputs_unchanged(assign_clusters, SIX, start)
    assert_inputs_unchanged(update_centroids, SIX, labels, start)
    assert_inputs_unchanged(k_means, SIX, start)


def test_vectorised() -> None:
    """5000 points of 20 features and 10 centroids take at most 25 times as long as with array operations."""
    rng = np.random.default_rng(32)
    X, centroids = rng.normal(size=(5000, 20)), rng.normal(size=(10, 20))
    assert_fast(assign_clusters, reference("k-means").assign_clusters, X, centroids, budget=25)
