"""What of a notebook's cell is Python. Runs in: command line, and the learner's kernel.

Put together line by line and never parsed: on the grader's side that is for the learner's process. Every line keeps
its number.
"""

import re

_MAGIC = re.compile(
    r"([ \t]*)((?:\w[\w, \t]*=[ \t]*)?(?:%{1,2}[A-Za-z_]\w*(?:[ \t].*)?|!.+)|\?+[\w.*]+|[\w.]+\?{1,2})"
)  # not "% 3" of a formula
_OF_PYTHON = re.compile(r"\s*%%(time|capture|grade)\b")  # other magics of a cell take it as a text of their own
_OF_GRADE = re.compile(
    r"(import grader\.notebook|from grader\.notebook import|from grader import notebook)\b.*"
    r"|(\w+\.)?(check|hint|task|progress)\(.*\)[ \t;]*(#.*)?"
)  # what a learner asks of `grader.notebook`; it defines nothing


def python_of(cell: str) -> str | None:
    """The cell with a comment in place of each line that is for the notebook alone; None where a magic takes it whole.

    `cell` has "\\n" at the ends of its lines.
    """
    if cell.lstrip().startswith("%%") and not _OF_PYTHON.match(cell):
        return None
    return "\n".join(map(_without_magic, cell.split("\n")))


def _without_magic(line: str) -> str:
    found = _MAGIC.fullmatch(line.rstrip())
    if found:
        return f"{found[1]}pass  # {found[2]}"
    return f"pass  # {line}" if _OF_GRADE.fullmatch(line.rstrip()) else line
