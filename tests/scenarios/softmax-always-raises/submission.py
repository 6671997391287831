def softmax(x, axis=-1):
    raise ValueError('no')
