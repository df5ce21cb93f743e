"""Text that went through the wrong encoding: UTF-8 read as cp1252 or Latin-1 and saved again, once or more.

Repaired only where it is sure: the signs spell whole characters of UTF-8 that make Devanagari, a rupee
sign or typographic marks, so that to mangle the result again gives what was there. What lost bytes on the
way (`?`, dropped signs) cannot be told for sure and is refused.
"""

from __future__ import annotations

import re
from typing import Final

import regex

from pipeline.reading.reasons import NotAnArticle

# What a byte from 80 looks like: the control sign of Latin-1, and the letter of cp1252 where it has one.
_BYTE_OF: Final = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}


def _signs(first: int, last: int) -> str:
    found = (sign for sign, byte in _BYTE_OF.items() if first <= byte <= last)
    return "[" + "".join(map(regex.escape, found)) + "]"


_NEXT: Final = _signs(0x80, 0xBF)
_LOST: Final = "\x81\x8d\x8f\x90\x9d"  # cp1252 has no letter for these bytes
# No language writes these in a row: marks of typography, the rupee, other signs, the byte order mark.
_MARKS: Final = regex.compile(rf"â(?:[€\x80]{_NEXT}|[‚\x82][¹¬])|Â[£¥©®°]|ï»¿")
_ANY: Final = regex.compile(
    rf"{_signs(0xC2, 0xDF)}{_NEXT}|{_signs(0xE0, 0xEF)}{_NEXT}{{2}}|{_signs(0xF0, 0xF4)}{_NEXT}{{3}}"
)
_HINT: Final = re.compile("[àÃâÂï]")
_OUTER_SPACE: Final = regex.compile(r"(?<=Ã) (?=Â[¤¥])")
_INNER_SPACE: Final = regex.compile(r"(?<=à[¤¥]) ")
_BROKEN: Final = regex.compile(r"à[¤¥]|Ã[\xa0 ]Â[¤¥]")
# What comes out of mojibake only where it was mojibake: none of these is a letter of cp1252.
_PROOF: Final = regex.compile(r"[\p{Devanagari}₹]")
_MOST_BROKEN: Final = 0.01  # of the letters that came out, from where they cannot be trusted either
_DEEPEST: Final = 4


def repaired(text: str) -> str:
    """`text` with what is surely mojibake turned back; NotAnArticle `bad_encoding` when it is past repair."""
    if not _HINT.search(text):
        return text
    whole = "\n".join(map(_line, text.split("\n")))
    letters, before = _letters(whole), _letters(text)
    broken = len(_BROKEN.findall(whole))
    if broken and broken > _MOST_BROKEN * (letters - before or letters):
        raise NotAnArticle("bad_encoding", "The text went through a wrong encoding and lost letters there.")
    return whole


def _line(line: str) -> str:
    """A line with all of its UTF-8 turned back where that makes Hindi, at whatever depth; else the marks."""
    layer = line
    for _ in range(_DEEPEST if _HINT.search(line) else 0):
        layer = _ANY.sub(_character, _with_no_break_spaces(layer))
        if _letters(layer) > _letters(line):
            return _line(layer)
    return _MARKS.sub(_character, line)


def _letters(text: str) -> int:
    return len(_PROOF.findall(text))


def _with_no_break_spaces(line: str) -> str:
    """Ends of letters that became spaces: `à¤ ` is ठ where the line kept the bytes that cp1252 lacks."""
    line = _OUTER_SPACE.sub("\xa0", line)
    kept = any(sign in line for sign in _LOST)
    return _INNER_SPACE.sub("\xa0", line) if kept else line


def _character(unit: regex.Match[str]) -> str:
    """What the signs spell; the signs themselves where they are no character of UTF-8."""
    try:
        spelt = bytes(_BYTE_OF[sign] for sign in unit.group()).decode("utf-8")
    except UnicodeDecodeError:
        return unit.group()
    return spelt.replace("\ufeff", "")
