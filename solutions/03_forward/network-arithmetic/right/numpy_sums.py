"""NumPy throughout: a dot product of neighbouring sizes, np.ceil and np.floor, brought back to int at the end."""

import numpy as np


def numbers(*values):
    a = np.array([float(v) for v in values])
    if (a != np.trunc(a)).any() or (a < 1).any():
        raise ValueError(values)
    return a


def count_parameters(layer_sizes):
    if len(layer_sizes) < 2:
        raise ValueError(layer_sizes)
    s = numbers(*layer_sizes)
    return int(s[:-1] @ s[1:] + s[1:].sum())


def conv_output_size(size, kernel, stride=1, pad=0):
    size, kernel, stride, _ = numbers(size, kernel, stride, float(pad) + 1)
    places = np.floor((size + 2 * float(pad) - kernel) / stride + 1)
    if size + 2 * float(pad) < kernel:
        raise ValueError(kernel)
    return int(places)


def iterations_per_epoch(num_samples, batch_size, drop_last=False):
    n, b = numbers(num_samples, batch_size)
    return int((np.floor if drop_last else np.ceil)(n / b))


def total_iterations(num_samples, batch_size, epochs):
    n, b, e = numbers(num_samples, batch_size, epochs)
    return int(e * np.ceil(n / b))
