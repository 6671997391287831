import pytest
import target


@pytest.mark.parametrize("name", ["syntax", "real_syntax", "hidden", "noted", "group", "cause", "value", "quiet"])
def test_wrong(name):
    assert getattr(target, name)() == 3


def test_right_double():
    assert target.double(2) == 4
