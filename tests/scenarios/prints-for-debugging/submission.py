import numpy as np


def sigmoid(x):
    print('x is', x)
    return np.zeros(np.shape(x))
