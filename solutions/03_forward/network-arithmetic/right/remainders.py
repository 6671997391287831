"""divmod and its remainder decide about the last batch; each layer's inputs get one more, which stands for the bias."""

import math


def checked(value, least):
    if isinstance(value, float) or value != int(value) or value < least:
        raise ValueError(f"{value}: a whole number of at least {least}, please")
    return int(value)


def count_parameters(layer_sizes):
    inputs, *units = [checked(n, 1) for n in layer_sizes] or [0]
    if not units:
        raise ValueError("a network needs inputs and units")
    total = 0
    for n in units:
        total += (inputs + 1) * n
        inputs = n
    return total


def conv_output_size(size, kernel, stride=1, pad=0):
    padded = checked(size, 1) + checked(pad, 0) * 2
    if checked(kernel, 1) > padded:
        raise ValueError("the kernel does not fit")
    return math.ceil((padded - int(kernel) + 1) / checked(stride, 1))


def iterations_per_epoch(num_samples, batch_size, drop_last=False):
    full, left = divmod(checked(num_samples, 1), checked(batch_size, 1))
    if left and not drop_last:
        full += 1
    return full


def total_iterations(num_samples, batch_size, epochs):
    return iterations_per_epoch(num_samples, batch_size) * checked(epochs, 1)
