def sigmoid(x):
    yield from x
