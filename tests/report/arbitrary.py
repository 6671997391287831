"""Reports that hypothesis makes up: any outcome beside any other, with texts that mean harm."""

from hypothesis import strategies as st

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

HARMFUL = (
    "\x00\x07\x08\t\n\r\x1b\x7f\x85\x9b\xad\u0301\u061c\u200b\u200d\u200e\u200f"
    "\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufffe"
)
texts = st.text(
    st.characters(codec="utf-8") | st.sampled_from(HARMFUL + "#[]:<>&\"' 漢😀"), max_size=60
) | st.sampled_from(
    ["::error::no", "##[error]no", "</script><script>alert(1)</script>", "]]>", "a" * 300, "漢" * 90, " " * 99 + "x y"]
)
torn_texts = st.text(st.characters(categories=["Cs"]) | st.sampled_from(HARMFUL + "ab"), max_size=60)
names = st.from_regex(r"[a-z][a-z-]{0,30}", fullmatch=True)
points = st.floats(0, 100) | st.integers(0, 20).map(float)
locations = st.builds(Location, texts, st.integers(1, 10**6), st.none() | st.integers(-3, 10**6), texts)
checks = st.builds(
    CheckResult,
    name=names,
    demand=texts,
    outcome=st.sampled_from(Outcome),
    core=st.booleans(),
    advisory=st.booleans(),
    message=texts,
    details=st.lists(texts, max_size=2).map(tuple),
    call=st.none() | st.builds(Call, texts, st.none() | texts, st.none() | texts),
    expected=st.none() | texts,
    location=st.none() | locations,
    misconception=st.none() | st.builds(Misconception, names, texts, texts),
    output=texts,
    notes=st.lists(texts, max_size=2).map(tuple),
)
problems = st.builds(
    Problem, st.sampled_from([o for o in Outcome if o is not Outcome.PASSED]), texts, st.none() | locations, texts
)
exercises = st.builds(
    ExerciseResult,
    name=names,
    title=texts,
    chapter=texts,
    chapter_title=texts,
    file=texts,
    points=points,
    checks=st.lists(checks, max_size=4).map(tuple),
    problem=st.none() | st.none() | problems,
)
runs = st.builds(
    Run,
    sandbox=st.sampled_from(SandboxLevel),
    data=texts,
    seconds=points,
    learner_seconds=st.dictionaries(texts, points, max_size=2),
)
questions = st.builds(
    QuestionResult, id=texts, attempts=st.integers(0, 9), right=st.none() | st.booleans(), due=st.booleans()
)
quizzes = st.builds(
    QuizResult, chapter=texts, chapter_title=texts, questions=st.lists(questions, max_size=3).map(tuple)
)
reports = st.builds(
    Report,
    course=texts,
    exercises=st.lists(exercises, max_size=4).map(tuple),
    run=runs,
    quizzes=st.lists(quizzes, max_size=2).map(tuple),
)
