from inside import PAYLOAD


class Point:
    def __init__(self, x=0):
        self.x = x

    def __repr__(self):
        return PAYLOAD

    def __str__(self):
        return f"[{PAYLOAD}]"

    def __eq__(self, other):
        return type(other) is Point and other.x == self.x


class Honest(Point):
    def __repr__(self):
        return f"Honest({self.x!r})"

    def __eq__(self, other):
        return type(other) is Honest and other.x == self.x


def source():
    return f"result = {PAYLOAD}"
