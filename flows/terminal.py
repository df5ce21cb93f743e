"""What commands say: results on standard output, the rest in lines on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.run import Progress


def out(text: str) -> None:
    """Print a result."""
    print(text)


def say(text: str) -> None:
    """Tell the user something in one line."""
    print(f"khabar: {text}", file=sys.stderr)


def sentence(error: BaseException) -> str:
    """An error as one line."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A callable that shows the stories read and published while it lives, where somebody watches."""
    from rich import progress as bars
    from rich.console import Console

    console = Console(stderr=True)
    columns = (bars.SpinnerColumn(), bars.TextColumn("{task.description}"), bars.TimeElapsedColumn())
    with bars.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting")

        def progress(read: int, published: int) -> None:
            bar.update(task, description=f"{read} read, {published} stored")

        yield progress
