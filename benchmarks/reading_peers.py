"""What other libraries read in pages; run by reading_quality in an environment that has them.

Each line of standard input is a JSON object, `{"peer", "path"}`; each line of output answers it with the
title, date and body that the peer found and the seconds it took. Nothing of Khabar is imported here.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

Found = dict[str, object]


def trafilatura(markup: str) -> Found:
    """What trafilatura reads with its metadata, as it is meant to be called."""
    from trafilatura import bare_extraction

    page = bare_extraction(markup, with_metadata=True)
    return {} if page is None else {"title": page.title, "date": page.date, "body": page.text}


def newspaper4k(markup: str) -> Found:
    """What newspaper4k reads of a page that it did not have to fetch."""
    from newspaper import Article

    page = Article("https://example.com/")
    page.download(input_html=markup)
    page.parse()
    return {"title": page.title, "date": str(page.publish_date or "") or None, "body": page.text}


def readability(markup: str) -> Found:
    """The title and the body of readability-lxml, which reads no dates."""
    from lxml import html
    from readability import Document

    page = Document(markup)
    return {
        "title": page.short_title(),
        "date": None,
        "body": "".join(map(str, html.fromstring(page.summary()).itertext())),
    }


PEERS: dict[str, Callable[[str], Found]] = {
    "trafilatura": trafilatura,
    "newspaper4k": newspaper4k,
    "readability-lxml": readability,
}


def main() -> None:
    """Answer until standard input ends."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    answers, sys.stdout = sys.stdout, sys.stderr  # what a peer prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(_measured(PEERS[asked["peer"]], asked["path"])), file=answers, flush=True)


def _measured(peer: Callable[[str], Found], path: str) -> Found:
    markup = Path(path).read_bytes().decode("utf-8", "replace")
    began = time.process_time()
    try:
        found = peer(markup)
    except Exception:  # a peer that fails on a page has found nothing in it
        found = {}
    return {**found, "seconds": time.process_time() - began}


if __name__ == "__main__":
    main()
