def sigmoid(x):
    return sigmoid
