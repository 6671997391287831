"""What can be done with an object of the other side. Runs in: both.

==========  =========================================  ==============================================
operation   payload                                    answer
==========  =========================================  ==============================================
describe    class number                               what mirrors the class, see `grader.endpoint`
find        module, name                               what a module holds under that name
unpickle    bytes                                      the object (these six: of the learner's process alone)
namespace   module                                     all its names
assign      module, name, value                        None
remove      module, name                               None
import      module                                     its public names
call        object, args, named                        what the call returns; `named`: pairs of name and argument
getattr     object, name                               the attribute
setattr     object, name, value                        None
delattr     object, name                               None
own         class, name                                what stands under that name in the class itself
owns        class                                      the names in the class itself
special     object, name, args, named                  what that special method of its class returns
operator    object, "getitem" | "iter" | …, *args      the same for a class, by its metaclass
signature   object                                     its parameters: [name, kind, whether there is a default, default]
code        function                                   what its code object says of its arguments
pickle      object, protocol                           its pickle, for `unpickle`
copy        object                                     a shallow copy
deepcopy    object                                     a deep copy
isinstance  class, object                              bool
issubclass  class, class                               bool
==========  =========================================  ==============================================
"""

import copy
import operator
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from grader import wire
from grader.remote import SPECIAL

_OF_CODE = ("co_name", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_varnames", "co_flags")
_OPERATORS: dict[str, Callable[..., Any]] = {
    "getitem": operator.getitem,
    "iter": iter,
    "len": len,
    "contains": operator.contains,
    "dir": dir,
}


def special(target: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Run a special method, looked up on the class as Python does."""
    if name not in SPECIAL:
        raise wire.WireError(f"special method {name}")
    kind = type(target)
    method = next(vars(base)[name] for base in kind.__mro__ if name in vars(base))
    bound = method.__get__(target, kind) if hasattr(type(method), "__get__") else method
    return bound(*args, **kwargs)


def _parameters(target: Any) -> list[list[Any]]:
    import inspect

    found = inspect.signature(target).parameters.values()
    return [[p.name, int(p.kind), p.default is not p.empty, None if p.default is p.empty else p.default] for p in found]


def perform(target: Any, operation: str, payload: list[Any]) -> Any:  # noqa: PLR0911, PLR0912 - the table above
    """Do something with an object of this side's own. Raises what that raises; WireError for no operation."""
    match operation, payload:
        case ("call", [tuple(args), tuple(named)]):
            return target(*args, **dict(named))
        case ("getattr", [str(name)]):
            return getattr(target, name)
        case ("setattr", [str(name), value]):
            return setattr(target, name, value)
        case ("delattr", [str(name)]):
            return delattr(target, name)
        case ("special", [str(name), tuple(args), tuple(named)]):
            return special(target, name, args, dict(named))
        case ("operator", [str(name), *args]) if name in _OPERATORS:
            return _OPERATORS[name](target, *args)
        case ("code", []):
            code = target.__code__
            return SimpleNamespace(**{name: getattr(code, name) for name in _OF_CODE})
        case ("own", [str(name)]):
            return vars(target)[name]
        case ("owns", []):
            return list(vars(target))
        case ("signature", []):
            return _parameters(target)
        case ("pickle", [int(protocol)]):
            return pickle.dumps(target, protocol)
        case ("copy", []):
            return copy.copy(target)
        case ("deepcopy", []):
            return copy.deepcopy(target)
        case ("isinstance", [instance]):
            return isinstance(instance, target)
        case ("issubclass", [kind]):
            return issubclass(kind, target)
    raise wire.WireError(f"operation {operation}")
