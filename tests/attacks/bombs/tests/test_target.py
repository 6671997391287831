import pytest
import target


@pytest.mark.parametrize(
    "name",
    ["lists", "refilled", "classes", "handles", "nested", "chain", "errors", "forged_lists", "forged_numbers"],
)
def test_wrong(name):
    assert getattr(target, name)() == 1


def test_right_double():
    assert target.double(2) == 4
