from curve import curve


def sigmoid(x):
    return curve(x)
