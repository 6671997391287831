class Stop(KeyboardInterrupt):
    pass


class Leave(SystemExit):
    pass


def each(function, items):
    function(Stop())


def every(function, items):
    function(Leave(0))


def third(function, items):
    function(KeyboardInterrupt())


def double(number):
    return number
