"""Modules of a learner's, served from one real process of level `process`, each for the test that tells its story."""

import importlib
import math
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from grader import served
from grader.course import Limits, bundled_root, read_course
from grader.intake import Submission
from grader.open_session import OpenSession
from grader.process import LearnerProcess

Check = Callable[..., None]
_MARK = "_source_of_the_story"
_SECONDS = 20.0  # for the busiest machine


def story(source: str) -> Callable[[Check], Check]:
    """Give a test the learner's module of its name, without `test_`."""

    def keep(check: Check) -> Check:
        setattr(check, _MARK, textwrap.dedent(source))
        return check

    return keep


def module_name(check: Any) -> str:
    """Under which name the module of a test is served."""
    return str(check.__name__).removeprefix("test_")


@contextmanager
def telling(test_module: Any, packages: Mapping[str, str] | None = None) -> Iterator[OpenSession]:
    """One process for the modules of all stories in a test file; `packages`: further sources by path without .py."""
    checks = [value for value in vars(test_module).values() if hasattr(value, _MARK)]
    sources = {module_name(check): getattr(check, _MARK) for check in checks} | dict(packages or {})
    modules = {path.removesuffix("/__init__").replace("/", "."): path.endswith("/__init__") for path in sources}
    exercise = msgspec.structs.replace(
        read_course(bundled_root()).exercises[0],
        functions=(),
        constants=(),
        objects=True,
        limits=Limits(_SECONDS, 1024),
    )
    session = OpenSession(
        exercise,
        Submission("", {path: text.encode() for path, text in sources.items()}),
        LearnerProcess,
        served=frozenset(modules),
        floats_raise=False,
        checks_at_limit=math.inf,
    )
    try:
        with served.serving(modules, session, lambda _: None):
            yield session
    finally:
        session.close()


@pytest.fixture(scope="module")
def session(request: pytest.FixtureRequest) -> Iterator[OpenSession]:
    """The process of a test file's stories, and of its PACKAGE."""
    with telling(request.module, getattr(request.module, "PACKAGE", None)) as opened:
        yield opened


@pytest.fixture
def m(session: OpenSession, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The module of the test's story. The process has to be there still when the story is over."""
    session.begin(request.node.name)
    yield importlib.import_module(module_name(request.function))
    fault = session.fault
    session.end()
    assert fault is None, fault
