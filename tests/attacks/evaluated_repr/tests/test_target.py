from target import Honest, Point, source


def test_wrong_repr():
    assert eval(repr(Point(2))) == Point(2)


def test_wrong_part():
    assert eval(f"[{Point(2)!r}]") == [Point(2)]


def test_wrong_text():
    assert eval(str(Point(2)))[0].x == 2


def test_wrong_exec():
    names = {}
    exec(source(), names)
    assert names["result"] == 2


def test_right_eval():
    assert eval("1 + 1") == 2
    two = 2
    assert eval("two") == 2
    names = {}
    exec("three = 3", names)
    assert names["three"] == 3
