"""`grade run`: grade, record, render, say what to do next. Runs in: command line."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click
from msgspec.structs import replace

from grader.cli import screen
from grader.cli.formats import FORMATS, graded_files, rendered, say
from grader.cli.options import data_option, require_agreement, require_data, sandbox_options
from grader.cli.quiz_results import quiz_results
from grader.cli.select import ExerciseNames, choose, here
from grader.course import Exercise
from grader.errors import WorkspaceError
from grader.language import _
from grader.result import ExerciseResult, Outcome, Report, Run, SandboxLevel
from grader.workspace import Workspace

if TYPE_CHECKING:
    from grader.runner import Job


@click.command("run")
@click.argument("names", nargs=-1, type=ExerciseNames(), metavar="[NAME]...")
@click.option("--solutions", is_flag=True, help="Grade the course's references instead of your files.")
@click.option(
    "--json", "json_file", metavar="FILE", type=click.Path(), help="Write the report as JSON (- for standard output)."
)
@click.option(
    "--html", "html_file", metavar="FILE", type=click.Path(), help="Write the report as a page (- for standard output)."
)
@click.option(
    "--junit",
    "junit_file",
    metavar="FILE",
    type=click.Path(),
    help="Write the report as JUnit XML (- for standard output).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default=FORMATS[0],
    help="On standard output: text to be read (default), a line for each finding, or GitHub's annotations too.",
)
@data_option
@sandbox_options
@click.option("--keep-going/--stop-early", default=True, help="Go on after an exercise that did not pass (default).")
@click.option(
    "--own-parts", is_flag=True, help="Where an exercise is built of earlier ones, import your files, not the course's."
)
@click.option(
    "--code",
    type=click.File("rb"),
    metavar="FILE",
    help="Grade FILE in place of yours in the workspace (- for standard input); with the NAME of its exercise.",
)
def run_command(
    names: tuple[str, ...] = (),
    *,
    solutions: bool = False,
    json_file: str | None = None,
    html_file: str | None = None,
    junit_file: str | None = None,
    form: str = FORMATS[0],
    data_dir: Path | None = None,
    sandbox: SandboxLevel | None,
    require_sandbox: SandboxLevel,
    keep_going: bool = True,
    own_parts: bool = False,
    code: BinaryIO | None = None,
) -> int:
    """Grade all exercises, or those named, and show where you stand.

    NAME is an exercise, a chapter's folder, or the path of an exercise's file. Exit code 0 means that all of them
    passed.
    """
    files = {"json": json_file, "html": html_file, "junit": junit_file}
    if list(files.values()).count("-") > 1:
        raise click.UsageError(_("only one report can go to standard output; give the others a file name"))
    if form != FORMATS[0] and "-" in files.values():
        said = _("--format {form} writes to standard output; give the report a file name")
        raise click.UsageError(said.format(form=form))
    require_agreement(sandbox, require_sandbox)
    workspace = here()
    chosen = choose(workspace, names)
    require_data(data_dir)
    if code is not None and (solutions or len(chosen) != 1):
        raise click.UsageError(_("--code is about one exercise and its file; name the exercise, without --solutions"))
    if solutions:
        workspace.need_course(_("solutions"))
    if own_parts:
        _require_parts(workspace, chosen, solutions=solutions)
    report = _grade(
        workspace,
        chosen,
        solutions=solutions,
        data_dir=data_dir,
        sandbox=sandbox,
        at_least=require_sandbox,
        keep_going=keep_going,
        own_parts=own_parts,
        code=code,
    )
    if not solutions:
        report = replace(report, quizzes=quiz_results(workspace, {e.chapter for e in report.exercises}))
    whys = {e.name: e.why for e in chosen}
    if "-" not in files.values():
        named = None if code is None else code.name
        graded = graded_files(workspace, chosen, solutions=solutions, code=named)
        say(form, workspace, report, graded, whys, solutions=solutions)
    for kind, path in files.items():
        if path is not None:
            screen.write(path, rendered(kind, report, whys))
    return _exit_code(report)


def _grade(
    workspace: Workspace,
    chosen: list[Exercise],
    *,
    solutions: bool,
    data_dir: Path | None,
    sandbox: SandboxLevel | None,
    at_least: SandboxLevel,
    keep_going: bool,
    own_parts: bool,
    code: BinaryIO | None,
) -> Report:
    from grader import runner

    jobs = jobs_of(workspace, chosen, solutions=solutions, own_parts=own_parts, code=code)
    finished: list[ExerciseResult] = []
    with screen.GradingBars(len(jobs)) as bars:

        def done(result: ExerciseResult) -> None:
            finished.append(result)
            bars.next_exercise()

        try:
            report = runner.grade(
                workspace.course,
                jobs,
                data_dir=data_dir,
                sandbox=sandbox,
                at_least=at_least,
                stop_early=not keep_going,
                done=done,
                under_way=lambda step: bars.step(step.exercise, step.done, step.total, step.text),
            )
        except KeyboardInterrupt:
            if not solutions and finished:
                _record(workspace, Report(workspace.course.title, tuple(finished), Run(sandbox or at_least)))
            raise
    if not solutions:
        _record(workspace, report)
    return report


def jobs_of(
    workspace: Workspace,
    chosen: list[Exercise],
    *,
    solutions: bool = False,
    own_parts: bool = False,
    code: BinaryIO | None = None,
) -> "list[Job]":
    """The learner's files of these exercises, or the course's references, as they are now; or this code of one.

    Raises WorkspaceError.
    """
    from grader import intake, runner

    if workspace.release is not None:  # there are no parts but the learner's own
        own_parts = any(e.parts for e in chosen)
    paths = {e.name: e.reference if solutions else workspace.file_of(e) for e in chosen}
    if code is not None:
        jobs = [runner.Job(e, intake.take_stream(code, e.module)) for e in chosen]
    else:
        jobs = [runner.Job(e, intake.take(paths[e.name])) for e in chosen]
    return [of_own_parts(workspace, job) for job in jobs] if own_parts else jobs


def _require_parts(workspace: Workspace, chosen: list[Exercise], *, solutions: bool) -> None:
    """Raises UsageError where `--own-parts` would mean nothing."""
    if solutions:
        raise click.UsageError(_("--own-parts is about your files, --solutions about the course's; leave one out"))
    if not any(e.parts for e in chosen):
        built = ", ".join(e.name for e in workspace.course.exercises if e.parts) or _("none")
        said = _("--own-parts is for exercises that are built of earlier ones: {exercises}")
        raise click.UsageError(said.format(exercises=built))


def of_own_parts(workspace: Workspace, job: "Job") -> "Job":
    """The job with the learner's own files of the exercises of which this one is built."""
    from grader import intake

    files = {e.module: intake.read(workspace.file_of(e)) for e in workspace.course.parts_of(job.exercise)}
    refused = [text for text in files.values() if isinstance(text, intake.Refusal)]
    if refused:
        raise WorkspaceError(f"--own-parts: {refused[0].message}")
    if isinstance(job.submission, intake.Refusal):
        return job
    own = {module: text for module, text in files.items() if isinstance(text, bytes)}
    return replace(job, submission=job.submission.with_helpers(own))


def _record(workspace: Workspace, report: Report) -> None:
    """Keep the attempt. A folder that can't be written costs the record, never the verdict."""
    from grader import diary

    try:
        for message in diary.keep(workspace, report):
            click.echo(f"grade: {message}", err=True)
    except WorkspaceError as error:
        click.echo(f"grade: {error}", err=True)


def _exit_code(report: Report) -> int:
    from grader.cli import ExitCode

    if any(e.outcome is Outcome.GRADER_ERROR for e in report.exercises):
        return ExitCode.FAULT
    return ExitCode.PASSED if report.passed or not report.exercises else ExitCode.NOT_PASSED
