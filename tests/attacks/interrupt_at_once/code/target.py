class Stop(KeyboardInterrupt):
    pass


def add(a, b):
    raise KeyboardInterrupt


def sub(a, b):
    raise Stop


def mul(a, b):
    raise SystemExit(0)


def div(a, b):
    raise GeneratorExit


def double(number):
    return 2 * number
