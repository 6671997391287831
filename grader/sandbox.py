"""What a learner's process may see, and the command that starts it in its level. Runs in: every trusted process.

`strict` is bubblewrap (all namespaces, a root of its own) together with what the process itself does before the
learner's first line: Landlock and seccomp, as at level `landlock`. Nothing is taken on trust: each process proves its
level (`LearnerProcess.prove`) before it gets the learner's files.
"""

import importlib.util
import os
import platform
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from grader.result import SandboxLevel

SCRATCH = Path("/scratch")  # inside bubblewrap; a memory file system of SCRATCH_BYTES
SCRATCH_BYTES = 64 * 2**20
NOBODY = 64_123  # the user that a learner's process becomes where the grader is root: nobody's, and owns nothing

WORKER_FILES = ("__init__", "worker", "project", "operations", "endpoint", "remote", "shared", "wire", "confine", "landlock", "seccomp")  # what its process imports of ours
_LIBRARIES = ("/lib", "/lib64", "/usr/lib64")  # where a dynamic loader may stand, beside what is in use
_LOADER_CACHE = Path("/etc/ld.so.cache")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
_MACHINES = ("x86_64", "aarch64")


def known() -> tuple[SandboxLevel, ...]:
    """The levels that there are for this operating system, strongest first."""
    if sys.platform == "linux":
        return (SandboxLevel.STRICT, SandboxLevel.LANDLOCK, SandboxLevel.PROCESS)
    return (SandboxLevel.PROCESS,)


def candidates() -> tuple[SandboxLevel, ...]:
    """The levels that this machine may have, strongest first. Whether one holds is for a process to prove."""
    found = [SandboxLevel.PROCESS]
    if sys.platform == "linux" and platform.machine() in _MACHINES:
        found.append(SandboxLevel.LANDLOCK)
        if bubblewrap() is not None:
            found.append(SandboxLevel.STRICT)
    return tuple(reversed(found))


@cache
def bubblewrap() -> str | None:
    """The path of `bwrap`, or None."""
    return shutil.which("bwrap")


def remedy(level: SandboxLevel) -> str:
    """How to get a level that did not hold here."""
    if sys.platform != "linux":
        return "it needs Linux; elsewhere grade in a Linux container or virtual machine"
    if level is SandboxLevel.STRICT and bubblewrap() is None:
        return "install bubblewrap (Debian and Ubuntu: `apt install bubblewrap`; Fedora: `dnf install bubblewrap`)"
    if level is SandboxLevel.STRICT:
        return (
            "bubblewrap may not make user namespaces here: on Ubuntu 24.04 allow it by an AppArmor profile for bwrap,"
            " or by `sysctl kernel.apparmor_restrict_unprivileged_userns=0`;"
            " in Docker, run with `--security-opt seccomp=unconfined`"
        )
    return "it needs Linux 5.13 or newer with Landlock enabled (`lsm=landlock,…` at boot), on x86-64 or AArch64"


def python(level: SandboxLevel) -> list[str]:
    """The interpreter with its options. A confined one has no site-packages but what is added to its path."""
    if level is SandboxLevel.PROCESS:
        return [sys.executable, "-I", "-B", "-X", "utf8"]
    return [str(Path(sys.executable).resolve()), "-I", "-S", "-B", "-X", "utf8"]


def wrapped(level: SandboxLevel, command: list[str], environment: dict[str, str]) -> list[str]:
    """The command, inside bubblewrap at level `strict`."""
    if level is not SandboxLevel.STRICT:
        return command
    options = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:  # stay root in mounting, then become NOBODY for good
        options += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        options += ["--unshare-user"]
    options += ["--die-with-parent", "--hostname", "sandbox", "--clearenv"]
    for name, value in environment.items():
        options += ["--setenv", name, value]
    for path in (Path("/lib"), Path("/lib64"), Path("/usr/lib64")):
        if path.is_symlink():
            options += ["--symlink", str(path.readlink()), str(path)]
    places = [*_standard_library(), *_rest(), _LOADER_CACHE, *map(Path, _DEVICES)]
    for above in _folders_above(places):  # those that bubblewrap makes would be closed to NOBODY
        options += ["--perms", "0755", "--dir", above]
    for library in _standard_library():
        options += ["--ro-bind", str(library), str(library)]
        for hidden in _package_folders(library):
            options += ["--tmpfs", str(hidden)]
    for path in _rest():
        options += ["--ro-bind", str(path), str(path)]
    options += ["--ro-bind-try", str(_LOADER_CACHE), str(_LOADER_CACHE), "--proc", "/proc"]
    for device in _DEVICES:
        options += ["--dev-bind", device, device]
    options += ["--perms", "0777", "--size", str(SCRATCH_BYTES), "--tmpfs", str(SCRATCH), "--chdir", str(SCRATCH)]
    options += ["--remount-ro", "/"]
    return [bubblewrap() or "bwrap", *options, "--", *command]


def _folders_above(paths: Iterable[Path]) -> list[str]:
    """Every folder in which one of the paths lies, the outermost first, without links of the root folder."""
    links = {path for path in Path("/").iterdir() if path.is_symlink()}
    above = {folder for path in paths for folder in path.parents if not links & {folder, *folder.parents}}
    return [str(folder) for folder in sorted(above) if folder != Path("/")]


def module_folders() -> list[str]:
    """The folders in which a confined process finds NumPy and MessagePack."""
    return list(dict.fromkeys(str(path.parent) for path in _packages()))


def readable(level: SandboxLevel) -> list[Path]:
    """What a confined process may read: the interpreter, its library, NumPy, the wire. No site-packages, no course.

    Inside bubblewrap the site-packages of the library are covered up; elsewhere they are left out, entry by entry.
    """
    library = _standard_library()
    if level is not SandboxLevel.STRICT:
        library = [entry for folder in library for entry in _without_packages(folder)]
    return [*library, *_rest()]


@cache
def _rest() -> tuple[Path, ...]:
    paths = [Path(sys.executable).resolve(), *_shared_libraries(), *_packages(), *_own()]
    return tuple(dict.fromkeys(path for path in paths if path.exists()))


def devices() -> tuple[str, ...]:
    """Devices that any program may use."""
    return _DEVICES


def _standard_library() -> list[Path]:
    folders = (Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))
    return list(dict.fromkeys(folders))


def _package_folders(library: Path) -> list[Path]:
    """Where packages may be installed below the library: the course's checks, for one."""
    return [library / name for name in ("site-packages", "dist-packages") if (library / name).is_dir()]


def _without_packages(library: Path) -> list[Path]:
    hidden = _package_folders(library)
    return [entry for entry in sorted(library.iterdir()) if entry not in hidden] if hidden else [library]


def _shared_libraries() -> Iterator[Path]:
    """Folders of the libraries that this very interpreter uses; single files where packages live beside them."""
    used = {Path(line.split(maxsplit=5)[5].strip()).parent for line in _maps() if ".so" in line}
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


def _own() -> Iterator[Path]:
    here = Path(__file__).parent
    yield from (here / f"{name}.py" for name in WORKER_FILES)
    yield here / "__pycache__"
