"""What is made for macOS and Windows, as far as it can be looked at elsewhere: form, not effect."""

import ctypes
import re
import sys
import sysconfig
from pathlib import Path

import pytest

from grader import jobobject, sandbox, seatbelt
from grader.result import SandboxLevel

SCRATCH = '/private/tmp/a "quoted" \\ folder'


@pytest.fixture
def rules() -> list[str]:
    """The profile's rules for a process with an odd scratch folder."""
    hidden = [Path("/hidden/site-packages")]
    return seatbelt.profile([Path("/readable/numpy"), Path("/readable/grader/wire.py")], hidden, SCRATCH).splitlines()


def test_everything_is_denied_first(rules: list[str]) -> None:
    """The last rule that fits decides, so that what is not named stays denied."""
    assert rules[:2] == ["(version 1)", "(deny default)"]
    assert [rule for rule in rules[2:] if not re.match(r"\((allow|deny) [a-z-]+\*?", rule)] == []


def test_what_was_installed_is_covered_up_before_single_packages_are_opened(rules: list[str]) -> None:
    """NumPy lies beneath the folder that must not be read as a whole."""
    denied = next(place for place, rule in enumerate(rules) if rule.startswith("(deny file-read-data"))
    opened = next(place for place, rule in enumerate(rules) if "/readable/numpy" in rule)
    library = next(place for place, rule in enumerate(rules) if sys.base_prefix in rule and "file-read*" in rule)
    assert library < denied < opened
    assert '"/hidden/site-packages"' in rules[denied]
    assert str(Path(sysconfig.get_path("purelib")).resolve()) in rules[denied]


def test_no_process_no_network_no_service_is_allowed(rules: list[str]) -> None:
    """None of the operations by which code would get out is named in a rule that allows."""
    operations = {word for rule in rules if rule.startswith("(allow") for word in re.findall(r"[a-z]+-[a-z*-]+", rule)}
    assert not {name for name in operations if name.startswith(("network", "mach", "process-fork", "ipc", "iokit"))}


def test_only_the_scratch_folder_is_written_to(rules: list[str]) -> None:
    """And to /dev/null; a path with quotes and backslashes stays one path."""
    writing = [rule for rule in rules if "file-write" in rule]
    quoted = r'"/private/tmp/a \"quoted\" \\ folder"'
    assert writing == [
        f"(allow file-read* file-write* (subpath {quoted}))",
        '(allow file-write-data (literal "/dev/null"))',
    ]


def test_the_parentheses_of_the_profile_match(rules: list[str]) -> None:
    """Outside of texts, which may hold some."""
    for rule in rules:
        bare = re.sub(r'"(\\.|[^"\\])*"', "", rule)
        assert bare.count("(") == bare.count(")"), rule


def test_the_command_at_seatbelt_is_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    """`sandbox-exec -p PROFILE COMMAND`."""
    monkeypatch.setattr(sandbox, "_rest", lambda: (Path("/readable/numpy"),))
    command = sandbox.wrapped(SandboxLevel.SEATBELT, ["python3", "-c", "pass"], {}, "/scratch", {})
    assert command[:2] == [seatbelt.PROGRAM, "-p"]
    assert command[3:] == ["python3", "-c", "pass"]


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes for 64 bits")
def test_the_limits_of_a_job_have_the_documented_size() -> None:
    """144 bytes, 64 of them the basic limits: an error in a field's width would show here."""
    limits = jobobject.limits(2**30)
    assert ctypes.sizeof(limits) == 144
    assert type(limits).ProcessMemoryLimit.offset == 64 + 48
    assert limits.BasicLimitInformation.ActiveProcessLimit == 1
    assert limits.ProcessMemoryLimit == 2**30
    assert limits.BasicLimitInformation.LimitFlags == 0x2508


@pytest.mark.skipif(sys.platform == "win32", reason="there it would work")
def test_there_are_no_jobs_elsewhere() -> None:
    """A call by mistake says so."""
    with pytest.raises(OSError, match="a part of Windows"):
        jobobject.enclose(0, 0)
