"""The picture of mini-batches. Runs in: checks."""

import numpy as np
from mini_batches import iterate_minibatches
from numpy.typing import NDArray

from grader.asking import Answer, ask
from grader.pictures import OTHER, Figure, Panel, figure, line, plane, points

SAMPLES, SIZE, CLASSES = 33, 8, 3  # four whole batches, and one of a single sample
X = np.array([[n, SAMPLES - 1 - n] for n in range(SAMPLES)])  # a sample begins with its own number
T = np.arange(SAMPLES) * CLASSES // SAMPLES  # sorted by class
TOP = SAMPLES + 1


def picture() -> Figure:
    """Which sample comes when, and with which target: in the order of the data, and in two epochs."""
    rng = np.random.default_rng(4)
    return figure(
        "Your batches",
        epoch("With shuffle=False", ask(iterate_minibatches, X, T, SIZE, rng, shuffle=False)),
        epoch("One epoch", ask(iterate_minibatches, X, T, SIZE, rng)),
        epoch("The next epoch", ask(iterate_minibatches, X, T, SIZE, rng)),
        alt="Three panels of 33 points: which sample comes when in an epoch, with a line after each batch of 8 and"
        " after the last one of 1. Without shuffling the points rise from corner to corner. In the two epochs they are"
        " scattered all over, each time in another way. The colour is the target, and lies in three bands: the rows of"
        " one class have one colour.",
        caption="A row without its point is a sample that never came; a colour out of its band is a target that went"
        " to another sample.",
    )


def epoch(title: str, answer: Answer) -> Panel:
    """A point for each sample: its number over its place in the epoch, coloured by the target that came with it."""
    count = len(answer.value or [0]) if isinstance(answer.value, list) else 1
    batches = [rows(answer.item(k)) for k in range(min(count, SAMPLES))]
    samples, targets = np.concatenate(batches).T
    ends = np.cumsum([len(batch) for batch in batches]) - 0.5
    return plane(
        title,
        line("end of batch", np.repeat(ends, 3), np.tile([-1, TOP, np.nan], len(ends)), OTHER),
        *(points(f"target {c}", np.flatnonzero(targets == c), samples[targets == c]) for c in range(CLASSES)),
        x_label="place in the epoch",
        y_label="sample",
        x_range=(-1, TOP),
        y_range=(-1, TOP),
    )


def rows(batch: Answer) -> NDArray[np.float64]:
    """The number and the target of each sample of a batch, (N, 2), as far as it has both."""
    samples, targets = batch.item(0).numbers(None, 2)[:, 0], batch.item(1).numbers(None)
    both = min(len(samples), len(targets))
    return np.column_stack([samples[:both], targets[:both]])
