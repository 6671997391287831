"""What students handed in and what they got for it, as plain data. Runs in: every trusted process.

Marks are derived, never stored: a gradebook keeps what grading found, and the assignment says what it is worth.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from grader.assignment import Assignment, Demand
from grader.diary import Tried
from grader.intake import Refusal, Submission
from grader.result import ExerciseResult


class Student(Struct, frozen=True):
    """One of the class. Without a roster all that is known is the name of what was handed in."""

    id: str  # unique in the class
    name: str = ""
    email: str = ""
    section: str = ""
    due: datetime | None = None  # an extension of their own, with offset
    columns: Mapping[str, str] = field(default_factory=dict)  # further columns of the roster, by their header

    @property
    def shown(self) -> str:
        return self.name or self.id


class HandedIn(Struct, frozen=True):
    """The work of one student, read and matched to the exercises; nothing of it has been run."""

    student: Student
    origin: str  # file or folder under the folder of submissions: "lovelaceada_17_4711_hw1.zip"
    files: Mapping[str, Submission | Refusal]  # by exercise: of all that are asked for
    handed_at: datetime | None = None  # with offset
    remarks: tuple[str, ...] = ()  # what is missing, doubled or misnamed, a sentence each
    refused: str = ""  # why nothing at all was taken
    answers: bytes | None = None  # the file with answers to quizzes
    diary: bytes | None = None  # the file that says how long exercises took


class State(StrEnum):
    """How the work of one student fared as a whole."""

    GRADED = "graded"
    MISSING = "missing"  # on the roster, and nothing came
    REFUSED = "refused"  # came, and could not be taken
    ERROR = "error"  # our fault: to be graded again


class QuizMark(Struct, frozen=True):
    """One quiz of one student: questions in all, answered, and right at the first answer."""

    chapter: str
    questions: int
    answered: int
    right: int


class Row(Struct, frozen=True):
    """One student in the gradebook."""

    student: Student
    origin: str
    state: State
    results: tuple[ExerciseResult, ...] = ()  # of all exercises that are asked for, in order; none unless graded
    quizzes: tuple[QuizMark, ...] = ()
    handed_at: datetime | None = None
    remarks: tuple[str, ...] = ()
    reason: str = ""  # of `refused` and `error`
    digest: str = ""  # of the files, the course and the grader
    sandbox: str = ""  # the level in force
    seconds: float = 0.0  # wall time; differs between two runs
    graded_at: str = ""  # ISO 8601, UTC; differs between two runs
    tried: tuple[Tried, ...] = ()  # how long exercises took, as the student's own folder says; never marked


class Mark(Struct, frozen=True):
    """What a row is worth."""

    exercises: Mapping[str, float]  # points by exercise, before the penalty
    quizzes: Mapping[str, float]  # points by chapter, before the penalty
    late_by: timedelta  # 0 where it came in time, or nobody knows
    penalty: float  # the share that is taken
    points: float  # that can be had

    @property
    def raw(self) -> float:
        return sum(self.exercises.values()) + sum(self.quizzes.values())

    @property
    def score(self) -> float:
        return self.raw * (1 - self.penalty)


def asked_of(student: Student, assignment: Assignment) -> Assignment:
    """The assignment as one student has it: an extension of their own takes the place of when it is due."""
    return replace(assignment, due=student.due or assignment.due)


def mark(row: Row, assignment: Assignment) -> Mark:
    """The marks of a row: weighted checks, quizzes, late work."""
    found = {result.name: result for result in row.results}
    exercises = {
        d.exercise.name: earned(found[d.exercise.name], d) if d.exercise.name in found else 0.0
        for d in assignment.demands
    }
    of_quizzes = {q.chapter: q for q in row.quizzes}
    quizzes = {
        chapter: assignment.quiz_points * of_quizzes[chapter].right / of_quizzes[chapter].questions
        if chapter in of_quizzes and of_quizzes[chapter].questions
        else 0.0
        for chapter in assignment.quizzes
    }
    due = asked_of(row.student, assignment).due
    late_by = max(timedelta(0), row.handed_at - due) if due is not None and row.handed_at is not None else timedelta(0)
    penalty = assignment.late.penalty(late_by) if assignment.late is not None else 0.0
    return Mark(exercises, quizzes, late_by, penalty, assignment.points)


def earned(result: ExerciseResult, demand: Demand) -> float:
    """Points for one exercise: the weights of the checks that passed in all that count; nothing without the core."""
    weights = {check.name: demand.weight_of(check.name) for check in result.counted}
    total = sum(weights.values())
    if not result.core_passed or not total:
        return 0.0
    return demand.points * sum(weights[check.name] for check in result.counted if check.passed) / total


class ClassBook(Struct, frozen=True):
    """A whole gradebook, students in the order of their ids. Its rows may be read anew whenever they are asked for."""

    assignment: Assignment
    rows: Collection[Row]
