import struct

import inside
from inside import Ref


def second_answer():
    number = inside.number_asked()
    inside.say(inside.frame(["value", number, 3, None]))
    return 3


def early_answers():
    number = inside.number_asked()
    for later in range(number, number + 50):
        inside.say(inside.frame(["value", later, 3, None]))
    inside.silence()


def bool_number():
    inside.say(inside.frame(["value", True, 3, None]))
    inside.silence()


def float_number():
    inside.say(inside.frame(["value", float(inside.number_asked()), 3, None]))
    inside.silence()


def huge_number():
    inside.say(inside.frame(["value", 2**400, 3, None]))
    inside.silence()


def callback_out_of_turn():
    inside.say(inside.frame(["callback", 10**6, "call", 1, (), ()]))
    inside.silence()


def unknown_object():
    inside.say(inside.frame(["callback", inside.worker()._callbacks_sent + 1, "getattr", 10**6, "x"]))
    inside.silence()


def unknown_operation():
    inside.say(inside.frame(["callback", inside.worker()._callbacks_sent + 1, "unpickle", b"cos\nsystem\n."]))
    inside.silence()


def import_there():
    inside.say(inside.frame(["callback", inside.worker()._callbacks_sent + 1, "import", "danger"]))
    inside.silence()


def find_there():
    inside.say(inside.frame(["callback", inside.worker()._callbacks_sent + 1, "find", "os", "system"]))
    inside.silence()


def module_there():
    inside.answer(Ref("m", "danger"))


def function_there():
    inside.answer(Ref("f", "os", "system"))


def class_there():
    inside.answer(Ref("k", "danger", "Danger", ["Exception"]))


def nameless():
    inside.answer(Ref("k", "", "", [5, None, "int"]))


def not_mine():
    inside.answer(Ref("y", 1))


def no_class():
    inside.answer(Ref("o", 10**7, 10**7, []))


def odd_class():
    inside.answer(Ref("c", -1))


def garbage():
    inside.say(b"\xff" * 1000)
    inside.silence()


def too_long():
    inside.say(struct.pack("<II", 2**31, 2**31))
    inside.silence()


def half():
    inside.say(struct.pack("<II", 1000, 0) + b"\x90" * 10)
    inside.silence()


def no_message():
    inside.say(inside.raw({"value": 3}))
    inside.silence()


def no_news():
    inside.say(inside.frame(["value", inside.number_asked(), 3, None], extra=[["x", 5], 7]))
    inside.silence()


def returned():
    inside.say(inside.frame(["return", inside.number_asked(), 3]))
    inside.silence()


def no_error():
    inside.say(inside.frame(["error", inside.number_asked(), {"types": 5, "message": 7, "frames": [[1]]}, 5, 6, True]))
    inside.silence()


def error_class():
    error = Ref("e", Ref("k", "builtins", "SystemExit", ["SystemExit"]), (), {})
    inside.say(inside.frame(["error", inside.number_asked(), {}, error, None, True]))
    inside.silence()


def odd_error():
    error = Ref("e", Ref("k", "builtins", "UnicodeDecodeError", []), (1, 2, 3), {"args": 5, "errno": "x", "__dict__": 3})
    inside.say(inside.frame(["error", inside.number_asked(), {"types": ["A\x1b[31m"]}, error, error, True]))
    inside.silence()


def closed():
    inside.worker()._connection.close()
