import numpy as np
from inside import PAYLOAD


def data():
    return f"result = {PAYLOAD}\n".encode() + b"#" * 200_000


def pixels():
    return np.frombuffer(data(), np.uint8)


def characters():
    return list(f"character = {PAYLOAD}")


def words():
    yield from f"word = {PAYLOAD}"
