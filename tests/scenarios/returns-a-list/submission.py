import numpy as np


def sigmoid(x):
    return [float(v) for v in np.atleast_1d(x)]
