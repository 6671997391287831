def huge(make):
    kept = []
    for _ in range(50):
        kept.append(make(30_000_000))
    return len(kept)


def many(make):
    kept = [make(1000) for _ in range(3000)]
    return kept


def children(mock):
    for number in range(100_000):
        getattr(mock, f"child{number}")
    return 1


def count(generator):
    return sum(generator)


def work(add):
    return add(10**12)


def right(same):
    return same(1)
