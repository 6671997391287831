"""The picture of classification-metrics. Runs in: checks."""

import numpy as np
from metrics import accuracy, confusion_matrix, predict_labels
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.data import load_digits, load_weights, upsample
from grader.pictures import Figure, figure, matrix

DIGITS = [str(digit) for digit in range(10)]
SAMPLES = 500


def picture() -> Figure:
    """The confusion matrix of a trained network on digits of a kind that it does not know."""
    scores, target = network_scores()
    right = reference("classification-metrics")
    winners = right.predict_labels(scores)
    found = ask(predict_labels, scores).numbers(SAMPLES)
    predicted = found.astype(np.int64) if np.isin(found, range(10)).all() else winners
    share = ask(accuracy, target, predicted).numbers()
    counts = ask(confusion_matrix, target, predicted, 10).numbers(10, 10)
    return figure(
        "Your confusion matrix",
        matrix(
            f"Yours; accuracy {share:.3g}, right {right.accuracy(target, winners):.3g}",
            counts,
            x_label="taken for",
            y_label="true digit",
            x_names=DIGITS,
            names=DIGITS,
        ),
        matrix(
            "Yours minus the right one",
            counts - right.confusion_matrix(target, winners, 10),
            x_label="taken for",
            y_label="true digit",
            x_names=DIGITS,
            names=DIGITS,
        ),
        alt="Left, a table of the ten true digits and what a network took them for, by your functions. On the diagonal"
        " stand the right answers, about 50 for 0, 3 and 6; beside it 1, 5 and 7 are often taken for 8, and 9 for 3."
        " Right, the difference from the right table: zeros everywhere if yours is right.",
        caption="Accuracy says how often the network is wrong, the matrix in which way: dark fields off the diagonal.",
    )


def network_scores() -> tuple[NDArray[np.floating], NDArray[np.uint8]]:
    """What the packaged network, trained on other digits, says of the embedded ones: (500, 10), and their labels."""
    images, labels = load_digits()
    x = upsample(images[:SAMPLES]).reshape(SAMPLES, -1) / np.float32(255)
    return reference("mnist-inference").predict_proba(load_weights(), x), labels[:SAMPLES]
