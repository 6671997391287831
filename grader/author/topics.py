"""The topics of the texts that a course is made from, and whether it teaches them. Runs in: command line.

`exercises/sources.toml` lists the topics; exercises and quiz questions name those that they teach in `sources`. A topic
that nothing names, and that is not left out with a reason, is a finding. `says` quotes the words of a README or a
question that get the topic right; they must stand there.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from grader.course import Course, Exercise, refuse_source
from grader.quiz.bank import Question, Quiz
from grader.table import Table

FORMAT = 1
FILE = "exercises/sources.toml"


class Topic(Struct, frozen=True):
    """One topic of a source text."""

    where: str  # text and lines, "001:17"
    topic: str  # what the text says, in few words
    right: str  # what must be got right; empty where the text needs no repair
    says: str  # words of the course that get it right; empty where none are quoted
    left_out: str  # why the course does not teach it; empty where it does

    @property
    def text(self) -> str:
        return self.where.partition(":")[0]


class Topics(Struct, frozen=True):
    """All topics, in the order of the texts; `texts` says by number what each text is about."""

    texts: dict[str, str]
    topics: tuple[Topic, ...]


class Teaching(Struct, frozen=True):
    """Where a topic is taught."""

    exercises: tuple[Exercise, ...]
    questions: tuple[Question, ...]

    def __bool__(self) -> bool:
        return bool(self.exercises or self.questions)


def read_topics(course: Course) -> Topics | None:
    """The topics of a course, None where it lists none. Raises CourseError with file, topic, key and remedy."""
    path = course.root / FILE
    if not path.is_file():
        return None
    table = Table.read(path)
    if (found := table.take("format", int)) != FORMAT:
        table.fail("format", f"= {found}", f"this version reads format {FORMAT}; update neurograde")
    about = table.table("texts")
    texts = {number: about.take(number, str) for number in about.names_left()}
    topics: list[Topic] = []
    for entry in table.tables("topic"):
        where = entry.take("where", str)
        refuse_source(where, entry, "where")
        entry.where = f"{FILE}: {where}"
        topic = Topic(
            where, _line(entry, "topic"), _line(entry, "right"), _line(entry, "says"), _line(entry, "left_out")
        )
        entry.finish()
        if not topic.topic:
            entry.fail("topic", "is missing", "say in few words what the text says")
        if topic.text not in texts:
            entry.fail("where", f"= {where!r}", f"name text {topic.text} in [texts], or mend the number")
        if any(other.where == where for other in topics):
            entry.fail("where", f"= {where!r} belongs to two topics", "give each its own, such as 001:17a")
        topics.append(topic)
    table.finish()
    return Topics(texts, tuple(topics))


def _line(table: Table, key: str) -> str:
    return " ".join(table.take(key, str, "").split())


def teaching(topic: Topic, course: Course, quizzes: Sequence[Quiz]) -> Teaching:
    """The exercises and questions that name the topic, in their order."""
    return Teaching(
        tuple(e for e in course.exercises if topic.where in e.sources),
        tuple(question for quiz in quizzes for question in quiz.questions if topic.where in question.sources),
    )


def topic_findings(course: Course, quizzes: Sequence[Quiz]) -> Iterator[str]:
    """Topics that nothing teaches, names of topics that do not exist, quotes that stand nowhere."""
    listed = read_topics(course)
    if listed is None:
        return
    for topic in listed.topics:
        taught = teaching(topic, course, quizzes)
        where = f"{FILE}: {topic.where}"
        if not taught and not topic.left_out:
            yield f"{where} is taught nowhere; name it in `sources` where it is, or say why by left_out"
        if taught and topic.left_out:
            yield f"{where} is left_out, and {_names(taught)} teaches it; remove the one or the other"
        if taught and topic.says and not any(topic.says in text for text in _texts(taught)):
            yield f"{where}: says = {topic.says!r} does not stand in {_names(taught)}; mend the text or the quote"
    known = {topic.where for topic in listed.topics}
    named = [(f"{e.name}/exercise.toml", e.sources) for e in course.exercises]
    named += [(f"{quiz.chapter}/quiz.toml: {q.id}", q.sources) for quiz in quizzes for q in quiz.questions]
    for place, sources in named:
        for source in sources:
            if source not in known:
                yield f"{place}: sources holds {source!r}, which is no topic of {FILE}; mend it, or add the topic"


def _names(taught: Teaching) -> str:
    return ", ".join([*(e.name for e in taught.exercises), *(q.id for q in taught.questions)])


def _texts(taught: Teaching) -> Iterator[str]:
    """What a learner reads there, each text with single blanks."""
    for exercise in taught.exercises:
        if exercise.readme.is_file():
            yield " ".join(exercise.readme.read_text(encoding="utf-8").split())
    for question in taught.questions:
        for text in (question.prompt, question.explanation, *question.answers):
            yield " ".join(text.split())
        for wrong in question.wrong:
            yield " ".join(f"{wrong.answer} {wrong.why}".split())
