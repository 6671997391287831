import numpy as np


def softmax(x, axis=-1):
    x = np.asarray(x)
    x = x.astype(np.float32 if x.dtype == np.float32 else np.float64)
    if x.ndim == 0 or x.shape[axis] == 0 or not np.isfinite(x.max(axis=axis)).all():
        raise TypeError("scores must be finite")
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
