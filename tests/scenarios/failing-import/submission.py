import torch_that_is_not_here


def sigmoid(x):
    return x
