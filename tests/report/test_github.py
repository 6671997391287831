"""What GitHub's runner makes of annotations and a summary: read as it reads them, and nothing else to be obeyed."""

import re
from collections.abc import Callable
from html import unescape

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.report.github import SUMMARY_LIMIT, to_annotations, to_summary
from grader.report.remarks import Source, remarks
from grader.report.terminal import to_terminal
from grader.result import Report

from .arbitrary import reports, texts
from .samples import EVERYTHING, HOSTILE, RUN, SOFTMAX, hostile

SOURCES = {"softmax.py": Source("03_forward/softmax/softmax.py", {"softmax": 9})}
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as the runner reads it (actions/runner, ActionCommand.cs): name, properties, data."""
    head, _, data = line.removeprefix("::").partition("::")
    name, _, rest = head.partition(" ")
    found = dict(part.split("=", 1) for part in rest.split(",") if part)
    properties = {key: _text(value.replace("%3A", ":").replace("%2C", ",")) for key, value in found.items()}
    return name, properties, _text(data)


def _text(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


def obeyed(text: str) -> list[str]:
    """The lines that the runner takes for commands, of both kinds."""
    return [line for line in re.split(r"[\r\n]+", text) if line.lstrip().startswith("::") or "##[" in line]


def test_both_look_as_they_did(golden: Callable[[str, str], None]) -> None:
    """The texts are the golden ones."""
    golden("everything.annotations", to_annotations(EVERYTHING, SOURCES))
    golden("everything.summary.md", to_summary(EVERYTHING))


@given(reports | st.just(hostile()))
def test_the_runner_reads_what_was_meant(report: Report) -> None:
    """A command for each remark, and each says the remark's words and place."""
    said = remarks(report, SOURCES)
    lines = to_annotations(report, SOURCES).split("\n")[:-1]
    assert len(lines) == len(said)
    for line, remark in zip(lines, said, strict=True):
        name, properties, message = read(line)
        assert LEVELS[name] == remark.severity
        assert (properties["file"], properties["line"], properties["col"]) == (
            remark.path,
            str(remark.line),
            str(remark.column),
        )
        assert (properties["title"], message) == (f"{remark.title} [{remark.code}]", remark.message)


@given(texts | st.just(HOSTILE))
def test_nothing_of_a_learners_is_obeyed(text: str) -> None:
    """In all that is printed, only our own lines are commands."""
    report = hostile(text)
    annotations = to_annotations(report, SOURCES)
    printed = to_terminal(report, width=80, colour=False) + annotations
    assert obeyed(printed) == annotations.split("\n")[:-1]


@given(reports | st.just(hostile()))
def test_the_summary_is_one_table_of_plain_texts(report: Report) -> None:
    """A heading, a line and a row for each exercise; no link, image, tag or further cell, whatever a text says."""
    markdown = MarkdownIt("gfm-like", {"linkify": False, "html": True})
    html = markdown.render(to_summary(report))
    tags = set(re.findall(r"</?([a-z0-9]+)", html))
    assert tags <= {"h2", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    assert [row.count("<td>") for row in rows[1:]] == [4] * len(report.exercises)
    assert unescape(html).count("\n<p><strong>") == 1


def test_a_summary_stays_below_githubs_limit() -> None:
    """What does not fit is counted."""
    wide = hostile("漢" * 300).exercises[2]
    summary = to_summary(Report("A course", (wide, SOFTMAX) * 4000, RUN))
    assert SUMMARY_LIMIT - 2000 < len(summary.encode()) < SUMMARY_LIMIT
    left = re.search(r"\| \| (\d+) more \| \| \|\n$", summary)
    assert left is not None
    assert int(left[1]) == 8000 - sum(line.startswith(("| ❌", "| ⬜")) for line in summary.splitlines())
