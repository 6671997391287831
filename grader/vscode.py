"""What a workspace tells Visual Studio Code: tasks whose findings land at their lines. Runs in: command line."""

from collections.abc import Iterator

# A line of `grade run --format lines`. JavaScript and Python read this expression alike.
LINE = r"^(.+?):(\d+):(\d+): (error|warning|note): (.*) \[(.+)\]$"
_MATCHER = {
    "owner": "neurograde",
    "source": "grade",
    "fileLocation": ["relative", "${workspaceFolder}"],
    "pattern": {"regexp": LINE, "file": 1, "line": 2, "column": 3, "severity": 4, "message": 5, "code": 6},
}
_OPEN_FILE = {"value": "${file}", "quoting": "strong"}
_FOLDER = ".vscode"


def files() -> Iterator[tuple[str, str]]:
    """Paths in a workspace and texts, the same for all."""
    yield f"{_FOLDER}/extensions.json", _json({"recommendations": ["ms-python.python"]})
    yield f"{_FOLDER}/tasks.json", _json({"version": "2.0.0", "tasks": list(_tasks())})


def _tasks() -> Iterator[dict[str, object]]:
    lines: list[object] = ["run", "--format", "lines"]
    yield _task("grade this file", [*lines, _OPEN_FILE], group=_by_default("build"), problemMatcher=_MATCHER)
    yield _task("grade all", lines, group=_by_default("test"), problemMatcher=_MATCHER)
    yield _task("watch", ["watch"], isBackground=True, problemMatcher=[])
    yield _task("explain this file", ["run", _OPEN_FILE], problemMatcher=[])
    yield _task("next hint", ["hint", _OPEN_FILE], problemMatcher=[])


def _by_default(kind: str) -> dict[str, object]:
    """The task that the editor's own command for `kind` runs; for "build" that is Ctrl+Shift+B."""
    return {"kind": kind, "isDefault": True}


def _task(label: str, arguments: list[object], **more: object) -> dict[str, object]:
    shown = {"clear": True, "showReuseMessage": False}
    return {"label": label, "type": "shell", "command": "grade", "args": arguments, "presentation": shown, **more}


def _json(data: object) -> str:
    import json  # which most commands don't need

    return json.dumps(data, indent=2) + "\n"
