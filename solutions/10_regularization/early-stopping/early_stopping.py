"""Early stopping: the reference."""

import math
from collections.abc import Sequence


def early_stopping(val_losses: Sequence[float], patience: int, min_delta: float = 0.0) -> tuple[int, int]:
    """Return the epoch after which to stop, and the last epoch that improved, both counted from 0.

    Raises ValueError: val_losses is empty, patience is below 1, min_delta is below 0 or not finite, or no
    epoch up to the stop has a finite loss.
    """
    if len(val_losses) == 0:
        raise ValueError("val_losses is empty; use at least one epoch")
    if patience < 1:
        raise ValueError(f"patience = {patience}; use at least 1")
    if not 0 <= min_delta < math.inf:
        raise ValueError(f"min_delta = {min_delta}; use a finite number, at least 0")
    best, best_epoch, waited = math.inf, -1, 0
    for epoch, loss in enumerate(val_losses):
        if loss < best - min_delta:  # false for NaN
            best, best_epoch, waited = loss, epoch, 0
        else:
            waited += 1
        if waited >= patience:
            break
    if best_epoch < 0:
        raise ValueError(f"no finite loss up to epoch {epoch}; there are no weights to keep")
    return epoch, best_epoch
