import target

VALUES = [getattr(target, f"name{n}") for n in range(100)]


def test_wrong_collected():
    assert VALUES[0] == 3
