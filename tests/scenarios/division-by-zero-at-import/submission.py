import numpy as np

TABLE = 1 / np.zeros(3)


def sigmoid(x):
    return x
