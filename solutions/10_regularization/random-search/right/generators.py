"""Powers of ten, an endless generator per hyperparameter, and max over the trials that have a score."""

import itertools
import math


def sample_log_uniform(low, high, rng):
    if math.isnan(low + high) or math.isinf(high) or low <= 0 or low >= high:
        raise ValueError("0 < low < high")
    a, b = math.log10(low), math.log10(high)
    return min(max(10 ** (a + (b - a) * float(rng.random())), low), high)


def endless(spec, rng):
    kind, first, *rest = spec
    if kind == "choice":
        if not first:
            raise ValueError("nothing to choose from")
        while True:
            yield first[rng.permutation(len(first))[0]]
    if kind not in ("log", "uniform"):
        raise ValueError(kind)
    low, high = first, rest[0]
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError("bounds")
    while True:
        yield sample_log_uniform(low, high, rng) if kind == "log" else low + (high - low) * float(rng.random())


def random_search(evaluate, space, trials, rng):
    if trials < 1:
        raise ValueError("trials")
    columns = [endless(space[name], rng) for name in space]
    results = []
    for values in itertools.islice(zip(*columns, strict=True), trials):
        trial = dict(zip(space, values, strict=True))
        results.append((trial, float(evaluate(trial))))
    rated = [pair for pair in results if pair[1] > -math.inf]
    if not rated:
        raise ValueError("no scores")
    return max(rated, key=lambda pair: pair[1])[0], results
