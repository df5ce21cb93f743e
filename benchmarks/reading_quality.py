"""Pages as Khabar and as other libraries read them, in one run: title, date, body, and how fast.

Two sets: real pages with the gold beside them, and the small pages of the tests. A page counts with the
F1 of the words of its body; libraries take turns on each page, and a time is the median of its rounds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

import regex

from pipeline.reading.page import read_page
from pipeline.reading.reasons import NotAnArticle

OWN_PAGES = Path(__file__).parents[1] / "tests/reading/pages"
PEERS_PYTHON = Path(".venv-peers/bin/python")
PEERS = ("trafilatura", "newspaper4k", "readability-lxml")
ROUNDS = 7
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_NO_JOINERS = {0x200C: None, 0x200D: None, 0xFEFF: None}
_TAGS = regex.compile(r"<(script|iframe)\b.*?</\1>|<[^>]*>", regex.S)


class Gold(NamedTuple):
    """What a page holds; a title or date of None is not known. Without a body it is no article."""

    path: Path
    title: str | None
    date: str | None
    body: str | None


class Result(NamedTuple):
    """What a library read in a page; no body where it found no article."""

    title: str | None
    date: str | None
    body: str | None
    seconds: float


Reader = Callable[[Path], Result]


def main() -> int:
    """Print the tables; the exit status."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True, help="the folder of the developer sets")
    words.add_argument("--peers", type=Path, default=PEERS_PYTHON, help="a Python with the peers")
    options = words.parse_args()
    readers: dict[str, Reader] = {"khabar": _ours}
    if options.peers.is_file():
        worker = _worker(options.peers)
        readers.update({peer: _asking(worker, peer) for peer in PEERS})
    if (options.data / "html").is_dir():
        _print("real pages", _real_pages(options.data / "html"), readers, each=True)
    _print("small pages of many kinds", _own_pages(), readers, each=False)
    return 0


def _print(name: str, pages: Sequence[Gold], readers: dict[str, Reader], *, each: bool) -> None:
    articles = [page for page in pages if page.body is not None]
    found, seconds = _measured(pages, readers)
    print(f"\n{name}: {len(articles)} articles, {len(pages) - len(articles)} pages that are none\n")
    heads = f"{'title':>7}{'date':>7}{'F1':>8}{'least F1':>10}{'refused':>9}{'ms/page':>9}{'khabar is':>12}"
    print(f"{'':18}{heads}")
    for reader, results in found.items():
        scores = [f1(results[page].body or "", page.body or "") for page in articles]
        titles = _share(results[page].title == page.title for page in articles if page.title)
        dates = _share((results[page].date or "")[:10] == page.date for page in articles if page.date)
        refused = _share(results[page].body is None for page in pages if page.body is None)
        spent, mine = sum(seconds[reader].values()), sum(seconds["khabar"].values())
        print(
            f"{reader:18}{titles:>7}{dates:>7}{mean(scores):8.3f}{min(scores):10.3f}{refused:>9}"
            f"{1000 * spent / len(pages):9.1f}{spent / mine:10.1f} x"
        )
    if each:
        _print_pages(articles, found, seconds)


def _print_pages(
    articles: Sequence[Gold],
    found: dict[str, dict[Gold, Result]],
    seconds: dict[str, dict[Gold, float]],
) -> None:
    print(f"\n{'F1 and ms of each page':44}" + "".join(f"{reader:>19}" for reader in found))
    for page in articles:
        cells = (
            f"{f1(results[page].body or '', page.body or ''):12.3f}{1000 * seconds[reader][page]:7.0f}"
            for reader, results in found.items()
        )
        print(f"{page.path.name:44}" + "".join(cells))


def _measured(
    pages: Sequence[Gold], readers: dict[str, Reader]
) -> tuple[dict[str, dict[Gold, Result]], dict[str, dict[Gold, float]]]:
    """What each library read in each page, and the median of its seconds; the first round warms up."""
    found: dict[str, dict[Gold, Result]] = defaultdict(dict)
    times: dict[str, dict[Gold, list[float]]] = defaultdict(lambda: defaultdict(list))
    for turn in range(ROUNDS + 1):
        for page in pages:
            for name, reader in readers.items():
                found[name][page] = result = reader(page.path)
                if turn:
                    times[name][page].append(result.seconds)
    return found, {name: {page: median(all_) for page, all_ in own.items()} for name, own in times.items()}


def f1(body: str, known: str) -> float:
    """The F1 of the words of a body, joiners left out as some libraries do."""
    ours, theirs = _words(body), _words(_TAGS.sub(" ", known))
    both = (ours & theirs).total()
    return 2 * both / ((ours.total() + theirs.total()) or 1)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.translate(_NO_JOINERS)))


def _share(right: Iterable[bool]) -> str:
    counted = list(right)
    return f"{sum(counted)}/{len(counted)}"


def _ours(path: Path) -> Result:
    content = path.read_bytes()
    began = time.process_time()
    try:
        story = read_page(content, path.name)
    except NotAnArticle:
        return Result(None, None, None, time.process_time() - began)
    seconds = time.process_time() - began
    body = story.source_text.removeprefix(f"{story.title}\n\n")
    return Result(story.title, str(story.published_date or ""), body, seconds)


def _worker(python: Path) -> subprocess.Popen[str]:
    command = [str(python), str(Path(__file__).with_name("reading_peers.py"))]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def _asking(worker: subprocess.Popen[str], peer: str) -> Reader:
    def read(path: Path) -> Result:
        assert worker.stdin and worker.stdout
        print(json.dumps({"peer": peer, "path": str(path)}), file=worker.stdin, flush=True)
        found = json.loads(worker.stdout.readline())
        return Result(found.get("title"), found.get("date"), found.get("body") or None, found["seconds"])

    return read


def _own_pages() -> list[Gold]:
    known = json.loads((OWN_PAGES / "gold.json").read_text("utf-8"))
    return [
        Gold(OWN_PAGES / f"{name}.html", one.get("title"), one.get("date"), _joined(one.get("body")))
        for name, one in known.items()
        if "seen_at" not in one  # no other library is told when a page was fetched
    ]


def _real_pages(folder: Path) -> list[Gold]:
    """The pages of a folder; the gold of each begins with the same word, and a home page has none."""
    golds = {one.name.split("_")[0]: one for one in folder.glob("*gold*.json")}
    homes = set(folder.glob("*_home.html"))
    return [
        Gold(path, None, None, None) if path in homes else _real(path, golds[path.name.split("_")[0]])
        for path in sorted(folder.glob("*.html"))
    ]


def _real(path: Path, gold: Path) -> Gold:
    known = json.loads(gold.read_text("utf-8"))
    one = known.get("V1", known)
    date = one.get("publishing_date") or one.get("datePublished")
    title = one.get("title") or one.get("headline")
    day = str(dt.date.fromisoformat(date[:10])) if date else None
    return Gold(
        path, " ".join(title.split()) if title else None, day, one.get("articleBody") or _sections(one)
    )


def _sections(one: dict[str, dict[str, list[dict[str, list[str]]]]]) -> str:
    sections = one["body"]["sections"]
    return "\n".join(part for each in sections for part in each["headline"] + each["paragraphs"])


def _joined(body: list[str] | None) -> str | None:
    return None if body is None else "\n".join(body)


if __name__ == "__main__":
    sys.exit(main())
