import decimal


def power():
    return decimal.Decimal("1e9999")


class Endless:
    def __len__(self):
        return 2**40

    def __getitem__(self, index):
        return index

    def __length_hint__(self):
        return 2**62


def endless():
    return Endless()


def generator():
    while True:
        yield "x" * 1_000_000


def empties():
    return [[] for _ in range(1_900_000)]


def sets():
    return [set() for _ in range(600_000)]
