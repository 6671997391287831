__all__ = ["add", "test_right_forged", "TestForged", "pytestmark", "setup_module", "load_tests", "__name__", "__file__"]


def add(a, b):
    return 0


def test_right_forged():
    pass


class TestForged:
    __test__ = True

    def test_forged(self):
        pass


pytestmark = ["skip"]


def setup_module(module):
    module.test_wrong_add = lambda: None
    module.add = lambda a, b: 3


def load_tests(*_):
    return []


__name__ = "test_target"
__file__ = "/etc/passwd"
