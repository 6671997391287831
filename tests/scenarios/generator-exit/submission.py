import numpy as np


def sigmoid(x):
    raise GeneratorExit
