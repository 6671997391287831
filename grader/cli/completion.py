"""`grade completion`: the script by which a shell completes this command's words. Runs in: command line.

click writes the scripts and answers them; names of exercises and chapters come from `grader.cli.select`.
"""

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from grader.cli import cli, screen
from grader.language import _

# What click's scripts lack: silence where `grade` is not on the path (an environment that is not active), and, in fish,
# descriptions with commas.
_CHANGES = {
    "bash": [("=bash_complete $1)", "=bash_complete $1 2>/dev/null)")],
    "zsh": [],
    "fish": [(" grade);", " grade 2>/dev/null);"), ('string split ","', 'string split -m 1 ","')],
}


@click.command("completion", short_help="Set up Tab completion in your shell.")
@click.argument("shell", required=False, type=click.Choice(list(_CHANGES)), metavar="[bash|zsh|fish]")
@click.option("--install", is_flag=True, help="Write it where the shell looks for such scripts.")
def completion_command(shell: str | None, *, install: bool) -> None:
    """Print the script by which your shell completes commands, options, exercises, chapters and files.

    Without an argument the shell is the one that SHELL names.

    \b
    grade completion --install          for every new shell
    eval "$(grade completion bash)"     for this bash alone
    eval "$(grade completion zsh)"      for this zsh alone, after compinit
    grade completion fish | source      for this fish alone
    """
    name = shell or _own_shell()
    if install:
        path = _place(name)
        screen.write(str(path), _script(name))
        screen.say(_("Written: {file}").format(file=path))
        for line in _then(name, path):  # not broken: paths and commands are to be copied
            screen.say(line)
        return
    screen.say(_script(name))
    if sys.stdout.isatty():
        said = _("To have it in every new shell: `grade completion {shell} --install`")
        click.echo(screen.paragraph(said.format(shell=name)), err=True)


def _own_shell() -> str:
    named = os.environ.get("SHELL", "")
    name = Path(named).name
    if name not in _CHANGES:
        said = _("SHELL is not set; say which one: {shells}")
        if named:
            said = _("SHELL is {found}; say which one: {shells}")
        raise click.UsageError(said.format(found=repr(named), shells=", ".join(_CHANGES)))
    return name


def _script(shell: str) -> str:
    made = get_completion_class(shell)
    assert made is not None
    script = made(cli, {}, "grade", "_GRADE_COMPLETE").source()
    for old, new in _CHANGES[shell]:
        script = script.replace(old, new)
    return script


def _place(shell: str) -> Path:
    """The user's own folder for such scripts, and there the name by which it is found."""
    home = Path.home()
    match shell:
        case "bash":
            data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
            folder = Path(os.environ.get("BASH_COMPLETION_USER_DIR") or data / "bash-completion")
            return folder / "completions/grade"
        case "fish":
            return Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "fish/completions/grade.fish"
        case _:
            return home / ".zfunc/_grade"


def _then(shell: str, path: Path) -> Iterator[str]:
    """What is left to do, in lines."""
    match shell:
        case "bash":
            yield _("New shells have it where the package bash-completion is in use.")
            yield _("Where it is not, add this line to ~/.bashrc:")
            yield f"  source {shlex.quote(str(path))}"
        case "fish":
            yield _("New shells have it.")
        case _:
            yield _("New shells have it once these lines stand in ~/.zshrc, the first before the second:")
            yield f"  fpath+=({shlex.quote(str(path.parent))})"
            yield "  autoload -Uz compinit; compinit"
