import pytest
import target


@pytest.fixture(scope="session")
def session():
    yield target.make()
    with target.make():
        pass


@pytest.fixture
def slow():
    made = target.make()
    yield made
    with made:
        pass


def test_wrong_repr():
    assert target.make() == 3


def test_wrong_iter():
    assert list(target.make()) == [3]


def test_wrong_hash():
    assert {target.make(): number for number in range(100)} == 3


def test_wrong_teardown(slow):
    assert slow is not None


def test_right_double():
    assert target.double(2) == 4


def test_wrong_session(session):
    assert session is not None
