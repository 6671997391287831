class SkipTest(Exception):
    __module__ = "numpy.testing"


class Aliased(Exception):
    __module__ = "numpy.testing"
    __qualname__ = "_private.utils.SkipTest"


def add(a, b):
    raise SkipTest("not today")


def sub(a, b):
    raise Aliased("not today")
