import numpy as np


def sigmoid(x):
    return np.zeros((3, 1))
