"""The `khabar` command: its words and options. What a command does, and its imports, are elsewhere."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from flows import defaults
from flows.options import add_ledger, add_out, add_run_options, add_web_options, day, limit, minutes
from flows.terminal import sentence
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
        if isinstance(end.code, str):
            print(f"khabar: {end.code}", file=sys.stderr)
            return 1
        return end.code or 0
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
    print(f"khabar: {sentence(error)}", file=sys.stderr)
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
    for add in (_run, _analyse, _query, _status, _rejects, _verify, _compact, _rates, _schedule, _trigger):
        add(commands)
    return top


def _run(commands: Commands) -> None:
    words = _command(
        commands,
        "run",
        "read, analyse and store once",
        "khabar run ~/news 'archive/*.jsonl' https://example.org/feed.xml --out data/processed",
        exits=_EXITS_OF_RUN,
    )
    add_run_options(words)
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
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="one article, or its address; - is standard input",
    )
    words.add_argument("--date", type=day, help="the article's day when it carries none (default: today)")
    words.add_argument("--format", choices=("json", "table", "html"), default="table")
    add_web_options(words)


def _query(commands: Commands) -> None:
    words = _command(
        commands,
        "query",
        "SQL over the tables",
        'khabar query "SELECT text, sum(inr_crore_max) AS crore FROM amounts GROUP BY text LIMIT 5"',
        module="looking",
    )
    words.add_argument("sql", metavar="SQL")
    add_out(words)
    words.add_argument("--format", choices=("table", "json", "csv"), default="table")


def _status(commands: Commands) -> None:
    words = _command(
        commands,
        "status",
        "the last runs, rejects by reason, room on disk, lag behind the schedule",
        "khabar status --max-age 90",
        module="looking",
        exits=_EXITS_OF_STATUS,
    )
    add_out(words)
    words.add_argument(
        "--max-age",
        type=minutes,
        metavar="MINUTES",
        help="exit with 1 also when no run completed in so many minutes",
    )
    words.add_argument("--format", choices=("table", "json"), default="table")


def _rejects(commands: Commands) -> None:
    words = _command(
        commands,
        "rejects",
        "list what was read and not stored, and why",
        "khabar rejects --reason no_article --run last",
        module="looking",
    )
    add_out(words)
    words.add_argument("--reason", metavar="CODE", help="only these")
    words.add_argument("--run", metavar="RUN_ID", help="only those of one run; last is the last")
    words.add_argument(
        "--limit", type=limit, default=50, metavar="N", help="the newest so many (default: %(default)s)"
    )
    words.add_argument("--format", choices=("table", "json", "csv"), default="table")
    instead = words.add_mutually_exclusive_group()
    instead.add_argument("--reasons", action="store_true", help="say what the codes mean instead")
    instead.add_argument(
        "--show",
        metavar="NAME",
        help="print what was refused instead: the newest of this source_uri, or that of this payload_path",
    )


def _verify(commands: Commands) -> None:
    words = _command(
        commands, "verify", "check every invariant of what is stored", "khabar verify", module="looking"
    )
    add_out(words)
    add_ledger(words)


def _compact(commands: Commands) -> None:
    words = _command(
        commands,
        "compact",
        "merge small files; the rows stay, and readers see them all the time",
        "khabar compact --older-than 7",
        module="keeping",
    )
    add_out(words)
    add_ledger(words)
    words.add_argument(
        "--older-than", type=limit, metavar="DAYS", help="only days that ended so long ago (default: all)"
    )


def _rates(commands: Commands) -> None:
    words = _command(
        commands,
        "rates",
        "show the exchange rates in use, or use newer ones from a file",
        "khabar rates USD AED --date 2025-12-25",
        module="looking",
    )
    words.add_argument("currencies", nargs="*", metavar="CURRENCY", help="ISO 4217 codes (default: all)")
    words.add_argument("--date", type=day, help="rates of this day, or the last before it (default: today)")
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
    add_run_options(words)
    when = words.add_mutually_exclusive_group()
    when.add_argument("--cron", help="five cron fields, such as '0 6-22 * * *'")
    when.add_argument("--every", type=minutes, metavar="MINUTES", help="run every so many minutes")
    words.add_argument("--timezone", default=defaults.TIMEZONE, help="of the cron (default: %(default)s)")
    words.add_argument(
        "--missed",
        choices=("latest", "every"),
        default="latest",
        help="which of the runs that came due while none could start are run (default: %(default)s)",
    )
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
        "khabar trigger news inputs=/srv/news/archive since=2025-12-01 until=2025-12-31",
    )
    words.add_argument("flow", metavar="FLOW", help="news, or news/NAME")
    words.add_argument("assignments", nargs="*", metavar="key=value", help="parameters to change")


_EXITS_OF_RUN = """exit status:
  0    all that was named was read: stored, known before, or rejected for a reason
  1    the run failed; the reason is the last line on standard error, and what was published stays
  2    wrong usage, or nothing at all could be read
  130  interrupted, 143 terminated: the next run goes on from there"""
_EXITS_OF_STATUS = """exit status:
  0    all is well: the last run that is over has completed
  1    it has failed or crashed, or --max-age is exceeded, or the store cannot be read;
       the reason is the last line on standard error
  2    wrong usage"""


def _command(
    commands: Commands, name: str, purpose: str, example: str, module: str = "commands", exits: str = ""
) -> argparse.ArgumentParser:
    words = commands.add_parser(
        name,
        help=purpose,
        description=f"{purpose[0].upper()}{purpose[1:]}.",
        epilog=f"example: {example}\n\n{exits}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.set_defaults(command=_late(name, module))
    return words


def _late(name: str, module: str) -> Callable[[argparse.Namespace], int]:
    """The function `name` of a module of ours, imported when it is called: `--help` needs none of it."""

    def call(options: argparse.Namespace) -> int:
        return int(getattr(import_module(f"flows.{module}"), name)(options))

    return call
