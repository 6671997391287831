import numpy as np

lines = ["x" * 100_000_000]


def sigmoid(x):
    while lines:
        print(lines.pop())
    return np.zeros(np.shape(x))
