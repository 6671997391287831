import target


def test_wrong_down():
    assert target.down(lambda depth: target.down(lambda d: target.down(lambda e: e, d), depth), 0) == 1


def test_wrong_endless():
    def back(depth):
        return target.down(back, depth)

    assert target.down(back, 0) == 1


def test_wrong_hang():
    assert target.hang(lambda: None) == 1


def test_wrong_again():
    assert target.again(lambda function: function(function)) == 1


def test_right_double():
    assert target.double(2) == 4
