"""A student's answers to the quizzes of a release, in the file that is handed in. Runs in: command line.

`answers.json` in the workspace's root:

    {"format": 1, "release": "<id of the release>", "learner": "<the student's id>",
     "answers": {"<id of a question>": {"answer": "b", "chosen": ["the text of option b"], "asked": {"n": "7"}}}}

`answer` is the line as it was typed; `chosen` holds the texts of the options that it chooses, in its order, and nothing
where an answer is typed; `asked` the parameters that were drawn, for a quiz may be changed after its release. An answer
is to the question as it is asked first (turn 0). Nothing says whether it is right.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field

from grader import intake
from grader.errors import WorkspaceError
from grader.language import N_, _, ngettext

FORMAT = 1
FILE = "answers.json"
MOST = 1_000_000  # bytes
_BEGIN_ANEW = N_("move it away, then `grade quiz` begins a new one")


class Given(Struct, frozen=True):
    """One answer."""

    answer: str
    chosen: tuple[str, ...] = ()
    asked: dict[str, str] = field(default_factory=dict)  # the parameters that were drawn, as text


class NotASheet(Exception):
    """Why a file is no answer sheet, as the end of a sentence."""


class Sheet(Struct, frozen=True):
    """What the file says."""

    release: str
    learner: str
    answers: dict[str, Given]

    def to_json(self) -> bytes:
        answers = {
            name: {"answer": given.answer, "chosen": list(given.chosen), "asked": given.asked}
            for name, given in self.answers.items()
        }
        data = {"format": FORMAT, "release": self.release, "learner": self.learner, "answers": answers}
        return (json.dumps(data, indent=1, ensure_ascii=True) + "\n").encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Sheet":
        """Raises NotASheet for anything else, and nothing but that."""
        if len(data) > MOST:
            raise NotASheet(_("has {size} bytes, more than any answers need").format(size=f"{len(data):,}"))
        try:
            found = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise NotASheet(_("is not JSON ({reason})").format(reason=str(error) or _("too deep"))) from None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise NotASheet(_("is no answer sheet of format {format}").format(format=FORMAT))
        release, learner, answers = found.get("release"), found.get("learner"), found.get("answers")
        if not isinstance(release, str) or not isinstance(learner, str) or not isinstance(answers, dict):
            raise NotASheet(_("lacks the release, the learner or the answers"))
        return cls(release, learner, {name: _given(name, answer) for name, answer in answers.items()})


def _given(name: str, answer: object) -> Given:
    found: dict[str, object] = {"answer": None, "chosen": [], "asked": {}}
    match found | (answer if isinstance(answer, dict) else {}):
        case {"answer": str(text), "chosen": list(chosen), "asked": dict(asked)}:
            if all(isinstance(one, str) for one in (*chosen, *asked.values())):
                return Given(text, tuple(chosen), asked)
    raise NotASheet(_("holds what is no answer at {name}").format(name=repr(name[:60])))


class SheetFile:
    """The file in a student's workspace. Every change is written at once, whole or not at all."""

    def __init__(self, root: Path, release: str) -> None:
        """Read it where it is there. Raises WorkspaceError where that is something else."""
        self.path = root / FILE
        self.sheet = Sheet(release, "", {})
        data = intake.read(self.path, MOST) if self.path.exists() or self.path.is_symlink() else None
        if isinstance(data, intake.Refusal):
            raise WorkspaceError(f"{self.path}: {data.message}")
        if data is not None:
            try:
                self.sheet = Sheet.from_json(data)
            except NotASheet as error:
                raise WorkspaceError(f"{self.path} {error}; {_(_BEGIN_ANEW)}") from None
        self.is_of_another = self.sheet.release != release
        self._release = release

    def name_learner(self, learner: str) -> None:
        """Keep whose answers these are. Raises WorkspaceError where there are answers of another one already."""
        if self.sheet.answers and learner != self.sheet.learner:
            said = ngettext(
                "{file} holds {count} answer of {learner}, with numbers of its own; {remedy}",
                "{file} holds {count} answers of {learner}, with numbers of their own; {remedy}",
                len(self.sheet.answers),
            )
            facts = {"count": len(self.sheet.answers), "learner": repr(self.sheet.learner), "remedy": _(_BEGIN_ANEW)}
            raise WorkspaceError(said.format(file=self.path, **facts))
        self._write(Sheet(self._release, learner, self.sheet.answers))

    def record(self, question: str, given: Given) -> None:
        """Keep an answer in place of the one that is there. Raises WorkspaceError."""
        self._write(Sheet(self._release, self.sheet.learner, {**self.sheet.answers, question: given}))

    def _write(self, sheet: Sheet) -> None:
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            beside.write_bytes(sheet.to_json())
            beside.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink()
            said = _("{file}: {reason}; the answer was not kept")
            raise WorkspaceError(said.format(file=self.path, reason=error.strerror)) from None
        self.sheet = sheet
