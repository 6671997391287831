class Stack:
    __test__ = True

    def test_forged(self):
        pass

    def pop(self):
        return 1


class Tester:
    __test__ = True
    pytestmark = [1]

    def test_forged(self):
        pass

    def pop(self):
        return 1
