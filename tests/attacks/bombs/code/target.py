import inside


def lists():
    return [[n] for n in range(60_000)]


def refilled():
    made = [[n] for n in range(15_000)]
    return made


def classes():
    return [type(f"C{n}", (), {}) for n in range(5_000)]


def handles():
    return [object() for _ in range(200_000)]


def nested():
    made = []
    for _ in range(100_000):
        made = [made]
    return made


def chain():
    made = object
    for n in range(500):
        made = type(f"D{n}", (made,), {})
    return made()


def errors():
    error = None
    for n in range(2000):
        new = ValueError(n)
        new.__cause__ = error
        error = new
    raise error


def forged_lists():
    inside.answer(0, updates=[[2 * n + 1, []] for n in range(100_000)])


def forged_numbers():
    inside.answer([inside.Ref("s", 2 * n + 1, "list") for n in range(100_000)])


def double(number):
    return 2 * number
