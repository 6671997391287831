"""The language in which a learner is spoken to. Runs in: every trusted process.

English stands in the code, and is spoken until `use` is called: by `grade verify`, by all that is kept of a class, by
tests. Other languages are gettext catalogs in `locale/`, one folder each; CONTRIBUTING.md says how to add one.
"""

import gettext
from collections.abc import Iterator, Mapping
from pathlib import Path

DOMAIN = "neurograde"
FOLDER = Path(__file__).with_name("locale")
ENGLISH = "en"
_PLAIN = ("C", "POSIX")  # locales without a language

_code = ENGLISH
_catalog: gettext.NullTranslations | None = None  # None: English


def _(message: str) -> str:
    """A message in the language in use; as it is where nobody has translated it."""
    return message if _catalog is None or not message else _catalog.gettext(message)


def ngettext(one: str, many: str, count: float) -> str:
    """The form of a message that goes with a count."""
    if _catalog is None:
        return one if count == 1 else many
    return _catalog.ngettext(one, many, 1 if count == 1 else max(int(count), 2))


def N_(message: str) -> str:
    """Mark a message that is translated where it is shown, by `_`."""
    return message


def capitalized(text: str) -> str:
    """With a capital at its beginning, and all others as they are."""
    return text[:1].upper() + text[1:]


def language() -> str:
    """The code of the language in use: "en", "de"."""
    return _code


def known() -> list[str]:
    """The codes of all languages that there are catalogs of."""
    return sorted(path.parent.parent.name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))


def wanted(environment: Mapping[str, str]) -> str:
    """The code of the language that an environment asks for, by the variables of gettext; English where none is known.

    LANGUAGE is a list, first come first; it says nothing in the locale C.
    """
    locale = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), "")
    if locale in _PLAIN:
        return ENGLISH
    asked = environment.get("LANGUAGE") or locale
    return next((code for code in _codes(asked) if code == ENGLISH or _file(code).is_file()), ENGLISH)


def _codes(asked: str) -> Iterator[str]:
    """Codes to try: for "pt_BR.UTF-8:fr" these are pt_BR, pt and fr."""
    for name in asked.split(":"):
        code = name.partition(".")[0].partition("@")[0]
        if code.replace("_", "").isalnum():
            yield from dict.fromkeys((code, code.partition("_")[0]))


def _file(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.mo"


def use(code: str) -> None:
    """Speak this language from now on. What click itself says follows, where the environment asks for the same one."""
    global _code, _catalog  # noqa: PLW0603 - one process speaks one language
    _code = code
    _catalog = None if code == ENGLISH else gettext.translation(DOMAIN, FOLDER, [code])
    if _catalog is not None:
        gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain("messages" if _catalog is None else DOMAIN)
