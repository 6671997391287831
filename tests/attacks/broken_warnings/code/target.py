import unittest
import warnings


class Endless(UserWarning):
    def __new__(cls, *args):
        warnings.warn("again", Endless)
        return super().__new__(cls, *args)


class SkipTest(Warning):
    __module__ = "unittest.case"


class PytestAssertRewriteWarning(UserWarning):
    __module__ = "pytest"


class Exiting(Warning):
    def __init__(self, *args):
        raise SystemExit(0)


def endless():
    warnings.warn("x", Endless)
    return 0


def skip():
    warnings.warn("x", SkipTest)
    return 0


def own():
    warnings.warn("x", PytestAssertRewriteWarning)
    return 0


def many():
    for number in range(100_000):
        warnings.warn(f"x{number}", UserWarning)
    return 0


def forged():
    import inside

    for kind in (5, "UserWarning", inside.Ref("k", "builtins", "SystemExit", ["SystemExit"])):
        inside.worker()._project._warnings.append([kind, "x"])
    return 0


def exiting():
    import inside

    inside.worker()._project._warnings.append([Exiting, "x"])
    return 0
