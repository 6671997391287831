"""Reports made by hand: every outcome, every shape of a finding, and hostile texts."""

from grader.result import (
    Call,
    CheckResult,
    ExerciseResult,
    Location,
    Misconception,
    Outcome,
    Problem,
    QuestionResult,
    QuizResult,
    Report,
    Run,
    SandboxLevel,
)

RUN = Run(
    sandbox=SandboxLevel.LANDLOCK,
    grader="0.1.0",
    python="3.11.7",
    numpy="2.4.0",
    pytest="9.2.0",
    platform="Linux-6.18-x86_64",
    data="MNIST in ~/.cache/neurograde",
    started_at="2026-03-02T09:30:00+00:00",
    seconds=1.234,
    learner_seconds={"softmax/test_worked_example": 0.002, "affine-forward/test_shapes": 0.001},
)

GLOBAL_MAX = Misconception(
    "global-sum",
    "one sum for the whole batch",
    "Each row of scores is a distribution of its own. Sum along the last axis and keep that axis, "
    "so that every row is divided by its own sum.",
)


def check(name: str, demand: str, outcome: Outcome = Outcome.PASSED, **more: object) -> CheckResult:
    """A check with the given fields."""
    return CheckResult(name, demand, outcome, **more)  # type: ignore[arg-type]  # a test's shorthand


CHAPTERS = {"01_perceptron": "Perceptrons", "03_forward": "Forward propagation", "04_loss": "Loss functions"}


def exercise(
    name: str,
    title: str,
    *checks: CheckResult,
    points: float = 3,
    chapter: str = "03_forward",
    problem: Problem | None = None,
) -> ExerciseResult:
    """An exercise whose file is named for it."""
    return ExerciseResult(
        name, title, chapter, CHAPTERS[chapter], f"{name.replace('-', '_')}.py", points, checks, problem
    )


def stopped(name: str, title: str, problem: Problem, chapter: str = "04_loss") -> ExerciseResult:
    """An exercise of which no check could run."""
    demands = {"test_worked_example": "The worked example comes out right.", "test_shapes": "Any batch size will do."}
    checks = [check(n, d, problem.outcome, core=n == "test_worked_example") for n, d in demands.items()]
    return exercise(name, title, *checks, chapter=chapter, problem=problem)


SIGMOID = exercise(
    "sigmoid",
    "Sigmoid",
    check("test_worked_example", "The worked example comes out right.", core=True),
    check("test_extremes", "Inputs like -1000 and 1000 don't overflow."),
    points=2,
    chapter="01_perceptron",
)

SLOW = exercise(
    "one-hot",
    "One-hot labels",
    check("test_worked_example", "The worked example comes out right.", core=True, notes=("10,000 labels in 0.8 s",)),
    check(
        "test_speed",
        "Ten thousand labels take no loop.",
        Outcome.FAILED,
        advisory=True,
        message="13 times as slow as indexing with an array; 6 times is fine.",
    ),
    check("test_mnist", "MNIST labels work.", Outcome.SKIPPED, message="MNIST is not downloaded; run grade data"),
    chapter="01_perceptron",
)

NOT_STARTED = exercise(
    "xor-gate",
    "XOR from three gates",
    check("test_table", "The truth table comes out right.", Outcome.NOT_STARTED, core=True),
    check("test_arrays", "Arrays work as well as numbers.", Outcome.NOT_STARTED),
    points=4,
    chapter="01_perceptron",
)

SOFTMAX = exercise(
    "softmax",
    "Softmax",
    check("test_worked_example", "The worked example comes out right.", core=True, notes=("largest error 2.2e-16",)),
    check(
        "test_each_row_on_its_own",
        "Each row of a batch sums to 1.",
        Outcome.FAILED,
        message="Row 0 sums to 0.1192, not to 1.",
        details=("4 of 4 elements differ; the first is at [0, 0]: 0.0321 in place of 0.2689", "largest error 0.4942"),
        call=Call(
            "softmax(array([[1., 2.],\n               [3., 4.]]))",
            returned="array([[0.0320586 , 0.08714432],\n       [0.23688282, 0.64391426]])",
        ),
        expected="array([[0.26894142, 0.73105858],\n       [0.26894142, 0.73105858]])",
        misconception=GLOBAL_MAX,
        output="\n".join(f"row {n}: sum = {n * 0.37:.2f}" for n in range(100)),
    ),
    check(
        "test_large_batch",
        "A batch of 64 rows works like 64 single rows.",
        Outcome.FAILED,
        message="Row 0 of the batch differs from the same row alone.",
        misconception=GLOBAL_MAX,
    ),
    check(
        "test_large_scores",
        "Scores like 1010 don't overflow.",
        Outcome.RAISED,
        message="FloatingPointError: overflow encountered in exp",
        call=Call("softmax(array([1010, 1000,  990]))", raised="FloatingPointError: overflow encountered in exp"),
        expected="array([9.9995e-01, 4.5398e-05, 2.0611e-09])",
        location=Location("softmax.py", 14, 11, "    return np.exp(scores) / np.exp(scores).sum()"),
    ),
    check(
        "test_shift",
        "Adding a constant to all scores changes nothing.",
        Outcome.RAISED,
        message="FloatingPointError: overflow encountered in exp",
        location=Location("softmax.py", 14, 11, "    return np.exp(scores) / np.exp(scores).sum()"),
    ),
)

AFFINE = exercise(
    "affine-forward",
    "One layer of weighted sums",
    check(
        "test_shapes",
        "Three samples of two features give three rows of four outputs.",
        Outcome.FAILED,
        core=True,
        message="Came back as a list; an array of shape (3, 4) was expected.",
        call=Call("affine_forward(x, W, b)", returned="[[0.1, 0.2, 0.3, 0.4]]"),
    ),
    check("test_input_unchanged", "The inputs stay as they were."),
    check("test_bias", "The bias is added once per row.", Outcome.FAILED, message="Row 0 is off by 2."),
    check("test_speed", "No loop over the samples.", Outcome.NOT_STARTED, advisory=True),
)

TIMED_OUT_CHECK = exercise(
    "mini-batches",
    "Mini-batches",
    check("test_sizes", "Every sample comes exactly once per epoch.", core=True),
    check("test_last_batch", "A last, smaller batch is kept.", Outcome.TIMED_OUT, message="No answer within 20 s."),
    check("test_seed", "The same generator gives the same order.", Outcome.CRASHED, message="Ended by signal 11."),
    check("test_memory", "No copy of the data is made.", Outcome.OUT_OF_MEMORY, message="More than 512 MB."),
    points=2.5,
)

PROBLEMS = tuple(
    stopped(name, title, problem)
    for name, title, problem in (
        (
            "mean-squared-error",
            "Mean squared error",
            Problem(
                Outcome.IMPORT_ERROR,
                "SyntaxError: '(' was never closed",
                Location("mean_squared_error.py", 9, 19, "    return np.mean((y - t) ** 2\n"),
            ),
        ),
        (
            "cross-entropy",
            "Cross-entropy",
            Problem(Outcome.CRASHED, "Your code ended the process: sys.exit(0).", None, "bye"),
        ),
        ("accuracy", "Accuracy", Problem(Outcome.TIMED_OUT, "The import took more than 20 s.")),
        ("confusion", "Confusion matrix", Problem(Outcome.OUT_OF_MEMORY, "The import took more than 512 MB.")),
        (
            "k-means",
            "K-means",
            Problem(Outcome.REFUSED, "k_means.py has 3,000,272 bytes; at most 1,000,000 are taken."),
        ),
        ("adam", "Adam", Problem(Outcome.GRADER_ERROR, "The checks could not be started; please report this.")),
    )
)

EXERCISES = (SIGMOID, SLOW, NOT_STARTED, SOFTMAX, AFFINE, TIMED_OUT_CHECK, *PROBLEMS)
QUIZ = QuizResult(
    "03_forward",
    CHAPTERS["03_forward"],
    (
        QuestionResult("rows-are-samples", attempts=1, right=True, due=False),
        QuestionResult("shape-of-bias", attempts=3, right=False, due=False),
        QuestionResult("largest-score", attempts=1, right=False, due=True),
        QuestionResult("temperature", attempts=0, right=None, due=False),
    ),
)
EVERYTHING = Report("Neural networks, step by step", EXERCISES, RUN)
WITH_QUIZ = Report("Neural networks, step by step", EXERCISES, RUN, (QUIZ,))
ONE_FAILED = Report("Neural networks, step by step", (SOFTMAX,), RUN)
ONE_PASSED = Report("Neural networks, step by step", (SIGMOID,), RUN)
EMPTY = Report("Neural networks, step by step", (), RUN)

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07 \x9b31m\r✓ Sigmoid  passed\x08\x7f\n::error file=a.py::no\n"
    "  ##[error]no\n##vso[task.complete]\n"
    "\u202e)dessap(\u202c \u2066\u200b\u200d\u2060 \u061c\ufeff\u2028\u2029\ud800 a" + "\u0301\u0489\u20e0" * 500 + "\n"
    "</pre></td></style></script><script>alert('XSS')</script><img src=x onerror=alert(1)>\" onmouseover=\"alert(1)\n"
    "[a](javascript:alert(1)) ]]> <!-- {{ 7*7 }} {% raw %} &amp; %s {0} 漢字 😀\x00\ufffe\U000e0041\u3164"
)


def hostile(text: str = HOSTILE) -> Report:
    """A report in which every text that the learner's side can reach is `text`."""
    where = Location(text, 7, 3, text)
    bad = check(
        "test_values",
        "The worked example comes out right.",
        Outcome.RAISED,
        core=True,
        message=text,
        details=(text, text),
        call=Call(text, returned=text, raised=text),
        expected=text,
        location=where,
        output=text,
        notes=(text,),
    )
    slow = check("test_speed", "No loop.", Outcome.FAILED, advisory=True, message=text, details=(text,))
    away = check("test_data", "MNIST works.", Outcome.SKIPPED, message=text)
    fine = check("test_values", "The worked example comes out right.", core=True, notes=(text,))
    problem = Problem(Outcome.IMPORT_ERROR, text, where, text)
    exercises = (
        exercise("sigmoid", "Sigmoid", bad),
        exercise("one-hot", "One-hot", fine, slow, away),
        stopped("adam", "Adam", problem),
    )
    return Report("Neural networks, step by step", exercises, RUN)
