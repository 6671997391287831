class Missing(ImportError):
    """Where Python suggests a name that was meant, it imports the module of the error (3.12 and newer)."""

    name = "danger"
    name_from = "x"
    path = "danger"


class Misnamed(NameError):
    name = "danger"


class Absent(AttributeError):
    name = "danger"

    @property
    def obj(self):
        while True:
            pass


def add(a, b):
    raise Missing("cannot import")


def sub(a, b):
    raise Misnamed("x")


def mul(a, b):
    raise Absent("x")
