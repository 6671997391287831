"""The table of a course, `exercises/README.md`, written from what its files say. Runs in: command line."""

from collections import Counter
from collections.abc import Iterator, Sequence

from grader.author.files import checks_of, obstacles
from grader.author.topics import Topic, Topics, read_topics, teaching
from grader.course import Chapter, Course, Exercise
from grader.errors import CourseError
from grader.quiz.bank import Quiz

FILE = "exercises/README.md"
REMEDY = "`grade verify --write-table`"
MARK = f"<!-- Written by {REMEDY} from exercise.toml, quiz.toml and sources.toml: change those, not this. -->"


def table_findings(course: Course, quizzes: Sequence[Quiz]) -> Iterator[str]:
    """Whether the table says what the course's files say. A course needs none; one written by hand is left alone."""
    path = course.root / FILE
    if any(obstacle for exercise in course.exercises for obstacle in obstacles(exercise)):
        return  # nothing can be counted there yet
    if path.is_file():
        text = path.read_text(encoding="utf-8", errors="replace")
        if text.startswith(MARK) and text != course_table(course, quizzes):
            yield f"{FILE} is stale; write it anew by {REMEDY}"


def write_table(course: Course, quizzes: Sequence[Quiz]) -> str:
    """Write the table, and say in one sentence what is in it.

    Raises CourseError where an exercise can't be read, or where the file was written by hand.
    """
    path = course.root / FILE
    for exercise in course.exercises:
        for obstacle in obstacles(exercise):
            raise CourseError(obstacle)
    table = course_table(course, quizzes)
    try:
        if path.is_file() and not path.read_text(encoding="utf-8", errors="replace").startswith(MARK):
            raise CourseError(f"{path}: was not written by this command; move it away")
        path.write_text(table, encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}; make it writable") from None
    return f"wrote {path} ({_counts(course, quizzes)})"


def course_table(course: Course, quizzes: Sequence[Quiz]) -> str:
    """The whole text. Raises CourseError where known-wrong solutions or topics can't be read."""
    topics = read_topics(course)
    parts = [MARK, f"# {course.title}", _introduction(course, quizzes)]
    for chapter in course.chapters:
        parts += [f"## {chapter.folder.partition('_')[0]} {chapter.title}", _chapter(chapter, topics)]
    if quizzes:
        parts += ["## Quizzes", "`grade quiz CHAPTER` asks them.", _quizzes(course, quizzes)]
    if topics:
        parts += list(_topics(topics, course, quizzes))
    parts.append("\n".join(f"[{e.name}]: {e.chapter}/{e.name}/" for e in course.exercises))
    return "\n\n".join(parts) + "\n"


def _counts(course: Course, quizzes: Sequence[Quiz]) -> str:
    counts = {
        "exercises": len(course.exercises),
        "checks": sum(len(checks_of(e)) for e in course.exercises),
        "known-wrong solutions": sum(len(e.wrongs) for e in course.exercises),
        "quiz questions": sum(len(quiz.questions) for quiz in quizzes),
    }
    return ", ".join(f"{what}: {number}" for what, number in counts.items())


def _introduction(course: Course, quizzes: Sequence[Quiz]) -> str:
    return (
        f"{_counts(course, quizzes).capitalize()}.\n"
        'A check is a test function; one with several cases counts once. A known-wrong solution (column "wrong") has\n'
        "one plausible mistake, which a check must catch."
    )


def _chapter(chapter: Chapter, topics: Topics | None) -> str:
    head = ["exercise", "teaches", "functions", "checks", "wrong", *(["source topics"] if topics else [])]
    return _table(head, [_exercise(e, topics) for e in chapter.exercises])


def _exercise(e: Exercise, topics: Topics | None) -> list[str]:
    functions = ", ".join(f"`{name}`" for name in e.functions)
    cells = [f"[{e.name}]", e.teaches, functions, str(len(checks_of(e))), str(len(e.wrongs))]
    return [*cells, _places(e, topics)] if topics else cells


def _places(e: Exercise, topics: Topics) -> str:
    """The exercise's topics by text: "000: 69a 69b; 002: 25a"."""
    own = [topic for topic in topics.topics if topic.where in e.sources]
    return "; ".join(
        f"{text}: {' '.join(topic.where.partition(':')[2] for topic in own if topic.text == text)}"
        for text in dict.fromkeys(topic.text for topic in own)
    )


def _quizzes(course: Course, quizzes: Sequence[Quiz]) -> str:
    titles = {chapter.folder: chapter.title for chapter in course.chapters}
    rows = []
    for quiz in quizzes:
        kinds = Counter(question.kind.value for question in quiz.questions)
        counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        rows.append([quiz.chapter, titles[quiz.chapter], str(len(quiz.questions)), counted])
    return _table(["chapter", "title", "questions", "types"], rows)


def _topics(topics: Topics, course: Course, quizzes: Sequence[Quiz]) -> Iterator[str]:
    yield "## Where each topic of the sources is taught"
    yield (
        f'{len(topics.topics)} topics, by source text and line. "To get right" is where the text is garbled,\n'
        "mistranslated, silent or wrong. Links are exercises, the other names are quiz questions."
    )
    for text, about in topics.texts.items():
        rows = [
            [topic.where, topic.topic, topic.right, _taught_in(topic, course, quizzes)]
            for topic in topics.topics
            if topic.text == text
        ]
        yield f"### Text {text}: {about}"
        yield _table(["place", "topic", "to get right", "taught in"], rows)


def _taught_in(topic: Topic, course: Course, quizzes: Sequence[Quiz]) -> str:
    taught = teaching(topic, course, quizzes)
    names = [*(f"[{e.name}]" for e in taught.exercises), *(f"`{question.id}`" for question in taught.questions)]
    return ", ".join(names) or f"left out: {topic.left_out or 'no reason given'}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    """A table that reads well as plain text: columns are padded, but for the last."""
    cells = [head, *([" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows)]
    widths = [max(3, *(len(row[column]) for row in cells)) for column in range(len(head) - 1)] + [3]
    rule = ["-" * width for width in widths]
    padded = [
        [cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in [cells[0], rule, *cells[1:]]
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in padded)
