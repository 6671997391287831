"""All pages that the product writes, made by its own commands in a throw-away folder.

`fair/` is an ordinary course with a class; in `foul/` everything that a student can write, file and folder names
included, means harm. A new kind of page is one line in `PAGES`, and its command in `_make_fair` or `_make_foul`.
"""

import csv
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from .. import class_folder, small_course
from ..command import environment, grade
from ..hostile.attack import Attack, attacks
from ..quiz.questions import ORDER, SHORT, SINGLE

PAGES = {
    "report": "fair/report.html",
    "course": "fair/course.html",
    "class": "fair/graded/class.html",
    "class, anonymous": "fair/graded/class-anonymous.html",
    "student": "fair/graded/students/bob.html",
    "student of whom nothing came": "fair/graded/students/gil.html",
    "similar": "fair/similar.html",
    "foul report": "foul/report.html",
    "foul course": "foul/course.html",
    "foul class": "foul/graded/class.html",
    "foul student": "foul/graded/students/m1.html",
    "foul similar": "foul/similar.html",
}
FOUL = [name for name, path in PAGES.items() if path.startswith("foul/")]
FAIR = [name for name in PAGES if name not in FOUL]
CROWD, CROWDED = "class of many", 520  # its page is for its script alone, and how many students it has

MARKUP = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'<"  # a file name holds no slash
_EVIL = "</td></script><script>document.title='taken'</script><a href='javascript:alert(1)' autofocus>x</a>\u202e"

_CHAPTERS = {"01_first": "First steps", "02_second": "Where it goes wrong"}
_BODIES = {  # exercise: (chapter, body of `scale`; None is the untouched stub)
    "right": ("01_first", "return np.multiply(values, factor)"),
    "half": ("01_first", "return np.multiply(values, 2.0)"),
    "untouched": ("01_first", None),
    "known-wrong": ("02_second", "return np.add(values, factor)"),
    "raising": (
        "02_second",
        "print('values', values)\n    return values @ np.ones((400, 7)) @ [factor] @ values @ values",
    ),
    "hanging": ("02_second", "while True:\n        factor += 1"),
    "long-answer": ("02_second", "print('row ' * 60)\n    return np.arange(100.0).reshape(5, 20) / 7"),
    "no-python": ("02_second", "return values *"),
}
_SETTINGS = """
format = 1
title = "Homework 1"
due = 2026-12-01T23:59:00+01:00
late = "10%/day up to 50%"
quizzes = ["01_first"]
quiz_points = 4

[[exercise]]
name = "half"
[exercise.visibility]
test_factor = "visible"

[[exercise]]
name = "known-wrong"
points = 20
"""
_HANDED_IN = {  # student: the body of each of the two exercises
    "ada": ("right", "right"),
    "bob": ("half", "known-wrong"),
    "cem": ("half", "known-wrong"),
    "dan": ("right", "raising"),
    "eve": ("untouched", "no-python"),
    "fay": ("right", "right"),
}
_NAMES = {"ada": "Lovelace, Ada", "bob": "Boole, George", "gil": "Gil, Who Handed In Nothing"}
_PROCESS = ("--sandbox", "process")  # the same words on every machine
_DUE = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
_LONG = '''\


def spread(table):
    """Return how far each row's values lie from their mean."""
    middle = np.mean(table, axis=1)[:, None]
    return np.sqrt(((table - middle) ** 2).sum(axis=1) / table.shape[1] + 1e-12 * np.abs(table).max(axis=1) ** 2 + 0.0)


def smooth(values, width):
    total = np.cumsum(np.concatenate([np.zeros(1), values]))
    return (total[width:] - total[:-width]) / width
'''


_PICTURE = '''\
"""The picture of `{module}`."""

import numpy as np
from {module} import scale

from grader.asking import ask
from grader.pictures import RIGHT, Figure, figure, line, plane

X = np.linspace(-2, 2, 9)


def picture() -> Figure:
    """A line through all values."""
    return figure(
        "Your values",
        plane("The line", line("yours", X, ask(scale, X, 3.0).numbers(9)), line("right", X, 3 * X, RIGHT), x_label="x"),
        alt="A straight line from -6 to 6.",
        caption="Every value times three.",
    )
'''


def make_pages(root: Path) -> dict[str, Path]:
    """Write all pages below `root`; returns their paths by the names in `PAGES`."""
    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(_make_fair, root / "fair"), pool.submit(_make_foul, root / "foul")]:
            done.result()
    return {name: root / path for name, path in (PAGES | {CROWD: "fair/crowd/class.html"}).items()}


def _run(folder: Path, *arguments: str, code: int) -> None:
    done = grade(folder, *arguments)
    assert done.returncode == code, done.stdout + done.stderr


def _make_fair(root: Path) -> None:
    small_course.write_course(root, *(name for name, (chapter, _) in _BODIES.items() if chapter == "01_first"))
    for name, (chapter, body) in _BODIES.items():
        if chapter != "01_first":
            small_course.write_exercise(root, name, chapter)
        if body is not None:
            (small_course.folders(root, name, chapter)[0] / _file(name)).write_text(_module(body), encoding="utf-8")
    (root / "exercises" / "course.toml").write_text(_course_toml(), encoding="utf-8")
    (root / "exercises" / "01_first" / "quiz.toml").write_text(f"format = 1\n{SHORT}{SINGLE}{ORDER}", encoding="utf-8")
    subprocess.run(
        ["grade", "quiz", "01_first", "--learner", "learner-3"],
        check=True,
        cwd=root,
        env=environment(),
        input="theta\na\nq\n",
        capture_output=True,
        encoding="utf-8",
    )
    _run(root, "run", "--html", "report.html", code=1)
    for name in ("right", "half", "raising"):
        (small_course.folders(root, name, _BODIES[name][0])[0] / "picture.py").write_text(
            _PICTURE.format(module=name), encoding="utf-8"
        )
    _run(root, "report", "-o", "course.html", code=0)

    (root / "hw.toml").write_text(_SETTINGS, encoding="utf-8")
    for place, (student, (half, wrong)) in enumerate(_HANDED_IN.items()):
        folder = root / "submissions" / student
        folder.mkdir(parents=True)
        for file, kind in (("half.py", half), ("known_wrong.py", wrong)):
            body = _BODIES[kind][1] or "raise NotImplementedError"
            _write_at(folder / file, _module(body) + _LONG * (student in ("bob", "cem")), _DUE.timestamp() - 9000)
        entry = {"runs": 3 + place, "minutes": 7.5 * (place + 1), "passed": half == "right"}
        diary = {"format": 1, "about": "", "exercises": {"half": entry}}
        _write_at(folder / "progress.json", json.dumps(diary), _DUE.timestamp() - 9000)
    _write_at(root / "submissions" / "dan" / "half.py", _module(str(_BODIES["right"][1])), _DUE.timestamp() + 100_000)
    (root / "submissions" / "fay" / "notes.py").write_text("1\n", encoding="utf-8")
    (root / "submissions" / "hal.rar").write_bytes(b"Rar!")
    _write_roster(
        root / "roster.csv",
        [
            (one, _NAMES.get(one, f"Name of {one}"), "AB"[place % 2])
            for place, one in enumerate([*_HANDED_IN, "gil", "hal"])
        ],
    )
    _make_class_pages(root)
    (root / "nothing" / "s1").mkdir(parents=True)
    _write_roster(root / "crowd.csv", [(f"s{number}", f"Name {number}", "") for number in range(1, CROWDED + 1)])
    _run(root, "class", "nothing", "--settings", "hw.toml", "--roster", "crowd.csv", "-o", "crowd", *_PROCESS, code=0)


def _make_foul(root: Path) -> None:
    malign = [one for one in attacks() if one.group == "out"]
    for one in malign:
        class_folder.write_exercise(root, one.exercise, one.seconds)
        one.put(small_course.folders(root, one.exercise)[0] / _file(one.exercise))
    names = [one.exercise for one in malign]
    (root / "exercises" / "course.toml").write_text(
        f'format = 1\nid = "foul"\ntitle = "Foul play"\n\n[[chapter]]\nfolder = "{small_course.CHAPTER}"\n'
        f'title = "Output"\nexercises = {names}\n',
        encoding="utf-8",
    )
    _run(root, "run", "--html", "report.html", code=1)
    _run(root, "report", "-o", "course.html", code=0)
    asked = "".join(
        f'\n[[exercise]]\nname = "{name}"\n[exercise.visibility]\ntest_values = "visible"\n' for name in names
    )
    (root / "hw.toml").write_text(f'format = 1\ntitle = "Foul play"\n{asked}', encoding="utf-8")
    for student in ("m1", MARKUP):
        _hand_in(root / "submissions" / student, malign)
    _write_roster(root / "roster.csv", [("m1", _EVIL, _EVIL), (MARKUP, _EVIL, "B")])
    _make_class_pages(root)


def _hand_in(folder: Path, malign: list[Attack]) -> None:
    folder.mkdir(parents=True)
    for one in malign:
        one.put(folder / _file(one.exercise))
    (folder / MARKUP).write_text("1\n", encoding="utf-8")
    with (folder / _file("out-html")).open("a", encoding="utf-8") as file:
        file.write(_LONG + f"# {_EVIL}\n")


def _make_class_pages(root: Path) -> None:
    class_of = ("submissions", "--settings", "hw.toml", "--roster", "roster.csv")
    _run(root, "class", *class_of, "-o", "graded", *_PROCESS, code=0)
    _run(root, "similar", *class_of, "-o", "similar.html", "--at-least", "0.3", code=0)


def _write_at(path: Path, text: str, seconds: float) -> None:
    path.write_text(text, encoding="utf-8")
    os.utime(path, (seconds, seconds))


def _write_roster(path: Path, students: list[tuple[str, str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "name", "section"), *students])


def _module(body: str) -> str:
    return small_course.MODULE.format(body=body)


def _file(exercise: str) -> str:
    return f"{exercise.replace('-', '_')}.py"


def _course_toml() -> str:
    text = 'format = 1\nid = "fair"\ntitle = "A small course"\n'
    for chapter, title in _CHAPTERS.items():
        names = [name for name, (where, _) in _BODIES.items() if where == chapter]
        text += f'\n[[chapter]]\nfolder = "{chapter}"\ntitle = "{title}"\nexercises = {names}\n'
    return text
