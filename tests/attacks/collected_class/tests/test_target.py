from target import Stack, Tester


def test_wrong_pop():
    assert Stack().pop() == 2


def test_wrong_tester():
    assert Tester().pop() == 2
