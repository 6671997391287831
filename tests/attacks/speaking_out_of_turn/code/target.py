import threading
import time

import inside

found = inside.worker()
wire = inside.module_of("wire")


def shout(value):
    data = b"".join(bytes(p) for p in wire.encode([["value", value, 3, None], [["", ""], []], [], [], []]))
    try:
        while True:
            found._connection.sendall(data)
            time.sleep(0.001)
    except OSError:
        pass


def start(number):
    threading.Thread(target=shout, args=(number,), daemon=True).start()
    return 0


def double(number):
    return 0
