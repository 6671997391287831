"""What a learner has answered in quizzes, kept with the progress. Runs in: command line."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from grader.progress import Progress, time_of


class Answer(Struct, frozen=True):
    """One answer to one question. `turn` counts from 0 how often the question was asked before: it decides the draw."""

    question: str
    learner: str
    turn: int
    at: datetime  # UTC
    text: str
    is_right: bool


class Answers:
    """The answers in one progress file. Every method raises WorkspaceError where it can't be read or written."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def learner(self, name: str = "") -> str:
        """By whose name questions are drawn: the one given, kept from then on; else the one kept, or a new one."""
        kept = list(self._progress.each(lambda row: str(row[0]), "SELECT name FROM learner"))
        if kept and name in ("", kept[0]):
            return kept[0]
        if not name:
            import secrets  # nothing that only reads waits for it

            name = secrets.token_hex(8)
        with self._progress.writing() as connection:
            connection.execute("DELETE FROM learner")
            connection.execute("INSERT INTO learner (name) VALUES (?)", (name,))
        return name

    def of_the_kept(self) -> dict[str, list[Answer]]:
        """The answers under the name that is kept; none where there is no name yet."""
        kept = list(self._progress.each(lambda row: str(row[0]), "SELECT name FROM learner"))
        return self.of(kept[0]) if kept else {}

    def record(self, question: str, learner: str, turn: int, text: str, *, is_right: bool) -> None:
        """Keep an answer."""
        insert = "INSERT INTO quiz_answers (question, learner, turn, at, answer, is_right) VALUES (?, ?, ?, ?, ?, ?)"
        with self._progress.writing() as connection:
            connection.execute(insert, (question, learner, turn, self._progress.seconds_now(), text, is_right))

    def of(self, learner: str) -> dict[str, list[Answer]]:
        """All answers of a learner by question, the oldest first."""
        sql = "SELECT question, learner, turn, at, answer, is_right FROM quiz_answers WHERE learner = ? ORDER BY id"
        found: dict[str, list[Answer]] = {}
        for answer in self._progress.each(_answer, sql, learner):
            found.setdefault(answer.question, []).append(answer)
        return found


def _answer(row: tuple[Any, ...]) -> Answer:
    question, learner, turn, at, text, is_right = row
    return Answer(str(question), str(learner), int(turn), time_of(at), str(text), bool(is_right))
