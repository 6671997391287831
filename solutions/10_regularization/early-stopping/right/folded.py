"""A fold: the state after an epoch is a function of the state before it, and a stopped state stays as it is."""

from functools import reduce
from math import inf


def early_stopping(val_losses, patience, min_delta=0.0):
    if not (patience >= 1 and 0 <= min_delta < inf and len(val_losses)):
        raise ValueError("arguments")

    def after(state, loss):
        epoch, best_epoch, limit = state
        if epoch - best_epoch >= patience:
            return state
        if loss < limit:
            return epoch + 1, epoch + 1, loss - min_delta
        return epoch + 1, best_epoch, limit

    stop, best_epoch, _ = reduce(after, val_losses, (-1, -1, inf))
    if best_epoch == -1:
        raise ValueError("no finite loss")
    return stop, best_epoch
