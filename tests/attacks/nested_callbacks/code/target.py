def down(function, depth):
    return function(depth + 1)


def hang(function):
    while True:
        function()


def again(function):
    while True:
        try:
            function(again)
        except Exception:
            continue


def double(number):
    return 2 * number
