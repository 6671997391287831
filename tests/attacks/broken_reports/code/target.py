class Text(str):
    pass


class Broken(SyntaxError):
    text = 5
    filename = ["x"]
    lineno = object()
    offset = "x"
    msg = None

    def __str__(self):
        raise RuntimeError("no text")


class Hidden(Exception):
    __traceback__ = None
    __notes__ = 5

    def __repr__(self):
        raise Hidden

    __str__ = __repr__

    @property
    def args(self):
        raise Hidden

    @property
    def __class__(self):
        return int


class Noted(Exception):
    pass


def syntax():
    raise Broken("x", ("/etc/passwd", 1, 1, "text"))


def real_syntax():
    raise SyntaxError("x", ("/etc/passwd", 1, 1, "text"))


def hidden():
    raise Hidden


def noted():
    error = Noted("x")
    error.__notes__ = [5, None, object()]
    raise error


def group():
    raise ExceptionGroup("x", [Hidden(), Broken("x"), ValueError(1)])


def cause():
    error = Hidden()
    error.__cause__ = error
    raise error from error


class Value:
    def __repr__(self):
        raise SystemExit(0)

    def __eq__(self, other):
        return False


class Quiet:
    def __repr__(self):
        raise KeyboardInterrupt

    def __eq__(self, other):
        raise KeyboardInterrupt


def value():
    return Value()


def quiet():
    return Quiet()


def double(number):
    return 2 * number
