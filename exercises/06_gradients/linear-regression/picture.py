"""The picture of linear-regression. Runs in: checks."""

import numpy as np
from linear_regression import fit_linear_regression, predict_linear
from numpy.typing import NDArray

from grader.asking import ask
from grader.checks import reference
from grader.pictures import RIGHT, Figure, figure, line, path, plane, points

LR, EPOCHS = 0.1, 60
ENDS = np.array([[0.0], [4.0]])


def picture() -> Figure:
    """Lines on the way to the best one, and the loss by epoch."""
    x, t = samples()
    right = reference("linear-regression")
    fit = right.fit_linear_regression(x, t, LR, EPOCHS)
    losses = ask(fit_linear_regression, x, t, LR, EPOCHS).item(2).numbers(None)[:30]
    return figure(
        "Your line",
        plane(
            f"After 1, 5 and {EPOCHS} epochs",
            points("samples", x, t),
            *(path(f"yours, {epochs}", ENDS, fitted(x, t, epochs)) for epochs in (1, 5, EPOCHS)),
            line(f"right, {EPOCHS}", ENDS, right.predict_linear(ENDS, *fit[:2]), RIGHT),
            x_label="x",
            y_range=(-2, 9),
        ),
        plane(
            "The loss before each update",
            path("yours", range(len(losses)), losses),
            path("right", range(30), fit[2][:30], RIGHT),
            x_label="epoch",
            y_range=(0.1, 1000),
            logarithmic=True,
        ),
        alt="Left, a cloud of 30 samples that falls to the right, and your line after 1, 5 and 60 epochs: at first it"
        " rises, at last it runs through the middle of the cloud, as the right one does. Right, the loss of 30 epochs,"
        " yours over the right one: a fall from 12 to 7 at once, then a slow one to 0.8.",
        caption="The loss falls fast at first and then slowly, while the line settles between the samples.",
    )


def fitted(x: NDArray[np.float64], t: NDArray[np.float64], epochs: int) -> NDArray[np.float64]:
    """What the learner's line, after so many epochs, predicts at both ends."""
    answer = ask(fit_linear_regression, x, t, LR, epochs)
    w, b = answer.item(0).numbers(1), answer.item(1).numbers()
    return ask(predict_linear, ENDS, w, float(b)).numbers(2)


def samples() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """30 points around a line: (30, 1) and (30,)."""
    rng = np.random.default_rng(3)
    x = rng.uniform(0, 4, size=(30, 1))
    return x, 5.5 - 1.2 * x[:, 0] + rng.normal(scale=0.5, size=30)
