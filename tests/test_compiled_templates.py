"""Compiled templates are kept beside the package's modules, and are never those of another text."""

import os
import subprocess
import sys
from pathlib import Path

import jinja2
import pytest

from grader.report.compiled import Compiled


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a package that is empty."""
    (tmp_path / "pages_of_a_test").mkdir()
    (tmp_path / "pages_of_a_test" / "__init__.py").touch()
    (tmp_path / "pages_of_a_test" / "__pycache__").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pages_of_a_test", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return "pages_of_a_test"


def drawn(package: str, text: str, **options: bool) -> str:
    """What a template says, in an environment of its own."""
    made = jinja2.Environment(
        loader=jinja2.DictLoader({"page": text}), bytecode_cache=Compiled(package), autoescape=True, **options
    )
    return made.get_template("page").render(value="<b>")


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "pages_of_a_test" / "__pycache__").glob("jinja2-*"))


def test_a_template_is_compiled_once(tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(package, "{{ value }}") == "&lt;b&gt;"
    assert len(kept(tmp_path)) == 1
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    assert drawn(package, "{{ value }}") == "&lt;b&gt;"


def test_another_text_or_other_options_are_compiled_anew(tmp_path: Path, package: str) -> None:
    assert drawn(package, "{{ value }}\n") == "&lt;b&gt;"
    assert drawn(package, "{{ value }}!\n") == "&lt;b&gt;!"
    assert drawn(package, "{{ value }}!\n", keep_trailing_newline=True) == "&lt;b&gt;!\n"
    assert len(kept(tmp_path)) == 1


def test_what_was_kept_may_be_broken(tmp_path: Path, package: str) -> None:
    assert drawn(package, "{{ value }}") == "&lt;b&gt;"
    (path,) = kept(tmp_path)
    whole = path.read_bytes()
    for wrong in (b"nothing of the kind", *(whole[:length] for length in range(len(whole)))):
        path.write_bytes(wrong)
        assert drawn(package, "{{ value }}") == "&lt;b&gt;"


def test_where_nothing_can_be_kept_nothing_is(tmp_path: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert drawn(package, "{{ value }}") == "&lt;b&gt;"
    assert kept(tmp_path) == []
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / package / "__pycache__").rmdir()
    assert drawn(package, "{{ value }}") == "&lt;b&gt;"
    (tmp_path / package / "__pycache__").write_text("in the way", encoding="utf-8")
    assert drawn(package, "{{ value }}") == "&lt;b&gt;"


def test_pages_are_drawn_of_what_is_kept() -> None:
    """The second process of two compiles nothing."""
    code = (
        "import sys, jinja2; sys.dont_write_bytecode = False\n"
        "from grader.report.page import environment\n"
        "compiled = []; compile = jinja2.Environment.compile\n"
        "jinja2.Environment.compile = lambda *a, **k: compiled.append(a) or compile(*a, **k)\n"
        "environment('grader.classroom.pages').get_template('class.html.j2'); print(len(compiled))"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert said[1] == "0\n"
