"""A shuffle by hand, by swapping (Fisher and Yates); the samples are dealt one by one and stacked."""

import numpy as np


def iterate_minibatches(X, t, batch_size, rng, shuffle=True, drop_last=False):
    if len(X) != len(t) or len(X) == 0 or batch_size < 1 or batch_size != int(batch_size):
        raise ValueError("bad arguments")
    deck = list(range(len(X)))
    if shuffle:
        for last in range(len(deck) - 1, 0, -1):
            other = int(rng.integers(last + 1))
            deck[last], deck[other] = deck[other], deck[last]
    batches = []
    hand = []
    for card in deck:
        hand.append(card)
        if len(hand) == batch_size:
            batches.append(hand)
            hand = []
    if hand and not drop_last:
        batches.append(hand)
    return [(np.stack([X[i] for i in hand]), np.stack([t[i] for i in hand])) for hand in batches]
