class Stop(KeyboardInterrupt):
    pass


def total(numbers):
    numbers.throw(Stop)


def double(number):
    return number
