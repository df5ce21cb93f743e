"""Options that several commands have, and how the values of options are read."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from flows import defaults
from pipeline.home import root_of


def add_run_options(words: argparse.ArgumentParser) -> None:
    """What a run can be told, as `RunParameters` has it."""
    words.add_argument(
        "inputs",
        nargs="*",
        metavar="INPUT",
        help="files, folders, globs, addresses, - (default: data/raw, or nothing with --retry-rejects)",
    )
    add_out(words)
    add_ledger(words)
    words.add_argument("--date", type=day, help="the day of articles that carry none (default: today)")
    words.add_argument("--since", type=day, metavar="DATE", help="only articles of this day and later")
    words.add_argument("--until", type=day, metavar="DATE", help="only articles of this day and earlier")
    words.add_argument("--text-column", metavar="NAME", help="the column of a table that holds the text")
    words.add_argument(
        "--languages",
        type=_languages,
        default=defaults.LANGUAGES,
        metavar="CODES",
        help="languages (ISO 639) of articles that are kept, with commas between (default: hi,en)",
    )
    words.add_argument(
        "--engine",
        choices=("local", "dask", "ray"),
        default="local",
        help="what carries the batches (default: %(default)s)",
    )
    words.add_argument(
        "--workers",
        type=_workers,
        default=defaults.WORKERS,
        metavar="N",
        help="worker processes to start (default: %(default)s)",
    )
    words.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="use the workers of this Dask scheduler (tcp://HOST:PORT) or Ray cluster (HOST:PORT) instead",
    )
    words.add_argument(
        "--batch-size",
        type=_batch_size,
        default=defaults.BATCH_SIZE,
        metavar="N",
        help="articles published together (default: %(default)s)",
    )
    words.add_argument(
        "--retry-rejects", action="store_true", help="also read again what was rejected and not stored since"
    )
    words.add_argument("--reason", metavar="CODE", help="only the rejects with this reason")
    words.add_argument(
        "--reprocess",
        action="store_true",
        help="read nothing: analyse stored articles again that other versions analysed",
    )
    words.add_argument("--all", action="store_true", help="with --reprocess: all stored articles")
    add_web_options(words)
    words.add_argument(
        "--log", type=Path, metavar="FILE", help="append a line of JSON per batch and run; - for stderr"
    )
    words.add_argument(
        "--metrics", type=Path, metavar="FILE", help="tell a monitor of the last run, in Prometheus text form"
    )


def add_web_options(words: argparse.ArgumentParser) -> None:
    """How the web is read."""
    words.add_argument(
        "--user-agent", type=_user_agent, metavar="TEXT", help="who web servers are told is asking"
    )
    words.add_argument(
        "--allow-private",
        action="store_true",
        help="fetch also from this machine and private networks",
    )


def add_out(words: argparse.ArgumentParser) -> None:
    """Where the tables are."""
    words.add_argument(
        "--out",
        type=root_of,
        default=root_of(defaults.OUT),
        metavar="DIR",
        help="the tables: a folder, or an address such as s3://bucket/prefix (default: %(default)s)",
    )


def add_ledger(words: argparse.ArgumentParser) -> None:
    """Where the ledger of the tables is."""
    words.add_argument(
        "--ledger",
        metavar="URL",
        help="the ledger of the tables: postgresql://user@host/database or sqlite:///FILE, in the"
        " environment KHABAR_LEDGER (default: in the folder of the tables)",
    )


def day(text: str) -> dt.date:
    """A date of the form YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date of the form YYYY-MM-DD") from None


def _count(text: str, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 1 to {most}")
    return int(text)


def _workers(text: str) -> int:
    return _count(text, defaults.MOST_WORKERS)


def _batch_size(text: str) -> int:
    return _count(text, defaults.LARGEST_BATCH)


def limit(text: str) -> int:
    """How many at most."""
    return _count(text, most=1_000_000_000)


def minutes(text: str) -> dt.timedelta:
    """So many minutes."""
    return dt.timedelta(minutes=_count(text, most=60 * 24 * 366))


def _languages(text: str) -> list[str]:
    codes = [code.strip() for code in text.split(",")]
    if not all(2 <= len(code) <= 3 and code.isascii() and code.islower() for code in codes):
        raise argparse.ArgumentTypeError(f"'{text}' is no list of language codes such as hi,en,mr")
    return codes


def _user_agent(text: str) -> str:
    from flows.web import settings  # late: only who says one must wait for it

    try:
        return settings(text, allow_private=False).user_agent
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
