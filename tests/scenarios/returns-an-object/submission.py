class Result:
    pass


def sigmoid(x):
    return Result()
