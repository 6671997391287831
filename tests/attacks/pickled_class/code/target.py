class Foo:
    pass


class Loads:
    def __reduce__(self):
        from inside import PAYLOAD

        return eval, (PAYLOAD,)


Foo.__module__ = "danger"
Foo.__qualname__ = "Foo"


def make():
    return Foo()


class Meta(type):
    def __reduce_ex__(cls, protocol):
        from inside import PAYLOAD

        return eval, (PAYLOAD,)


class Bar(metaclass=Meta):
    pass
