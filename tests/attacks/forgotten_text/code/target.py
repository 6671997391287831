from inside import PAYLOAD


def source():
    return f"result = {PAYLOAD}"


def lines(number):
    return [f"line {number} of many, said to be remembered instead", f"{number} " + "x" * 1_900_000]
