import numpy as np


def sigmoid(x):
    return np.full_like(x, np.nan, dtype=np.float64)
