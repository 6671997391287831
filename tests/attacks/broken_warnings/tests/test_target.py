import pytest
import target


@pytest.mark.parametrize("name", ["endless", "skip", "own", "many", "forged", "exiting"])
def test_wrong(name):
    assert getattr(target, name)() == 3


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["endless", "skip", "own", "many", "forged", "exiting"])
def test_wrong_raised(name):
    assert getattr(target, name)() == 3
