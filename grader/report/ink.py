"""Turn words into lines of a terminal: colours, signs, width, and text that a terminal can take. Runs in: reports."""

import re
from collections.abc import Iterator

from msgspec import Struct

from grader.language import ngettext
from grader.report.plain import printable
from grader.report.wrapping import cells, wrap

# Select Graphic Rendition codes of ECMA-48; a style is one or more words: "bold good".
_CODES = {"bold": "1", "dim": "2", "good": "32", "bad": "31", "soft": "33", "accent": "36"}
_ASCII = str.maketrans({
    "✓": "+", "✗": "x", "·": "-", "~": "~", "│": "|", "›": ">", "→": ">", "█": "=", "░": "-", "…": "...",
    "–": "-", "—": "-", "×": "x", "≤": "<=", "≥": ">=", "‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " ",
})  # fmt: skip
# A build service obeys a line that begins with "::", spaces before it or not.
_COMMAND_LINE = re.compile(r"^( *)::")


class Ink(Struct, frozen=True):
    """How a report may draw: `width` in cells, escape codes only with `colour`, nothing but ASCII with `ascii_only`."""

    width: int
    colour: bool
    ascii_only: bool

    def paint(self, text: str, style: str) -> str:
        """`text` in `style`: words of the table of codes, or "" for none."""
        if not self.colour or not style or not text.strip():
            return text
        return f"\x1b[{';'.join(_CODES[word] for word in style.split())}m{text}\x1b[0m"

    def drawable(self, text: str) -> str:
        """The grader's own `text`, in ASCII where nothing else can be shown."""
        return text.translate(_ASCII).encode("ascii", "backslashreplace").decode() if self.ascii_only else text

    def safe(self, text: str, *, keep_newlines: bool = False) -> str:
        """Any `text`, made safe to show."""
        return self.drawable(printable(text, keep_newlines=keep_newlines))

    def block(
        self, text: str, *, lead: str = "", style: str = "", lead_style: str = "", lines: int | None = None
    ) -> Iterator[str]:
        """`text` (already safe) wrapped beside `lead`, which stands before the first line, and blanks of its width
        before the others. At most `lines` of them, then one that counts the rest."""
        room = max(self.width - cells(lead), 10)
        wrapped = wrap(text, room)
        if lines is not None and len(wrapped) > lines:
            left_out = len(wrapped) - lines
            rest = ngettext("… {count} more line", "… {count} more lines", left_out).format(count=f"{left_out:,}")
            wrapped = [*wrapped[:lines], self.drawable(rest)]
        for index, line in enumerate(wrapped):
            before = lead if index == 0 else " " * cells(lead)
            whole = _COMMAND_LINE.sub(r"\1\\x3a:", before + line)
            head, tail = whole[: len(before)], whole[len(before) :]
            yield (self.paint(head, lead_style) + self.paint(tail, style)).rstrip(" ")
