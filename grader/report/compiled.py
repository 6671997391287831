"""Templates compiled once, as Python does with modules. Runs in: command line."""

import sys
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from pickle import UnpicklingError

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Compiled(FileSystemBytecodeCache):
    """Code of a package's templates, beside that of its modules; where that can't be written, there is none.

    Compiling the templates of a page takes longer than drawing it.
    """

    def __init__(self, package: str) -> None:
        super().__init__(str(Path(str(files(package))) / "__pycache__"), "jinja2-%s.cache")

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        """What another Jinja has made, or one with other options, counts as made of another text."""
        options = environment.trim_blocks, environment.lstrip_blocks, environment.keep_trailing_newline
        made_by = jinja2.__version__, environment.autoescape, *options
        return super().get_bucket(environment, name, filename, f"{made_by} {source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, UnpicklingError):  # the power may have failed while it was written
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)
