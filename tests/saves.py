"""How editors, and what else changes files, write one that is there."""

import shutil
from pathlib import Path


def in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def renamed_over(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def deleted_and_made(path: Path, text: str) -> None:
    path.unlink()
    path.write_text(text, encoding="utf-8")


def moved_away_and_made(path: Path, text: str) -> None:
    """As Vim does with `backupcopy=no`."""
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(text, encoding="utf-8")


def in_pieces(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        for character in text:
            file.write(character)
            file.flush()


def folder_and_all(path: Path, text: str) -> None:
    """As when a branch is changed: the exercise's folder goes and comes."""
    beside = path.parent.with_name("other")
    shutil.copytree(path.parent, beside)
    (beside / path.name).write_text(text, encoding="utf-8")
    shutil.rmtree(path.parent)
    beside.rename(path.parent)
