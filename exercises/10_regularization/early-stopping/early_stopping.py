"""Early stopping. Task: README.md in this folder. Run `grade run early-stopping`."""

from collections.abc import Sequence


def early_stopping(val_losses: Sequence[float], patience: int, min_delta: float = 0.0) -> tuple[int, int]:
    """Decide after which epoch a training stops, and which epoch's weights to keep.

    val_losses: the validation loss after each epoch, as the training would give them one by one.
    patience: how many epochs in a row may pass without improvement, at least 1.
    min_delta: an epoch improves if its loss is below the best so far by more than this; finite, at least 0.
    Returns (stop_epoch, best_epoch), Python ints counted from 0: the last epoch that is trained, and the last
    one that improved. No loss after stop_epoch is looked at. Without a stop, stop_epoch is the last epoch.
    A loss that is NaN or plus infinity is no improvement.
    Raises ValueError: val_losses is empty, patience is below 1, min_delta is below 0, NaN or infinite, or no
    epoch up to the stop has a finite loss, so that there are no weights to keep.
    """
    raise NotImplementedError
