"""What a learner's process may see, and the command that starts it in its level. Runs in: every trusted process.

`strict` is bubblewrap (all namespaces, a root of its own) together with what the process itself does before the
learner's first line: Landlock and seccomp, as at level `landlock`. `seatbelt` is `sandbox-exec` of macOS. Nothing is
taken on trust: each process proves its level (`LearnerProcess.prove`) before it gets the learner's files.

Root's process becomes an unused user (`grader.unprivileged`), inside bubblewrap and out, and needs no user namespace.
Where Python's files are for their owner alone (umask 077), bubblewrap makes one for root as for anyone else: inside,
root has none of its rights, and may read those files. What root's number alone would still open there, the files of
/proc/sys, is mounted read-only.
"""

import importlib.util
import platform
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from grader import seatbelt, unprivileged, worker_files
from grader.language import _
from grader.result import SandboxLevel

SCRATCH = Path("/scratch")  # inside bubblewrap; a memory file system of SCRATCH_BYTES
SCRATCH_BYTES = 64 * 2**20

_LIBRARIES = ("/lib", "/lib64", "/usr/lib64")  # where a dynamic loader may stand, beside what is in use
_LOADER_CACHE = Path("/etc/ld.so.cache")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_MACHINES = ("x86_64", "aarch64")
_SYSTEMS = {"linux": "Linux", "darwin": "macOS", "win32": "Windows"}


def known() -> tuple[SandboxLevel, ...]:
    """The levels that there are for this operating system, strongest first."""
    if sys.platform == "linux":
        return (SandboxLevel.STRICT, SandboxLevel.LANDLOCK, SandboxLevel.PROCESS)
    if sys.platform == "darwin":
        return (SandboxLevel.SEATBELT, SandboxLevel.PROCESS)
    return (SandboxLevel.PROCESS,)


def candidates() -> tuple[SandboxLevel, ...]:
    """The levels that this machine may have, strongest first. Whether one holds is for a process to prove."""
    return tuple(level for level in known() if not lacking(level))


def lacking(level: SandboxLevel) -> str:
    """What a level needs and this machine plainly has not; nothing where only a process can tell."""
    if level not in known():
        return _("it is not a level of {system}").format(system=_SYSTEMS.get(sys.platform, sys.platform))
    if level is SandboxLevel.SEATBELT and not Path(seatbelt.PROGRAM).exists():
        return _("{program} is missing").format(program=seatbelt.PROGRAM)
    if level in (SandboxLevel.LANDLOCK, SandboxLevel.STRICT) and platform.machine() not in _MACHINES:
        return _("there is no table of system calls for {machine}").format(machine=platform.machine())
    if level is SandboxLevel.STRICT and bubblewrap() is None:
        return _("bubblewrap (`bwrap`) is not installed")
    return ""


@cache
def bubblewrap() -> str | None:
    """The path of `bwrap`, or None."""
    return shutil.which("bwrap")


def remedy(level: SandboxLevel) -> str:
    """How to get a level that did not hold here."""
    if level not in known():
        said = _("the levels here are {levels}; a Linux container or virtual machine has more")
        if sys.platform == "linux":
            said = _("the levels here are {levels}")
        return said.format(levels=", ".join(known()))
    if level is SandboxLevel.PROCESS:
        return _("`grade doctor` says what is missing")
    if level is SandboxLevel.SEATBELT:
        return _("it needs macOS's own sandbox-exec; a Linux container or virtual machine has more")
    if level is SandboxLevel.STRICT and bubblewrap() is None:
        return _("install bubblewrap (Debian and Ubuntu: `apt install bubblewrap`; Fedora: `dnf install bubblewrap`)")
    if level is SandboxLevel.STRICT:
        return _(
            "bubblewrap needs user namespaces: Ubuntu 24.04 and newer allow them by an AppArmor profile for bwrap or by"
            " `sysctl kernel.apparmor_restrict_unprivileged_userns=0`, others by user.max_user_namespaces above 0;"
            " in Docker add `--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
            " --security-opt systempaths=unconfined`"
        )
    return _("it needs Linux 5.13 or newer with Landlock enabled (`lsm=landlock,…` at boot), on x86-64 or AArch64")


def python(level: SandboxLevel) -> list[str]:
    """The interpreter with its options. A confined one has no site-packages but what is added to its path."""
    if _has_packages(level):
        return [sys.executable, "-I", "-B", "-X", "utf8"]
    base: str = getattr(sys, "_base_executable", sys.executable) if sys.platform == "win32" else sys.executable
    return [str(Path(base).resolve()), "-I", "-S", "-B", "-X", "utf8"]


def _has_packages(level: SandboxLevel) -> bool:
    """Whether the process starts like any Python here. On Windows that of a virtual environment starts a second one."""
    return level is SandboxLevel.PROCESS and sys.platform != "win32"


def wrapped(
    level: SandboxLevel, command: list[str], environment: Mapping[str, str], scratch: str, own: Mapping[Path, int]
) -> list[str]:
    """The command, inside the program that makes the level, if one does. `own`: as of `worker_files.opened`."""
    match level:
        case SandboxLevel.STRICT:
            return [bubblewrap() or "bwrap", *_bubblewrap_options(environment, own), "--", *command]
        case SandboxLevel.SEATBELT:
            hidden = [folder for library in _standard_library() for folder in _package_folders(library)]
            return [seatbelt.PROGRAM, "-p", seatbelt.profile(readable(level), hidden, scratch), *command]
        case SandboxLevel.LANDLOCK | SandboxLevel.PROCESS:
            return command


@cache
def other_user(level: SandboxLevel) -> int | None:
    """The user and group that a process of root's becomes; None where it stays who the grader is."""
    if level is SandboxLevel.STRICT:
        return unprivileged.user_for(readable(level), bound=True)
    return unprivileged.user_for([*_start(), *readable(level)], bound=False)


def _start() -> list[Path]:
    """What Python looks at when it starts and is to find the worker, outside of bubblewrap."""
    package = Path(__file__).parent
    return [Path(sys.executable), Path(sys.prefix), package.parent, package]


def _bubblewrap_options(environment: Mapping[str, str], own: Mapping[Path, int]) -> Iterator[str]:
    yield from ("--cap-drop", "ALL")
    if other_user(SandboxLevel.STRICT) is None:
        nobody = str(unprivileged.FIRST)
        yield from ("--unshare-user", "--uid", nobody, "--gid", nobody)
    else:  # to be given up by the process itself (`grader.confine`)
        yield from ("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID")
    yield from ("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try")
    yield from ("--die-with-parent", "--hostname", "sandbox", "--clearenv")
    for name, value in environment.items():
        yield from ("--setenv", name, value)
    for path in (Path("/lib"), Path("/lib64"), Path("/usr/lib64")):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
    libraries = _standard_library()
    covers = [str(folder) for library in libraries for folder in _package_folders(library)]
    yield from _bound(libraries)
    for cover in covers:
        yield from ("--tmpfs", cover)
    yield from _bound(_rest())
    yield from _passable(own)
    for file, descriptor in own.items():
        yield from ("--perms", "0444", "--file", str(descriptor), str(file))
    yield from ("--ro-bind-try", str(_LOADER_CACHE), str(_LOADER_CACHE), "--proc", "/proc")
    yield from ("--perms", "0755", "--dir", "/dev")
    for device in _DEVICES:
        yield from ("--dev-bind", device, device)
    yield from ("--perms", "0777", "--size", str(SCRATCH_BYTES), "--tmpfs", str(SCRATCH), "--chdir", str(SCRATCH))
    for place in (*covers, "/proc", "/"):
        yield from ("--remount-ro", place)


def _passable(paths: Iterable[Path]) -> Iterator[str]:
    """Folders above paths that anybody may pass: bubblewrap would make them its own user's alone."""
    lowest = {path.parent for path in paths}
    for folder in sorted({*lowest, *(above for path in lowest for above in path.parents)}):
        if folder != folder.parent:
            yield from ("--perms", "0755", "--dir", str(folder))


def _bound(paths: Sequence[Path]) -> Iterator[str]:
    yield from _passable(paths)
    for path in paths:
        yield from ("--ro-bind", str(path), str(path))


def module_folders(level: SandboxLevel) -> list[str]:
    """The folders in which a process without site-packages finds NumPy and MessagePack."""
    return [] if _has_packages(level) else list(dict.fromkeys(str(path.parent) for path in _packages()))


def readable(level: SandboxLevel) -> list[Path]:
    """What a confined process may read: the interpreter, its library, NumPy, the wire. No site-packages, no course.

    Inside bubblewrap the site-packages of the library are covered up; elsewhere they are left out, entry by entry.
    """
    library: Iterable[Path] = _standard_library()
    if level is not SandboxLevel.STRICT:
        library = [entry for folder in library for entry in _without_packages(folder)]
    return [*library, *_rest(), *(worker_files.copies() if level is SandboxLevel.STRICT else worker_files.in_place())]


@cache
def _rest() -> tuple[Path, ...]:
    libraries = _shared_libraries() if sys.platform == "linux" else ()
    paths = [Path(sys.executable).resolve(), *libraries, *_packages()]
    return tuple(dict.fromkeys(path for path in paths if path.exists()))


def devices() -> tuple[str, ...]:
    """Devices that any program may use."""
    return _DEVICES


@cache
def _standard_library() -> tuple[Path, ...]:
    base = {"platbase": sys.base_exec_prefix}  # of a virtual environment, that of the interpreter beneath
    folders = (sysconfig.get_path(name, vars=base) for name in ("stdlib", "platstdlib"))
    return tuple(dict.fromkeys(Path(folder).resolve() for folder in folders))


def _package_folders(library: Path) -> list[Path]:
    """Where packages may be installed below the library: the course's checks, for one."""
    return [library / name for name in ("site-packages", "dist-packages") if (library / name).is_dir()]


def _without_packages(library: Path) -> list[Path]:
    hidden = _package_folders(library)
    return [entry for entry in sorted(library.iterdir()) if entry not in hidden] if hidden else [library]


def _shared_libraries() -> Iterator[Path]:
    """Folders of the libraries that this very interpreter uses; single files where packages live beside them."""
    used = {Path(name).parent for name in {line[line.index("/") :].strip() for line in _maps() if ".so" in line}}
    inside = [*_packages_roots(), Path(sysconfig.get_path("stdlib")).resolve()]
    for folder in sorted({*used, *(Path(name).resolve() for name in _LIBRARIES if Path(name).is_dir())}):
        if any(folder == root or root in folder.parents for root in inside):
            continue  # an extension module of the library or of a package
        if any(folder in root.parents for root in inside) or (folder / "python3").exists():
            yield from sorted(folder.glob("*.so*"))
        else:
            yield folder


def _maps() -> Iterable[str]:
    with Path("/proc/self/maps").open(encoding="utf-8", errors="surrogateescape") as maps:
        return [line for line in maps if "/" in line]


def _packages_roots() -> Iterator[Path]:
    for name in ("purelib", "platlib"):
        yield Path(sysconfig.get_path(name)).resolve()


@cache
def _packages() -> tuple[Path, ...]:
    """Where NumPy and MessagePack are, found without importing them."""
    found = []
    for name in ("numpy", "msgpack"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(Path(spec.origin).parent)
    libraries = [path.with_name("numpy.libs") for path in found if path.name == "numpy"]
    return (*found, *(path for path in libraries if path.is_dir()))
