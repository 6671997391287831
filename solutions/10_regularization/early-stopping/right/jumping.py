"""From one improvement to the next: a search in the window of `patience` epochs that follows the best one."""

import numpy as np


def early_stopping(val_losses, patience, min_delta=0.0):
    losses = np.array(val_losses, dtype=float)
    if losses.size == 0 or patience <= 0 or min_delta < 0 or not np.isfinite(min_delta):
        raise ValueError("bad arguments")
    losses[~np.isfinite(losses)] = np.inf
    best_epoch, limit = -1, np.inf
    while True:
        window = losses[best_epoch + 1 : best_epoch + 1 + patience]
        better = np.flatnonzero(window < limit)
        if not better.size:
            if best_epoch == -1:
                raise ValueError("nothing to keep")
            return best_epoch + len(window), best_epoch
        best_epoch += 1 + int(better[0])
        limit = losses[best_epoch] - min_delta
