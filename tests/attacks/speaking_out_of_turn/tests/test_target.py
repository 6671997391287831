import time

import pytest
import target


@pytest.mark.parametrize("number", [1, 5, 20])
def test_wrong(number):
    target.start(number)
    time.sleep(0.1)
    assert target.double(2) == 4
