"""What can go wrong for a person who uses the package. Runs in: every trusted process.

An error carries a finished sentence that names the file, the value and the remedy. Only the command line prints it.
"""


class GraderError(Exception):
    """Something that the person at the keyboard can mend; shown without a traceback."""


class CourseError(GraderError):
    """The course's own files are wrong: a task for its author."""


class WorkspaceError(GraderError):
    """No course or workspace here, or one that cannot be used."""


class DataError(GraderError):
    """A data file is missing, damaged or not the one it claims to be."""


class SandboxError(GraderError):
    """The sandbox level that was asked for is not to be had here."""


class ExportError(GraderError):
    """Questions that can't be written in the format that was asked for."""

    @classmethod
    def missing(cls, what: str, package: str) -> "ExportError":
        """A format for which an optional package is not installed."""
        return cls(f"{what} needs the package {package}, which is not installed; pip install {package}")
