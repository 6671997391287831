"""The attacks whose text is long and dull: written here by a few lines instead of being kept as files."""

_HEADER = """\
# name: {name}
# group: src
# tries: {tries}
# expect: {expect}
# invariants: grader-survives others-unaffected
# platform: any
# bounds: {bounds}
"""


def deep_parens() -> str:
    """Brackets in brackets, then attributes of attributes."""
    header = _HEADER.format(
        name="src_deep_parens",
        tries="deeply nested brackets and attribute chains for static checks made with ast",
        expect="fail:error|fail:crashed",
        bounds="100 KB",
    )
    return f"{header}def sigmoid(x):\n    return {'(' * 150}x{')' * 150}{'.a' * 30_000}\n"


def long_elif() -> str:
    """One `if` with twenty thousand branches."""
    header = _HEADER.format(
        name="src_long_elif",
        tries="a chain of 20000 else-ifs: recursion in ast walkers",
        expect="fail:error|fail:crashed|fail:wrong",
        bounds="600 KB",
    )
    branches = "    elif 0: pass\n" * 20_000
    return f"{header}def sigmoid(x):\n    if 0: pass\n{branches}    return x\n"


def huge_source() -> str:
    """Three megabytes: a list of a million ones."""
    header = _HEADER.format(
        name="src_huge_source",
        tries="three megabytes of source",
        expect="fail:wrong|fail:error|fail:timeout",
        bounds="3 MB",
    )
    numbers = "1,\n" * 1_000_000
    return f"{header}import numpy as np\nT = [\n{numbers}]\ndef sigmoid(x):\n    return np.zeros(np.shape(x))\n"


LARGE = {"src_deep_parens": deep_parens, "src_long_elif": long_elif, "src_huge_source": huge_source}
