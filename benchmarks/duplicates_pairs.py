"""Labelled pairs of stories, made of our own texts by the edits that copies of a story go through.

`python -m benchmarks.duplicates_pairs` writes duplicates/pairs.tsv and duplicates/texts.jsonl anew from
the stories, bulletins, spellings and lines beside them. The halves `choose` and `held` share no story
and no bulletin.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).parent / "duplicates"
BULLETINS_A_DAY = 6
"""Bulletins that are made of each form."""
MIXES = 5
"""Copies of each story that went through several edits."""

Edit = Callable[["Telling", random.Random], "Telling"]


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as one paper prints it."""

    language: str
    title: str
    paragraphs: tuple[str, ...]
    other_title: str = ""

    @property
    def text(self) -> str:
        """Headline, blank line, paragraphs."""
        return "\n\n".join([self.title, *self.paragraphs])

    def printing(self, *paragraphs: str) -> Telling:
        """The same under the same headline with these paragraphs."""
        return Telling(self.language, self.title, paragraphs, self.other_title)


@dataclass(slots=True)
class Event:
    """What happened, its first telling, another reporter's, and the next day's."""

    name: str
    first: Telling
    other: Telling | None = None
    follow_up: Telling | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, whether one repeats the other, what was done, and in which half they are."""

    first: str
    second: str
    repeats: bool
    kind: str
    half: str


@dataclass(slots=True)
class _Lines:
    """The lines of one story in a stories file, by their first letter."""

    name: str
    language: str
    of: dict[str, list[str]] = field(default_factory=dict)


def pairs() -> Iterator[Pair]:
    """All pairs, the same at every call."""
    dice = random.Random(20261122)
    for number, event in enumerate([*events("stories_hi.txt"), *events("stories_en.txt")]):
        half = "choose" if number % 2 else "held"
        yield from _copies(event.first, half, dice)
        yield from _not_copies(event, half, dice)
    for number, form in enumerate(_blocks((DATA / "bulletins.txt").read_text("utf-8"))):
        yield from _bulletins(form, "choose" if number % 2 else "held", dice)


def events(file: str) -> list[Event]:
    """The events of a stories file."""
    return [_event(_lines(block)) for block in _blocks((DATA / file).read_text("utf-8"))]


def _event(lines: _Lines) -> Event:
    title, other_title = lines.of["T"][0], lines.of["A"][0]
    first = Telling(lines.language, title, tuple(lines.of["P"]), other_title)
    event = Event(lines.name, first)
    if "O" in lines.of:
        event.other = Telling(lines.language, other_title, tuple(lines.of["O"]))
    if "F" in lines.of:
        background = [lines.of["P"][int(number)] for number in lines.of["B"][0].split()]
        lead, *rest = lines.of["F"]
        event.follow_up = Telling(lines.language, lead.split(".")[0][:60], (lead, *rest, *background))
    return event


def _blocks(text: str) -> list[list[str]]:
    """The blocks of lines that begin with `# name language`."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith("# "):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _lines(block: Sequence[str]) -> _Lines:
    _, name, language = block[0].split()
    lines = _Lines(name, language)
    for line in block[1:]:
        lines.of.setdefault(line[0], []).append(line[2:])
    return lines


def _copies(telling: Telling, half: str, dice: random.Random) -> Iterator[Pair]:
    for kind, edit in EDITS.items():
        yield Pair(telling.text, edit(telling, dice).text, True, kind, half)
    for _ in range(MIXES):
        copy = telling
        mixable = [edit for kind, edit in EDITS.items() if kind not in ALONE]
        for edit in dice.sample(mixable, dice.randint(2, 4)):
            copy = edit(copy, dice)
        first, second = dice.sample([telling.text, copy.text], 2)
        yield Pair(first, second, True, "mixed", half)


def _not_copies(event: Event, half: str, dice: random.Random) -> Iterator[Pair]:
    others = {"other reporter": event.other, "follow-up": event.follow_up}
    for kind, other in others.items():
        if other is None:
            continue
        yield Pair(event.first.text, other.text, False, kind, half)
        for edit in (_other_spelling, _last_gone):
            yield Pair(edit(event.first, dice).text, other.text, False, kind, half)
    if event.other and event.follow_up:
        yield Pair(event.other.text, event.follow_up.text, False, "other reporter's follow-up", half)


def _bulletins(form: Sequence[str], half: str, dice: random.Random) -> Iterator[Pair]:
    _, name, language = form[0].split()
    days = [Telling(language, title, tuple(rest)) for title, *rest in _filled(form[1:], dice)]
    for i, day in enumerate(days):
        for other in days[i + 1 :]:
            yield Pair(day.text, other.text, False, f"bulletin {name}", half)
    for day in days[:2]:
        for kind in ("dress", "own first line", "last gone", "spelling"):
            yield Pair(day.text, EDITS[kind](day, dice).text, True, f"bulletin, {kind}", half)


def _filled(form: Sequence[str], dice: random.Random) -> Iterator[list[str]]:
    """A form filled so often that its bulletins are those of other days or places.

    One place, person or firm is named alike throughout a bulletin unless the form names several in a line.
    """
    values = {kind: rest for kind, *rest in (line.split("\t") for line in _rows("slots.tsv"))}
    deals = {kind: dice.sample(names, len(names)) for kind, names in values.items()}
    for number in range(BULLETINS_A_DAY):
        main = {
            kind: names[(number // 2 if kind in SAME_TWICE else number) % len(names)]
            for kind, names in deals.items()
        }
        yield [_line(line, main, values, dice) for line in form]


def _line(line: str, main: dict[str, str], values: dict[str, list[str]], dice: random.Random) -> str:
    used: dict[str, int] = {}

    def value(match: re.Match[str]) -> str:
        kind, *rest = str(match.group(1)).split(":")
        if kind == "v":
            return dice.choice(rest[0].split("|"))
        if kind == "p":
            used[rest[0]] = used.get(rest[0], 0) + 1
            first = used[rest[0]] == 1 or rest[0].endswith("district")
            return main[rest[0]] if first else dice.choice(values[rest[0]])
        return _number(kind, int(rest[0]), int(rest[1]), dice)

    return re.sub(r"\{([^}]*)\}", value, line)


def _number(kind: str, low: int, high: int, dice: random.Random) -> str:
    match kind:
        case "d":
            return f"{dice.randint(low, high)}.{dice.randint(1, 99):02}"
        case "k":
            return f"{dice.randint(low, high)},{dice.randint(0, 999):03}"
        case "l":
            return f"{dice.randint(low, high) * 1000 + dice.randint(0, 999):,}"
    return str(dice.randint(low, high))


def _rows(file: str) -> list[str]:
    return [line for line in (DATA / file).read_text("utf-8").splitlines() if not line.startswith("#")]


def _other_headline(telling: Telling, dice: random.Random) -> Telling:
    return Telling(telling.language, telling.other_title or telling.title, telling.paragraphs)


def _last_gone(telling: Telling, dice: random.Random) -> Telling:
    return telling.printing(*telling.paragraphs[:-1])


def _cut(telling: Telling, dice: random.Random) -> Telling:
    return telling.printing(*telling.paragraphs[: max(2, (len(telling.paragraphs) + 1) // 2)])


def _cut_deep(telling: Telling, dice: random.Random) -> Telling:
    return telling.printing(*telling.paragraphs[:2])


def _middle_gone(telling: Telling, dice: random.Random) -> Telling:
    gone = dice.randrange(1, len(telling.paragraphs))
    return telling.printing(*telling.paragraphs[:gone], *telling.paragraphs[gone + 1 :])


def _other_spelling(telling: Telling, dice: random.Random) -> Telling:
    text = telling.text
    for line in _rows("spellings.tsv"):
        usual, *others = line.split("\t")
        if dice.random() < 0.75:  # most, not all
            text = text.replace(usual, dice.choice(others))
    title, *paragraphs = text.split("\n\n")
    return Telling(telling.language, title, tuple(paragraphs), telling.other_title)


def _own(place: str, telling: Telling, dice: random.Random) -> str:
    rows = [line.split("\t") for line in _rows("own_lines.tsv")]
    wanted = place, telling.language
    return dice.choice([line for where, language, line in rows if (where, language) == wanted])


def _own_first_line(telling: Telling, dice: random.Random) -> Telling:
    return telling.printing(_own("first", telling, dice), *telling.paragraphs)


def _own_last_line(telling: Telling, dice: random.Random) -> Telling:
    return telling.printing(*telling.paragraphs, _own("last", telling, dice))


def _own_paragraph(telling: Telling, dice: random.Random) -> Telling:
    at = dice.randrange(1, len(telling.paragraphs) + 1)
    own = _own("para", telling, dice)
    return telling.printing(*telling.paragraphs[:at], own, *telling.paragraphs[at:])


def _reordered(telling: Telling, dice: random.Random) -> Telling:
    lead, *rest = telling.paragraphs
    return telling.printing(lead, *dice.sample(rest, len(rest)))


def _dress(telling: Telling, dice: random.Random) -> Telling:
    """Another encoding: nukta in one code point, joiners, Devanagari digits, other stops and quotes."""
    devanagari = telling.language == "hi" and dice.random() < 0.5
    table = str.maketrans("0123456789", "०१२३४५६७८९") if devanagari else {}
    changes = {"ड़": "\u095c", "ढ़": "\u095d", "क्ष": "क्\u200dष", "।": dice.choice(["।", " .", "|"]), "'": "’"}
    text = telling.text.translate(table)
    for old, new in changes.items():
        text = text.replace(old, new)
    text = re.sub(r"(?<=[0-9०-९]),(?=[0-9०-९]{2})", dice.choice(["", ","]), text)
    title, *paragraphs = text.split("\n\n")
    return Telling(telling.language, title, tuple(paragraphs), telling.other_title)


EDITS: dict[str, Edit] = {
    "other headline": _other_headline,
    "last gone": _last_gone,
    "cut": _cut,
    "cut deep": _cut_deep,
    "middle gone": _middle_gone,
    "spelling": _other_spelling,
    "own first line": _own_first_line,
    "own last line": _own_last_line,
    "own paragraph": _own_paragraph,
    "reordered": _reordered,
    "dress": _dress,
}
SAME_TWICE = ("city", "state", "firm", "efirm")
"""Places and firms that have two bulletins each."""
ALONE = ("cut deep",)
"""Edits that are not mixed with others."""


def write() -> None:
    """Write the pairs and the texts they name."""
    numbers: dict[str, int] = {}
    rows = ["first\tsecond\trepeats\tkind\thalf"]
    for pair in pairs():
        first, second = (numbers.setdefault(text, len(numbers)) for text in (pair.first, pair.second))
        rows.append(f"{first}\t{second}\t{int(pair.repeats)}\t{pair.kind}\t{pair.half}")
    (DATA / "pairs.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    texts = (json.dumps({"id": number, "text": text}, ensure_ascii=False) for text, number in numbers.items())
    (DATA / "texts.jsonl").write_text("\n".join(texts) + "\n", "utf-8")
    print(f"{len(rows) - 1} pairs of {len(numbers)} texts")


if __name__ == "__main__":
    write()
