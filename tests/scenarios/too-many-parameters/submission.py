import numpy as np


def sigmoid(x, steepness):
    return 1 / (1 + np.exp(-steepness * x))
