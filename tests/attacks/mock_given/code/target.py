def forge(mock):
    """Have a mock say that it was called as wanted."""
    for act in (
        lambda: setattr(mock, "called", True),
        lambda: setattr(mock, "call_count", 1),
        lambda: setattr(mock, "side_effect", None),
        lambda: setattr(mock, "assert_called_once_with", lambda *_: None),
        lambda: mock.assert_called_once_with.__self__,
        lambda: mock.reset_mock(),
        lambda: mock.call_args_list.clear(),
        lambda: mock.call_args_list.append(((3,), {})),
        lambda: mock.mock_calls.clear(),
        lambda: mock.method_calls.append(((3,), {})),
        lambda: mock._mock_children.clear(),
        lambda: mock.configure_mock(called=True),
        lambda: mock.__dict__.clear(),
        lambda: mock._call_matcher.__self__,
        lambda: mock.side_effect,
        lambda: delattr(mock, "assert_called_once_with"),
        lambda: mock.__class__.__setattr__(mock, "called", True),
        lambda: mock._mock_set_return_value,
        lambda: mock.mock_add_spec([]),
    ):
        try:
            act()
        except Exception:
            pass
    return None


def twice(mock):
    mock(5)
    mock(3)
    return forge(mock)
