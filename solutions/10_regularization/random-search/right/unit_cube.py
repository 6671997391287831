"""All random numbers in one table beforehand, a row per trial, and stretched afterwards; nanargmax finds the best."""

import numpy as np


def stretch(low, high, u):
    if not (low > 0 and high > low and np.isfinite(high)):
        raise ValueError("bounds")
    return float(low * (high / low) ** u)


def sample_log_uniform(low, high, rng):
    return stretch(low, high, rng.random())


def value_of(spec, u):
    match spec:
        case ("log", low, high):
            return stretch(low, high, u)
        case ("uniform", low, high) if low < high and np.isfinite([low, high]).all():
            return float((1 - u) * low + u * high)
        case ("choice", values) if len(values):
            return values[int(u * len(values))]
    raise ValueError(f"what is {spec}?")


def random_search(evaluate, space, trials, rng):
    if trials <= 0:
        raise ValueError("trials")
    table = rng.random((trials, len(space)))
    tried = [{name: value_of(space[name], u) for name, u in zip(space, row, strict=True)} for row in table]
    scores = [float(evaluate(trial.copy())) for trial in tried]
    with np.errstate(all="ignore"):
        winner = int(np.nanargmax(scores))
    if not scores[winner] > -np.inf:
        raise ValueError("minus infinity at best")
    return tried[winner], list(zip(tried, scores, strict=True))
