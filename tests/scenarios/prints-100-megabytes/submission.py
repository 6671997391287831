import numpy as np


def sigmoid(x):
    print('x' * 100_000_000)
    return np.zeros(np.shape(x))
