import numpy as np


def sigmoid(x):
    x[...] = 1 / (1 + np.exp(-np.abs(x)))
    return x
