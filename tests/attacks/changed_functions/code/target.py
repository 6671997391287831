def attempt(act):
    try:
        act()
    except BaseException:
        pass


def without_defaults(function):
    for name, value in (("__defaults__", (0,)), ("__kwdefaults__", {"scale": 0})):
        attempt(lambda: setattr(function, name, value))
        attempt(lambda: setattr(function.__func__, name, value))
    attempt(lambda: function.__kwdefaults__.update(scale=0))
    attempt(lambda: function.keywords.update(scale=0))
    return 0


def without_property(holder):
    attempt(lambda: setattr(type(holder), "area", 0))
    attempt(lambda: setattr(type(holder), "length", 0))
    return 0


def marked(function):
    function.calls = 3
    function.__name__ = "marked"
    return function
