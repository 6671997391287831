"""Hidden checks of `mini-batches`."""

from typing import Any

import numpy as np
import pytest
from mini_batches import iterate_minibatches
from numpy.typing import NDArray

from grader.checks import assert_array, assert_close, assert_inputs_unchanged

Batches = list[tuple[NDArray[Any], NDArray[Any]]]


def samples(n: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """n rows that say where they come from: row 3 is [30, 31, 32], its label 3."""
    return 10.0 * np.arange(n)[:, np.newaxis] + np.arange(3), np.arange(n)


def epoch(X: NDArray[Any], t: NDArray[Any], batch_size: int, rng: np.random.Generator, **options: bool) -> Batches:
    """The learner's batches, and the first things to demand of them: pairs of arrays in a list."""
    batches = iterate_minibatches(X, t, batch_size, rng, **options)
    assert isinstance(batches, list), f"the batches must come in a list; returned {type(batches).__name__}"
    for k, pair in enumerate(batches):
        assert isinstance(pair, tuple), f"batch {k} must be a tuple (x, t); it is a {type(pair).__name__}"
        assert len(pair) == 2, f"batch {k} must be a pair (x, t); it has {len(pair)} parts"
        x, targets = assert_array(pair[0]), assert_array(pair[1])
        assert x.ndim, f"x of batch {k} must have an axis of samples"
        assert targets.ndim, f"t of batch {k} must have an axis of samples"
        assert len(x) == len(targets), f"batch {k} has {len(x)} rows of X and {len(targets)} of t"
        assert len(x) <= len(X), f"batch {k} has {len(x)} rows, and there are {len(X)} samples in all"
        assert targets.shape[1:] == t.shape[1:], f"t of batch {k} has shape {targets.shape}; a row of t stays a row"
    return batches


def order(batches: Batches) -> list[int]:
    """The labels in the order in which they came."""
    return [int(label) for _, labels in batches for label in labels]


def test_every_sample_once() -> None:
    """23 samples in batches of 5: each sample comes exactly once in an epoch."""
    X, t = samples(23)
    batches = epoch(X, t, 5, np.random.default_rng(1))
    assert batches, "there are no batches at all"
    labels = np.sort(np.concatenate([labels for _, labels in batches]))
    assert_close(labels, t, rtol=0, law="each label exactly once")
    first_column = np.sort(np.concatenate([x for x, _ in batches])[:, 0])
    assert_close(first_column, X[:, 0], rtol=0, law="each row of X exactly once")


def test_pairs_stay_together() -> None:
    """Each row of X comes whole, and with its own label."""
    X, t = samples(17)
    batches = epoch(X, t, 4, np.random.default_rng(2))
    assert batches, "there are no batches at all"
    for x, labels in batches:
        expected = 10.0 * labels[:, np.newaxis] + np.arange(3)
        assert_close(x, expected, rtol=0, law=f"the labels {labels.tolist()} must stand beside their own rows")


def test_batch_sizes() -> None:
    """23 in fives are 5, 5, 5, 5, 3; drop_last leaves out the 3; a batch size of 100 gives one batch of 23."""
    X, t = samples(23)

    def sizes(batch_size: int, drop_last: bool) -> list[int]:
        batches = epoch(X, t, batch_size, np.random.default_rng(3), drop_last=drop_last)
        return [len(labels) for _, labels in batches]

    wanted = {
        (5, False): [5, 5, 5, 5, 3],
        (5, True): [5, 5, 5, 5],
        (100, False): [23],
        (100, True): [],
        (23, True): [23],
        (1, True): [1] * 23,
    }
    for (batch_size, drop_last), expected in wanted.items():
        came = sizes(batch_size, drop_last)
        case = f"batch_size={batch_size}, drop_last={drop_last}"
        assert came == expected, f"{case}: batches of {came or 'nothing'}; expected {expected or 'none'}"


def test_new_order_each_epoch() -> None:
    """Each epoch has a new order; a generator with the same seed repeats it."""
    X, t = samples(23)
    rng = np.random.default_rng(4)
    first, second = order(epoch(X, t, 5, rng)), order(epoch(X, t, 5, rng))
    assert first != list(range(23)), "the samples come in the order of the data: draw a new order from rng"
    assert first != second, "two epochs with one generator have the same order"
    assert order(epoch(X, t, 5, np.random.default_rng(4))) == first, (
        "a generator with the same seed gave another order: draw from rng alone"
    )
    assert order(epoch(X, t, 5, np.random.default_rng(5))) != first, "a generator with another seed gave the same order"


def test_new_company_each_epoch() -> None:
    """Samples are shuffled, not ready-made batches: in each epoch they meet others."""
    X, t = samples(24)
    rng = np.random.default_rng(6)
    groups = [{frozenset(labels.tolist()) for _, labels in epoch(X, t, 6, rng)} for _ in range(3)]
    assert groups[0] != groups[1] or groups[1] != groups[2], "the same samples share a batch in every epoch"


def test_shuffle_false() -> None:
    """shuffle=False keeps the order of the data."""
    X, t = samples(11)
    batches = epoch(X, t, 4, np.random.default_rng(7), shuffle=False)
    assert order(batches) == list(range(11)), "shuffle=False must keep the order of the data"
    assert_close(batches[2][0], X[8:], rtol=0, law="the last batch has the last three rows")


def test_images_too() -> None:
    """Images (N, 4, 4) and one-hot rows are cut along the first axis and keep their dtypes."""
    images = np.arange(10 * 16, dtype=np.uint8).reshape(10, 4, 4)
    one_hot = np.eye(10, dtype=np.float32)
    batches = epoch(images, one_hot, 4, np.random.default_rng(8))
    assert [len(x) for x, _ in batches] == [4, 4, 2], "ten images in fours are batches of 4, 4 and 2"
    for x, rows in batches:
        assert_array(x, shape=(len(x), 4, 4), dtype=np.uint8)
        which = assert_array(rows, shape=(len(x), 10), dtype=np.float32).argmax(axis=1)
        assert_close(x, images[which], rtol=0, law="each image must stand beside its own one-hot row")


def test_data_untouched() -> None:
    """X and t are not reordered."""
    X, t = samples(9)
    assert_inputs_unchanged(iterate_minibatches, X, t, 2, np.random.default_rng(9))


def test_bad_arguments() -> None:
    """Different lengths, a batch size of 0, -1 or 2.5, and no samples at all are refused with ValueError."""
    X, t = samples(23)
    rng = np.random.default_rng(10)
    for labels in (t[:22], np.arange(24)):
        with pytest.raises(ValueError):
            iterate_minibatches(X, labels, 5, rng)
    for batch_size in (0, -1, 2.5):
        with pytest.raises(ValueError):
            iterate_minibatches(X, t, batch_size, rng)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        iterate_minibatches(X[:0], t[:0], 5, rng)
