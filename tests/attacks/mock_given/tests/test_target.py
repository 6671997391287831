from unittest.mock import MagicMock, Mock

import pytest
import target


@pytest.mark.parametrize("kind", [Mock, MagicMock])
def test_wrong_never_called(kind):
    mock = kind()
    target.forge(mock)
    mock.assert_called_once_with(3)


@pytest.mark.parametrize("kind", [Mock, MagicMock])
def test_wrong_called_twice(kind):
    mock = kind()
    target.twice(mock)
    assert len(mock.call_args_list) == 1
    mock.assert_called_once_with(3)


def test_right_still_works():
    mock = Mock(side_effect=ValueError)
    target.forge(mock)
    with pytest.raises(ValueError):
        mock()
