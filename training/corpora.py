"""The labelled corpora, each read into sentences of tokens and spans of the four types."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

from pipeline.names.labels import Span
from pipeline.text.devanagari import normalise
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens
from pipeline.tsv import rows

Offsets = tuple[int, int, str]
"""Start and end in a text, and the type of the name between them."""


_HELD_OUT = 15
_BRACKETED = re.compile(r"([^\[]+|)(?:\[(.*?)\]([PCOL])|$)")
_LETTERS = {"P": "PERSON", "C": "COMPANY", "O": "ORG", "L": "LOC"}
_IL_TYPES = {"NEP": "PERSON", "NEL": "LOC"}
_ORGANISATION_TYPES = {"C": "COMPANY", "O": "ORG", "P": "PERSON", "L": "LOC", "G": ""}


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text as it was written, with its names by offset."""

    id: str
    source: str
    names: tuple[Offsets, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence: its tokens, and the spans of its names over them."""

    forms: tuple[str, ...]
    spans: tuple[Span, ...]


def read_texts(path: Path) -> list[Text]:
    """The labelled texts of a JSON-lines file of the project's own labels."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Text(row["id"], row["text"], tuple((e["start"], e["end"], e["type"]) for e in row["entities"]))
        for row in rows
    ]


def read_sentences(path: Path) -> Iterator[Text]:
    """The texts of a file in which a name stands in brackets and the first letter of its type after it."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            source, names = "", []
            for before, name, letter in _BRACKETED.findall(line):
                source += before
                if name:
                    names.append((len(source), len(source) + len(name), _LETTERS[letter]))
                source += name
            yield Text(f"{path.stem}-{number}", source, tuple(names))


def read_marks(path: Path, folder: Path) -> Iterator[Text]:
    """The sentences of documents in `folder` whose names a table of offsets gives; the text stays there."""
    documents: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        document, start, end, *names = line.split("\t")
        if document not in documents:
            documents[document] = (folder / f"{document}.txt").read_text(encoding="utf-8")
        first, last = int(start), int(end)
        marks = [mark.split("-") for mark in names[0].split()] if names else []
        found = tuple((int(a) - first, int(b) - first, kind) for a, b, kind in marks)
        yield Text(f"{document}-{first}", documents[document][first:last], found)


def patched(texts: Iterable[Text]) -> Iterator[Text]:
    """The texts with their labels as `labels/patch.tsv` corrects them; ValueError where it does not fit."""
    wrong: dict[str, set[Offsets]] = defaultdict(set)
    right: dict[str, set[Offsets]] = defaultdict(set)
    for id, old, new, _reason in rows(__package__, "labels/patch.tsv"):
        wrong[id] |= _offsets(old)
        right[id] |= _offsets(new)
    for text in texts:
        names = set(text.names)
        if strange := wrong[text.id] - names:
            raise ValueError(f"labels/patch.tsv corrects what {text.id} does not have: {strange}")
        yield replace(
            text, names=tuple(sorted(names - wrong.pop(text.id, set()) | right.pop(text.id, set())))
        )
    if right:
        raise ValueError(f"labels/patch.tsv corrects texts that are not there: {sorted(right)}")


def _offsets(mark: str) -> set[Offsets]:
    """The name of a mark `start-end-TYPE`; none for `-`."""
    if mark == "-":
        return set()
    start, end, kind = mark.split("-")
    return {(int(start), int(end), kind)}


def labelled(texts: Iterable[Text]) -> Iterator[Labelled]:
    """The sentences of these texts as the recogniser will see them: normalised, then cut."""
    for text in texts:
        normal = normalise(text.source)
        names = [(*normal.text_span(start, end), kind) for start, end, kind in text.names]
        for start, end in sentences(normal.text):
            inside = [(s - start, e - start, kind) for s, e, kind in names if start <= s and e <= end]
            yield _sentence(normal.text[start:end], inside)


def _sentence(text: str, names: list[Offsets]) -> Labelled:
    """A name that cuts a token takes the whole token."""
    places = tokens(text)
    starts, ends = [start for start, _ in places], [end for _, end in places]
    spans = tuple((bisect_right(ends, start), bisect_left(starts, end), kind) for start, end, kind in names)
    return Labelled(tuple(text[start:end] for start, end in places), spans)


def read_columns(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The words and labels of every sentence of a file of columns, the label being the last."""
    words: list[str] = []
    labels: list[str] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        cells = line.split()
        if cells and not (cells[0] == "#" and "id" in cells[1:2]):
            words.append(cells[0])
            labels.append(cells[-1])
        elif not cells and words:
            yield words, labels
            words, labels = [], []


def own_split(texts: list[Text]) -> tuple[list[Text], list[Text]]:
    """The project's own texts as those to train on and the 15 % held out, by a hash of their ids."""
    held_out = [text for text in texts if _hundredth(text.id) < _HELD_OUT]
    return [text for text in texts if _hundredth(text.id) >= _HELD_OUT], held_out


def _hundredth(id: str) -> int:
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % 100


def il_ner_texts(path: Path, organisations: Mapping[str, str]) -> Iterator[Text]:
    """The texts of a file of IL-NER. An organisation has the type that `organisations` gives it, else ORG."""
    for number, (words, labels) in enumerate(read_columns(path)):
        names: list[Offsets] = []
        for first, last, tag in _runs(labels):
            start = len(" ".join(words[:first])) + bool(first)
            name = " ".join(words[first:last])
            kind = organisations.get(name, "ORG") if tag == "NEO" else _IL_TYPES.get(tag)
            if kind:
                names.append((start, start + len(name), kind))
        yield Text(f"il-{number}", " ".join(words), tuple(names))


_MULTICONER = {
    "PERSON": "Artist Athlete Cleric OtherPER Politician Scientist SportsManager",
    "COMPANY": "PrivateCorp PublicCorp CarManufacturer AerospaceManufacturer",
    "ORG": "ORG MusicalGRP SportsGRP",
    "LOC": "HumanSettlement Station OtherLOC Facility",
}
_WNUT = {"PERSON": "person", "COMPANY": "corporation", "ORG": "group", "LOC": "location"}


def multiconer_texts(path: Path) -> Iterator[Text]:
    """The texts of a file of MultiCoNER v2, its fine types folded into the four."""
    return _folded(path, _MULTICONER)


def wnut_texts(path: Path) -> Iterator[Text]:
    """The texts of a file of WNUT17, its types folded into the four."""
    return _folded(path, _WNUT)


def _folded(path: Path, types: Mapping[str, str]) -> Iterator[Text]:
    kinds = {fine: kind for kind, listed in types.items() for fine in listed.split()}
    for number, (words, labels) in enumerate(read_columns(path)):
        starts = [0, *accumulate(len(word) + 1 for word in words)]
        names = tuple(
            (starts[first], starts[last] - 1, kinds[tag])
            for first, last, tag in _runs(labels)
            if tag in kinds
        )
        yield Text(f"{path.stem}-{number}", " ".join(words), names)


def organisation_types(ner: Path) -> dict[str, str]:
    """What the organisations of IL-NER are by the guide: a type, or nothing where the words are no name."""
    lines = (ner / "org_types.tsv").read_text(encoding="utf-8").splitlines()
    return {name: _ORGANISATION_TYPES[code] for name, code in (line.split("\t") for line in lines)}


def _runs(labels: list[str]) -> Iterator[tuple[int, int, str]]:
    """The (first, last + 1, tag) of every run of B-X, I-X or of the broken -X."""
    start = 0
    for end in range(1, len(labels) + 1):
        tag = labels[start].partition("-")[2]
        goes_on = end < len(labels) and labels[end][:2] != "B-" and labels[end].partition("-")[2] == tag
        if not goes_on:
            if tag:
                yield start, end, tag
            start = end
