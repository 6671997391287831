"""What grading found: one frozen model, from which every report is rendered. Runs in: every trusted process.

Scores are derived, never stored. Times and versions are facts of a run and live in `Run`, so that two runs over the
same input give equal `exercises`.
"""

from enum import StrEnum

from msgspec import Struct, field

from grader.figures import Figure
from grader.terms import Term

FORMAT = 1


class Outcome(StrEnum):
    """How one check, or a whole exercise, ended."""

    PASSED = "passed"
    FAILED = "failed"  # ran, and a demand was not met
    NOT_STARTED = "not_started"  # the stub's NotImplementedError
    IMPORT_ERROR = "import_error"  # syntax error, failing import, missing function
    RAISED = "raised"  # the learner's code raised what no check asked for
    CRASHED = "crashed"  # the learner's process ended, or broke the protocol
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    REFUSED = "refused"  # the file was not taken: too large, not a regular file, missing
    SKIPPED = "skipped"  # a check that could not run here, with its reason; never counted
    GRADER_ERROR = "grader_error"  # our fault, never the learner's


class SandboxLevel(StrEnum):
    """How far the learner's process is shut in, weakest first."""

    PROCESS = "process"
    LANDLOCK = "landlock"
    SEATBELT = "seatbelt"
    STRICT = "strict"

    def is_at_least(self, other: "SandboxLevel") -> bool:
        """Whether this level is as strong as the other; `landlock` and `seatbelt` count the same."""
        return _STRENGTH[self] >= _STRENGTH[other]


_STRENGTH = {SandboxLevel.PROCESS: 0, SandboxLevel.LANDLOCK: 1, SandboxLevel.SEATBELT: 1, SandboxLevel.STRICT: 2}


class Location(Struct, frozen=True):
    """A place in the learner's file. `line` and `column` count from 1; `text` is that line as it stands in the file."""

    file: str
    line: int
    column: int | None = None
    text: str = ""


class Call(Struct, frozen=True):
    """One call of a learner's function, as short texts: what went in, and what came back or was raised."""

    expression: str  # e.g. "softmax(array([1010, 1000,  990]))"
    returned: str | None = None
    raised: str | None = None


class Misconception(Struct, frozen=True):
    """The one known-wrong solution that behaves like the learner's, in its author's words."""

    name: str  # e.g. "global-max"
    title: str  # e.g. "one maximum for the whole batch"
    feedback: str  # the sentence for the learner


class CheckResult(Struct, frozen=True):
    """One check: its demand, its outcome, and what a learner needs to understand a failure."""

    name: str  # the test function, with parameters if any: "test_axis[0]"
    demand: str  # the check's docstring: what it demands
    outcome: Outcome
    core: bool = False
    advisory: bool = False  # shown, never counted (speed)
    message: str = ""  # which demand or law broke, one line
    details: tuple[str, ...] = ()  # how the values differ, a line each
    call: Call | None = None
    expected: str | None = None
    location: Location | None = None  # where the learner's code raised
    misconception: Misconception | None = None
    output: str = ""  # what the learner's code printed, capped
    notes: tuple[str, ...] = ()  # figures worth showing also when passed: "accuracy 97.5 % on 10,000 images"

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the course's authors say of it."""
        known = self.misconception
        return (self.demand, known.title, known.feedback) if known else (self.demand,)


class Problem(Struct, frozen=True):
    """Why no check of an exercise could run, said once for the exercise."""

    outcome: Outcome  # import_error, crashed, timed_out, out_of_memory, refused or grader_error
    message: str
    location: Location | None = None
    output: str = ""


class ExerciseResult(Struct, frozen=True):
    """One exercise. Where there is a `problem`, the checks carry its outcome and nothing else."""

    name: str  # "softmax"
    title: str
    chapter: str  # folder of the chapter: "03_forward"
    chapter_title: str  # "Forward propagation"
    file: str  # the learner's file, relative to the workspace
    points: float  # the most that can be had
    checks: tuple[CheckResult, ...]
    problem: Problem | None = None
    visible_only: bool = False  # graded by the examples of a release; the hidden checks count when it is handed in
    figures: tuple[Figure, ...] = ()  # what the learner's functions do, where somebody wanted pictures
    terms: tuple[Term, ...] = ()  # words in its texts that another exercise of the course explains

    @property
    def counted(self) -> tuple[CheckResult, ...]:
        """The checks that count: all but advisory and skipped ones."""
        return tuple(c for c in self.checks if not c.advisory and c.outcome is not Outcome.SKIPPED)

    @property
    def core_passed(self) -> bool:
        """Side checks count only when every core check passed; in a release that one may be hidden."""
        core = [c for c in self.checks if c.core]
        return bool(core or self.visible_only) and all(c.passed for c in core)

    @property
    def passed_count(self) -> int:
        """Counted checks that passed; none before the core check does."""
        return sum(c.passed for c in self.counted) if self.core_passed else 0

    @property
    def score(self) -> float:
        """Points earned: the share of counted checks that passed, times `points`."""
        return self.points * self.passed_count / len(self.counted) if self.counted else 0.0

    @property
    def all_hidden(self) -> bool:
        """Whether it was taken, and there is no check of it here."""
        return self.visible_only and not self.checks and self.problem is None

    @property
    def outcome(self) -> Outcome:
        """The exercise in one word."""
        if self.problem is not None:
            return self.problem.outcome
        outcomes = [c.outcome for c in self.counted]
        if Outcome.GRADER_ERROR in outcomes:
            return Outcome.GRADER_ERROR
        if outcomes and self.core_passed and all(o is Outcome.PASSED for o in outcomes):
            return Outcome.PASSED
        if outcomes and all(o is Outcome.NOT_STARTED for o in outcomes):
            return Outcome.NOT_STARTED
        if not outcomes:
            return Outcome.SKIPPED
        return next((c.outcome for c in self.checks if c.core and not c.passed), Outcome.FAILED)

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED


class QuestionResult(Struct, frozen=True):
    """One question of a quiz. The first answer counts; later ones are reviews."""

    id: str  # "largest-score"
    attempts: int  # how often it was answered
    right: bool | None  # at the first answer; None where it has none yet
    due: bool  # whether it comes again in a review, at the time of the run


class QuizResult(Struct, frozen=True):
    """Where the learner stands in a chapter's quiz. It earns no points."""

    chapter: str  # folder of the chapter: "03_forward"
    chapter_title: str  # "Forward propagation"
    questions: tuple[QuestionResult, ...]  # all of them, in the quiz's order

    @property
    def answered(self) -> int:
        return sum(q.attempts > 0 for q in self.questions)

    @property
    def right(self) -> int:
        """Questions that were right at the first answer."""
        return sum(q.right is True for q in self.questions)

    @property
    def to_review(self) -> int:
        return sum(q.due for q in self.questions)


class Run(Struct, frozen=True):
    """Facts of one run that may differ between two runs over the same input."""

    sandbox: SandboxLevel
    grader: str = ""
    python: str = ""
    numpy: str = ""
    pytest: str = ""
    platform: str = ""
    data: str = ""  # "MNIST in …" or "embedded digits only"
    started_at: str = ""  # ISO 8601, UTC
    seconds: float = 0.0  # wall time of the whole run
    learner_seconds: dict[str, float] = field(default_factory=dict)  # "softmax/test_axis": time spent in learner's code


class Report(Struct, frozen=True):
    """Everything that one run of the grader found."""

    course: str  # title
    exercises: tuple[ExerciseResult, ...]
    run: Run
    quizzes: tuple[QuizResult, ...] = ()  # those that were begun, one per chapter; the command line knows them
    format: int = FORMAT

    @property
    def score(self) -> float:
        return sum(e.score for e in self.exercises)

    @property
    def points(self) -> float:
        return sum(e.points for e in self.exercises)

    @property
    def visible_only(self) -> bool:
        """Whether the checks are those of a release, so that nothing here says how many points there will be."""
        return any(e.visible_only for e in self.exercises)

    @property
    def passed(self) -> bool:
        """Every exercise passed, those aside of which a release shows no check."""
        return bool(self.exercises) and all(e.passed or e.all_hidden for e in self.exercises)
