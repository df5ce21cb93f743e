"""The `khabar` command: its words and options. What a command does, and its imports, are in commands.py."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pipeline import __version__

DEFAULT_OUT = Path("data/processed")
PORT = 4210

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 done, 1 failed, 2 wrong usage or nothing to read."""
    options = parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except KeyboardInterrupt:
        print("khabar: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last frame before the user, who gets a sentence and not a traceback
        if os.environ.get("KHABAR_DEBUG"):
            raise
        print(f"khabar: {_sentence(error)}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line as CONTRACT names it."""
    top = argparse.ArgumentParser(
        prog="khabar", description="Who, which company and how much, out of Hindi and English news."
    )
    top.add_argument("--version", action="version", version=f"khabar {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_run, _analyse, _query, _status, _verify, _schedule, _trigger):
        add(commands)
    return top


def _run(commands: Commands) -> None:
    words = _command(
        commands,
        "run",
        "read, analyse and store once",
        "khabar run ~/news 'archive/*.jsonl' --out data/processed --workers 2",
    )
    _add_run_options(words)
    words.add_argument(
        "--direct", action="store_true", help="without Prefect: starts faster, leaves no flow run"
    )


def _analyse(commands: Commands) -> None:
    words = _command(
        commands,
        "analyse",
        "analyse one article and print what is in it; nothing is stored",
        "khabar analyse article.txt --format json",
    )
    words.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="one article; - is standard input"
    )
    words.add_argument("--date", type=_date, help="the article's day when it carries none (default: today)")
    words.add_argument("--format", choices=("json", "table", "html"), default="table")


def _query(commands: Commands) -> None:
    words = _command(
        commands,
        "query",
        "SQL over the tables",
        'khabar query "SELECT text, sum(inr_crore_max) AS crore FROM amounts GROUP BY text LIMIT 5"',
    )
    words.add_argument("sql", metavar="SQL")
    _add_out(words)
    words.add_argument("--format", choices=("table", "json", "csv"), default="table")


def _status(commands: Commands) -> None:
    words = _command(commands, "status", "the last runs, and rejects by reason", "khabar status")
    _add_out(words)


def _verify(commands: Commands) -> None:
    words = _command(commands, "verify", "check every invariant of what is stored", "khabar verify")
    _add_out(words)


def _schedule(commands: Commands) -> None:
    words = _command(
        commands,
        "schedule",
        "serve the news flow on a cron, and for triggers, until interrupted",
        "khabar schedule ~/news --out data/processed --cron '0 * * * *'",
    )
    _add_run_options(words)
    when = words.add_mutually_exclusive_group()
    when.add_argument("--cron", help="five cron fields, such as '0 6-22 * * *'")
    when.add_argument("--every", type=_minutes, metavar="MINUTES", help="run every so many minutes")
    words.add_argument("--timezone", default="Asia/Kolkata", help="of the cron (default: Asia/Kolkata)")
    words.add_argument("--name", default="khabar", help="serve as news/NAME (default: khabar)")
    words.add_argument("--port", type=int, default=PORT, help=f"of a server of ours (default: {PORT})")


def _trigger(commands: Commands) -> None:
    words = _command(
        commands,
        "trigger",
        "start a served flow now",
        "khabar trigger news inputs=/srv/news/today workers=2",
    )
    words.add_argument("flow", metavar="FLOW", help="news, or news/NAME")
    words.add_argument("assignments", nargs="*", metavar="key=value", help="parameters to change")


def _command(commands: Commands, name: str, purpose: str, example: str) -> argparse.ArgumentParser:
    words = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example: {example}",
    )
    words.set_defaults(command=_late(name))
    return words


def _late(name: str) -> Callable[[argparse.Namespace], int]:
    """The function of commands.py called `name`, imported when it is called: `--help` needs none of it."""

    def call(options: argparse.Namespace) -> int:
        from flows import commands

        return int(getattr(commands, name)(options))

    return call


def _add_run_options(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "inputs", nargs="*", metavar="INPUT", help="files, folders, globs, - (default: data/raw)"
    )
    _add_out(words)
    words.add_argument("--date", type=_date, help="the day of articles that carry none (default: today)")
    words.add_argument("--text-column", metavar="NAME", help="the column of a table that holds the text")
    words.add_argument("--engine", choices=("local",), default="local", help="what carries the batches")
    words.add_argument("--workers", type=_count, default=1, metavar="N", help="worker processes (default: 1)")
    words.add_argument(
        "--batch-size",
        type=_count,
        default=500,
        metavar="N",
        help="articles published together (default: 500)",
    )


def _add_out(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--out", type=Path, default=DEFAULT_OUT, metavar="DIR", help=f"the tables (default: {DEFAULT_OUT})"
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is no date of the form YYYY-MM-DD") from None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is no whole number from 1")
    return int(text)


def _minutes(text: str) -> dt.timedelta:
    return dt.timedelta(minutes=_count(text))


def _sentence(error: BaseException) -> str:
    """An error as one line."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__
