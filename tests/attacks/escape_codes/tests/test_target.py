import pytest
import target


@pytest.mark.parametrize("name", ["text", "error", "value_error", "shown", "typed", "exit_", "surrogates"])
def test_wrong(name):
    print(target.EVIL)
    assert getattr(target, name)() == 3


@pytest.mark.parametrize("case", [target.named(), target.shown(), target.EVIL, target.Evil], ids=None)
def test_wrong_ids(case):
    assert case == 3


@pytest.mark.parametrize("case", [1], ids=[target.EVIL])
def test_wrong_id(case):
    assert case == 3


@pytest.fixture
def broken():
    target.error()


def test_wrong_fixture(broken):
    pass


def test_wrong_message():
    pytest.fail(target.EVIL)


@pytest.mark.xfail(reason=target.EVIL, strict=True)
def test_wrong_reason():
    pass
