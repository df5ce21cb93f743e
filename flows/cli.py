"""The `khabar` command: its words and options. What a command does, and its imports, are in commands.py."""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from flows import defaults
from pipeline import __version__

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0 done, 1 failed, 2 wrong usage or nothing to read."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that `finally` is done
    try:
        return _flushed(_command_status(arguments))
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        return _failed(error)


def _command_status(arguments: Sequence[str] | None) -> int:
    try:
        options = parser().parse_args(arguments)
        return int(options.command(options))
    except SystemExit as end:  # of --help, wrong usage or SIGTERM
        return end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        raise
    except Exception as error:  # the last frame before the user, who gets a sentence and not a traceback
        if os.environ.get("KHABAR_DEBUG"):
            raise
        return _failed(error)


def _flushed(status: int) -> int:
    """The status, once all output is written: what fails now is ours to say, at exit it would not be."""
    sys.stdout.flush()
    return status


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(error: BaseException) -> int:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, KeyboardInterrupt):
            return _interrupted()
        cause = cause.__cause__ or cause.__context__
    print(f"khabar: {_sentence(error)}", file=sys.stderr)
    return 1


def _interrupted() -> int:
    print("khabar: interrupted", file=sys.stderr)
    return 128 + signal.SIGINT


def parser() -> argparse.ArgumentParser:
    """The command line as CONTRACT names it."""
    top = argparse.ArgumentParser(
        prog="khabar", description="Who, which company and how much, out of Hindi and English news."
    )
    top.add_argument("--version", action="version", version=f"khabar {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for add in (_run, _analyse, _query, _status, _verify, _rates, _schedule, _trigger):
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


def _rates(commands: Commands) -> None:
    words = _command(
        commands,
        "rates",
        "show the exchange rates in use, or use newer ones from a file",
        "khabar rates USD AED --date 2025-12-25",
    )
    words.add_argument("currencies", nargs="*", metavar="CURRENCY", help="ISO 4217 codes (default: all)")
    words.add_argument("--date", type=_date, help="rates of this day, or the last before it (default: today)")
    words.add_argument(
        "--update",
        type=Path,
        metavar="FILE",
        help="first take the rates of FILE: the European Central Bank's eurofxref-hist, .zip or .csv",
    )


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
    words.add_argument("--timezone", default=defaults.TIMEZONE, help="of the cron (default: %(default)s)")
    words.add_argument(
        "--name", default=defaults.DEPLOYMENT, help="serve as news/NAME (default: %(default)s)"
    )
    words.add_argument(
        "--port", type=int, default=defaults.PORT, help="of a server of ours (default: %(default)s)"
    )


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
    words.add_argument(
        "--workers",
        type=_workers,
        default=defaults.WORKERS,
        metavar="N",
        help="worker processes (default: %(default)s)",
    )
    words.add_argument(
        "--batch-size",
        type=_batch_size,
        default=500,
        metavar="N",
        help="articles published together (default: %(default)s)",
    )


def _add_out(words: argparse.ArgumentParser) -> None:
    words.add_argument(
        "--out",
        type=Path,
        default=Path(defaults.OUT),
        metavar="DIR",
        help="the tables (default: %(default)s)",
    )


def _date(text: str) -> dt.date:
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


def _minutes(text: str) -> dt.timedelta:
    return dt.timedelta(minutes=_count(text, most=60 * 24 * 366))


def _sentence(error: BaseException) -> str:
    """An error as one line."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__
