"""The command that keeps the files of a store in order; imports are late."""

from __future__ import annotations

import datetime as dt
from argparse import Namespace

from flows.terminal import out, say


def compact(options: Namespace) -> int:
    """`khabar compact`."""
    from pipeline.compaction import compact as compacted
    from pipeline.home import INTERNAL
    from pipeline.places import placed
    from pipeline.query import NoStore
    from pipeline.store import opened

    if not placed(options.out).exists(INTERNAL):
        raise NoStore(f"no store at {options.out}; `khabar run` makes one")
    age = options.older_than
    before = dt.date.today() - dt.timedelta(age) if age is not None else None
    with opened(options.out, lambda: say("a run is writing; waiting for it"), options.ledger) as store:
        done = compacted(store, before)
    out(
        f"{done.files} small parts and files are {done.instead} now"
        if done.folders
        else "there is nothing to compact"
    )
    return 0
