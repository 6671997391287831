class Names(list):
    def __iter__(self):
        while True:
            yield "double"

    def __len__(self):
        return 2**62


__all__ = Names(["double"])


def double(number):
    return 2 * number
