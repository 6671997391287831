import numpy as np


def sigmoid(x):
    value = []
    for _ in range(400):
        value = [value]
    return value
