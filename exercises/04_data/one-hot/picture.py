"""The picture of one-hot. Runs in: checks."""

import numpy as np
from one_hot import from_one_hot, one_hot

from grader.asking import ask
from grader.checks import reference
from grader.pictures import Figure, figure, matrix

LABELS = np.array([3, 0, 2, 2, 1])
CLASSES = 5  # the last of them does not occur


def picture() -> Figure:
    """Five labels as rows, and beside the right rows the labels that come back."""
    right = reference("one-hot").one_hot(LABELS, CLASSES)
    back = ask(from_one_hot, right).numbers(len(LABELS))
    return figure(
        "Your one-hot rows",
        matrix(
            "Your rows",
            ask(one_hot, LABELS, CLASSES).numbers(len(LABELS), None),
            x_label="class",
            y_label="label",
            names=[str(label) for label in LABELS],
        ),
        matrix(
            "The right rows, as you read them back",
            right,
            x_label="class",
            y_label="your label",
            names=[f"{label:g}" if np.isfinite(label) else "?" for label in back],
        ),
        alt="Two tables of 5 rows and 5 columns, with a single 1 in each row and zeros elsewhere. Left your rows for"
        " the labels 3, 0, 2, 2 and 1; right the rows as they should be, beside each the label that your from_one_hot"
        " reads in it. The last column has no 1.",
        caption="The label says where in its row the 1 stands; a class that does not occur has its column too.",
    )
