def sigmoid(x):
        y = x
	return y
