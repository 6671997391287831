"""The picture of perceptron-learning-rule. Runs in: checks."""

import numpy as np
from numpy.typing import NDArray
from perceptron_learning import train_perceptron

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, cells, figure, line, path, plane, points, regions

WIDE, HIGH = (0.0, 8.0), (0.0, 6.0)
LR, EPOCHS = 0.02, 30


def picture() -> Figure:
    """The line that the learner's function finds, and the wrong answers on the way there."""
    X, t = samples()
    answer = ask(train_perceptron, X, t, LR, EPOCHS)
    w, theta, errors = answer.item(0).numbers(2), answer.item(1).numbers(), answer.item(2).numbers(None)
    right_w, right_theta, right_errors = reference("perceptron-learning-rule").train_perceptron(X, t, LR, EPOCHS)
    u = cells(WIDE, HIGH) @ w + theta
    x1 = np.array(WIDE)
    return figure(
        "Your line",
        regions(
            "After the last epoch",
            np.where(np.isfinite(u), u > 0, np.nan).reshape(48, 48),
            points("0", *X[t == 0].T),
            points("1", *X[t == 1].T),
            line("right line", x1, -(right_theta + right_w[0] * x1) / right_w[1], RIGHT),
            x_range=WIDE,
            y_range=HIGH,
            x_label="x1",
            y_label="x2",
            names=("answers 0", "answers 1"),
        ),
        plane(
            "Wrong answers",
            path("yours", 1 + np.arange(len(errors)), errors),
            path("right", 1 + np.arange(len(right_errors)), right_errors, RIGHT),
            x_label="epoch",
            y_range=(-5, 25),
        ),
        alt="Left, samples of two classes and the plane tinted by what your perceptron answers for it; a right one has"
        " the dashed line as its border, with all samples in their own colour. Right, your wrong answers in each epoch"
        f" beside the right ones, which go up and down and reach 0 in epoch {len(right_errors)}.",
        caption="Each wrong answer moves the line a little, and training ends with the first epoch that has none.",
    )


def samples() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """24 points that a line away from the origin parts: (24, 2) and their classes (24,)."""
    X = np.random.default_rng(4).uniform([0.4, 0.4], [7.6, 5.6], size=(60, 2))
    u = X @ [1.0, 1.5] - 9.2
    far = np.abs(u) > 1.5
    return X[far][:24], (u[far][:24] > 0).astype(np.int64)
