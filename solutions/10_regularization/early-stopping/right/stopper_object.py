"""An object that is told each loss and answers whether to stop, as libraries have it; it counts the gain, not the limit."""

import math


class Stopper:
    def __init__(self, patience, min_delta):
        if patience < 1 or math.isnan(min_delta) or math.isinf(min_delta) or min_delta < 0:
            raise ValueError("patience and min_delta")
        self.patience, self.min_delta = patience, min_delta
        self.best = None
        self.last_improvement = -1

    def stops(self, epoch, loss):
        if math.isfinite(loss) and (self.best is None or self.best - loss > self.min_delta):
            self.best = loss
            self.last_improvement = epoch
        return epoch - self.last_improvement == self.patience


def early_stopping(val_losses, patience, min_delta=0.0):
    stopper = Stopper(patience, min_delta)
    if not val_losses:
        raise ValueError("no epochs")
    stop = next((e for e, loss in enumerate(val_losses) if stopper.stops(e, loss)), len(val_losses) - 1)
    if stopper.best is None:
        raise ValueError("no finite loss")
    return stop, stopper.last_improvement
