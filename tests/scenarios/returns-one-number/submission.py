import numpy as np


def sigmoid(x):
    return 0.5
