"""Syntax trees as their parts, towards the learner's process. Runs in: both.

A node is a dict of its fields and of its place in the source, with the name of its class under NODE; lists are lists,
and whatever else stands in a tree is what it is.
"""

import ast
from typing import Any

NODE = ""


def is_node(value: Any) -> bool:
    """Whether this is a node of a class that both sides have."""
    return isinstance(value, ast.AST) and getattr(ast, type(value).__name__, None) is type(value)


def parts(value: Any) -> Any:
    """A tree as its parts."""
    if type(value) is list:
        return [parts(item) for item in value]
    if not is_node(value):
        return value
    names = (name for name in (*value._fields, *value._attributes) if hasattr(value, name))
    return {NODE: type(value).__name__, **{name: parts(getattr(value, name)) for name in names}}


def made(value: Any) -> Any:
    """The tree of such parts."""
    if type(value) is list:
        return [made(item) for item in value]
    if type(value) is not dict:
        return value
    fields = {name: made(item) for name, item in value.items() if name != NODE}
    return getattr(ast, value[NODE])(**fields)
