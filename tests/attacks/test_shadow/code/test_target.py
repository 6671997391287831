def test_wrong_add():
    pass
