import sys
import warnings

EVIL = "\x1b[2J\x9b31m\u202e\u200b\x07\r##[error]x\n::error::y\n"

print(EVIL)
print(EVIL, file=sys.stderr)


class Evil(Exception):
    def __str__(self):
        return EVIL

    __repr__ = __str__


Evil.__name__ = Evil.__qualname__ = EVIL


class Shown:
    def __repr__(self):
        return EVIL

    def __eq__(self, other):
        return False

    def __hash__(self):
        return 1


def named():
    def inner():
        pass

    inner.__name__ = inner.__qualname__ = EVIL
    return inner


def text():
    print(EVIL)
    warnings.warn(EVIL)
    return EVIL


def error():
    raise Evil(EVIL)


def value_error():
    raise ValueError(EVIL)


def shown():
    return Shown()


def typed():
    return type(EVIL.replace("\0", ""), (), {})()


def exit_():
    sys.stdout.write(EVIL * 10)
    raise SystemExit(EVIL)


def surrogates():
    return "\ud800\udc00" + EVIL
