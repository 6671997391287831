import numpy as np


def sigmoid(x):
    return np.array([0.5, None, 'x'], dtype=object)
