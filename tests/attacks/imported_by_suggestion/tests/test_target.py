import traceback

import pytest
import target


@pytest.mark.parametrize("name", ["add", "sub", "mul"])
def test_wrong(name):
    assert getattr(target, name)(1, 2) == 3


def test_right_text():
    with pytest.raises(ImportError) as caught:
        target.add(1, 2)
    assert not hasattr(caught.value, "name_from")
    assert "cannot import" in "".join(traceback.format_exception(caught.value))
