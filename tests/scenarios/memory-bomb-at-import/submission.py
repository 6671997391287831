import numpy as np

TABLE = np.ones(10**12)


def sigmoid(x):
    return x
