import numpy as np


def sigmoid(x):
    return np.zeros(np.shape(x)) + float(input('x? '))
