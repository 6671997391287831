"""The picture of mlp-gradients. Runs in: checks."""

import numpy as np
from mlp_gradients import loss_and_gradients
from numpy.typing import NDArray

from grader.asking import Answer, ask
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, Figure, figure, line, plane, points

SHAPES = {"W1": (4, 4), "b1": (4,), "W2": (4, 4), "b2": (4,)}  # square: a missing transpose raises no error
SAMPLES = 4


def picture() -> Figure:
    """Every number of the four gradients over the one that is right."""
    rng = np.random.default_rng(1)
    params = {name: rng.normal(size=shape) for name, shape in SHAPES.items()}
    x, t = rng.normal(size=(SAMPLES, 4)), np.array([0, 1, 2, 1])
    answer = ask(loss_and_gradients, params, x, t).item(1)
    right = reference("mlp-gradients").loss_and_gradients(params, x, t)[1]
    most = 1.3 * max(float(np.abs(one).max()) for one in right.values())
    return figure(
        "Your gradients against the right ones",
        plane(
            "A point for each parameter",
            *(points(name, right[name], gradient(answer, name), OTHER) for name in SHAPES),
            line("right", [-most, most], [-most, most], RIGHT),
            x_label="what it should be",
            y_label="yours",
            y_range=(-most, most),
        ),
        alt="A cloud of 40 points in four colours, one for each of W1, b1, W2 and b2: your gradient over the right"
        " one. If yours is right, all points lie on the dashed diagonal.",
        caption="On a flatter line gradients are too small, on a falling one they have the wrong sign; the colour says"
        " which of the four to look at.",
    )


def gradient(answer: Answer, name: str) -> NDArray[np.float64]:
    """One of the learner's gradients."""
    found = answer.value.get(name) if isinstance(answer.value, dict) else answer.value
    return Answer(f"For {name}, {answer.name}", found, ok=answer.ok).numbers(*SHAPES[name])
