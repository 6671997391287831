"""Questions for tests: one of each kind, read from TOML as authors write it."""

from pathlib import Path

from grader.quiz.bank import Question, Quiz, read_quiz

SINGLE = """
[[question]]
id = "step"
type = "single"
prompt = "What is H({u})?"
parameters = { u = [-1, -2, -3] }
answer = "0"
wrong = [{ answer = "1", why = "Only above 0." }, { answer = "{u}", why = "That is the identity." }]
explanation = "H({u}) = 0."
"""
MULTIPLE = """
[[question]]
id = "range"
type = "multiple"
prompt = "Which are true?"
answers = ["sigmoid is below 1", "ReLU has no limit"]
wrong = [{ answer = "ReLU is below 1", why = "ReLU(7) = 7." }]
explanation = "Only sigmoid has limits."
"""
NUMERIC = """
[[question]]
id = "iterations"
type = "numeric"
prompt = "{n} samples, batches of {b}: how many iterations?"
parameters = { n = [100, 60000], b = [50, 64] }
values = { count = "ceil(n / b)" }
where = "n % b or n == 100"
answer = "count"
program = "answer = len(range(0, n, b))"
wrong = [{ answer = "n * b", why = "Divide." }]
explanation = "{count} batches."
"""
INTERVAL = """
[[question]]
id = "theta"
type = "numeric"
prompt = "Give a theta."
interval = "(-1, -0.5]"
answer = "-1 < theta <= -0.5"
program = "is_right = lambda answer: 1 + answer > 0 and 0.5 + answer <= 0"
explanation = "1 + theta > 0, 0.5 + theta <= 0."
"""
SHORT = """
[[question]]
id = "word"
type = "short"
prompt = "What is theta called?"
accepted = ["bias", "bias term"]
wrong = [{ answer = "weight", why = "Weights belong to inputs." }]
explanation = "The bias."
"""
ORDER = """
[[question]]
id = "xor"
type = "order"
prompt = "Put the steps in order."
steps = ["NAND", "OR", "AND of both"]
other_orders = [[2, 1, 3]]
explanation = "AND comes last."
"""
CODE = """
[[question]]
id = "prints"
type = "code"
prompt = "What does this print?"
parameters = { x = [0.2, 0.3] }
program = '''
import numpy as np
print(np.array([{x}, -0.5]), "{}".format(1))
'''
answer = "[ {x} -0.5] 1"
wrong = [{ answer = "[{x}] 1", why = "Two numbers." }]
explanation = "As it is."
"""
SHAPE = """
[[question]]
id = "product"
type = "shape"
prompt = "x is ({N}, {D}), W is ({D}, 4): x @ W?"
parameters = { N = [2, 5], D = [3, 7] }
answer = "({N}, 4)"
program = "answer = (np.zeros((N, D)) @ np.zeros((D, 4))).shape"
wrong = [{ answer = "(4, {N})", why = "Rows stay rows." }]
explanation = "({N}, 4)."
"""
ALL = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "numeric": NUMERIC,
    "interval": INTERVAL,
    "short": SHORT,
    "order": ORDER,
    "code": CODE,
    "shape": SHAPE,
}


def quiz_of(folder: Path, *texts: str, head: str = "format = 1\n") -> Quiz:
    """The quiz of these questions, written to a file and read."""
    path = folder / "01_first" / "quiz.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(head + "".join(texts), encoding="utf-8")
    return read_quiz(path, "01_first")


def question_of(folder: Path, text: str) -> Question:
    """The one question of a text."""
    return quiz_of(folder, text).questions[0]
