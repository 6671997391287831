import numpy as np


def sigmoid(x):
    raise ValueError('half a pair: \ud800')
