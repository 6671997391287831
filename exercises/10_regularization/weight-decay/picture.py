"""The picture of weight-decay. Runs in: checks."""

import numpy as np
from numpy.typing import NDArray
from weight_decay import add_weight_decay, l2_penalty, max_norm

from grader.asking import Answer, ask, ask_each
from grader.checks import reference
from grader.pictures import OTHER, RIGHT, YOURS, Figure, Role, Series, figure, line, path, plane

W = np.linspace(-3, 3, 41)
LAM = 0.5
COLUMNS = np.array([[2.6, -0.6, -2.2, -0.3, 1.3], [0.9, 1.9, 0.7, -0.9, -2.1]])  # the weights into five units
LIMIT = 1.5


def picture() -> Figure:
    """The penalty of one weight and the gradient that it adds, and columns of weights before and after max-norm."""
    right = reference("weight-decay")
    params = {"W1": W[None, :], "b1": W[None, :]}
    zeros = {name: np.zeros((1, len(W))) for name in params}
    added, right_added = ask(add_weight_decay, zeros, params, LAM), right.add_weight_decay(zeros, params, LAM)
    penalised = [({"W1": np.array([[w, 0.0]]), "b1": np.array([1.0])}, LAM) for w in W]
    cut = ask(max_norm, COLUMNS, LIMIT).numbers(*COLUMNS.shape)
    angles = np.linspace(0, 2 * np.pi, 65)
    return figure(
        "What holds your weights down",
        plane(
            "By one parameter, λ = 0.5",
            line("penalty", W, ask_each(l2_penalty, penalised)),
            line("added to dW", W, part(added, "W1")),
            line("added to db", W, part(added, "b1")),
            line("right", W, [right.l2_penalty(*one) for one in penalised], RIGHT),
            *(line("right", W, right_added[name], RIGHT) for name in params),
            x_label="weight or bias",
            y_range=(-3, 4),
        ),
        plane(
            "Columns of W, with max-norm 1.5",
            line("limit", LIMIT * np.cos(angles), LIMIT * np.sin(angles), OTHER),
            rays("before", COLUMNS, OTHER),
            rays("yours", cut, YOURS),
            rays("right", right.max_norm(COLUMNS, LIMIT), RIGHT),
            x_range=(-4.6, 4.6),
            y_range=(-2.5, 2.5),
        ),
        alt="Left, three lines by the size of a weight or bias: the penalty, a parabola with its lowest point at 0;"
        " what it adds to the gradient of a weight, a straight line that rises through 0; and to that of a bias,"
        " nothing. Right, five columns of weights as rays from the middle: those that stuck out of the circle of"
        " radius 1.5 end upon it, in the same direction as before, and the short one is as it was.",
        caption="The larger a weight, the more strongly the penalty pulls it back; max-norm lets it be up to a limit.",
    )


def part(answer: Answer, name: str) -> NDArray[np.float64]:
    """One of the learner's gradients."""
    found = answer.value.get(name) if isinstance(answer.value, dict) else answer.value
    return Answer(f"For {name}, {answer.name}", found, ok=answer.ok).numbers(1, len(W))


def rays(label: str, columns: NDArray[np.float64], role: Role) -> Series:
    """A line from the origin to each column, with gaps between them."""
    x, y = np.stack([np.zeros(columns.shape), columns, np.full(columns.shape, np.nan)], axis=2)
    return path(label, x, y, role)
