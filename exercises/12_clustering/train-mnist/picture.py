"""The picture of train-mnist. Runs in: checks."""

import numpy as np
from numpy.typing import NDArray
from train_mnist import predict, train

from grader.asking import Answer, ask
from grader.checks import reference
from grader.data import load_digits, upsample
from grader.pictures import RIGHT, Figure, figure, images, path, plane

LEARNED, NEW = 600, 360  # of the embedded digits: the first ones, and the last ones, which are by other writers
EPOCHS = 6
HOW = {"epochs": EPOCHS, "batch_size": 20, "lr": 0.03, "decay": 0.8}
MOST_SHOWN = 12


def picture() -> Figure:
    """The losses of a short training, and new digits that the network then misreads."""
    small, labels = load_digits()
    digits = upsample(small)
    data = digits[:LEARNED], labels[:LEARNED], digits[-NEW:], labels[-NEW:]
    answer = ask(train, *data, np.random.default_rng(1), **HOW)
    right = reference("train-mnist").train(*data, np.random.default_rng(1), **HOW)[1]
    network = answer.item(0)
    found = ask(predict, network.value, digits[-NEW:]).numbers(NEW) if network.ok else np.full(NEW, np.nan)
    misread = np.flatnonzero(~np.isnan(found) & (found != labels[-NEW:]))
    epochs, losses = range(1, EPOCHS + 1), answer.item(1)
    return figure(
        "Your training",
        plane(
            f"The loss in {EPOCHS} epochs with {LEARNED} digits",
            path("yours, learned", epochs, history(losses, "train_loss", EPOCHS)),
            path("yours, new", [0, *epochs], history(losses, "val_loss", EPOCHS + 1)),
            path("right", epochs, right["train_loss"], RIGHT),
            path("right", [0, *epochs], right["val_loss"], RIGHT),
            x_label="epoch",
            y_range=(0, 3),
        ),
        images(
            f"{len(misread)} of {NEW} new digits misread" if not np.isnan(found).any() else "No new digits were read",
            [digits[len(digits) - NEW + n, 4:24, 6:22] for n in misread[:MOST_SHOWN]],
            [f"{labels[n - NEW]} as {found[n]:g}" for n in misread[:MOST_SHOWN]],
        ),
        alt="Left, two falling lines by epoch: the mean loss of the digits that your network learns, which goes to 0,"
        " and of new ones, which begins at about ln 10 = 2.3 and stops falling sooner. Right, images of new digits"
        " that it misread, each with what it is and what it was taken for; a right training leaves about 50 of 360.",
        caption="Learned digits are known by heart in the end; new ones, by other writers, show how much was"
        " understood.",
    )


def history(answer: Answer, name: str, length: int) -> NDArray[np.float64]:
    """One of the lists of the learner's history."""
    found = answer.value.get(name) if isinstance(answer.value, dict) else answer.value
    return Answer(f"For {name}, {answer.name}", found, ok=answer.ok).numbers(length)
