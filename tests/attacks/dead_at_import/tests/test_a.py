import pytest

try:
    import target
except Exception:
    target = None


@pytest.mark.skipif(target is None, reason="not there")
def test_nothing():
    assert target.add(1, 2) == 3
