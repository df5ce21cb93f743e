"""`khabar` as a user runs it: a process of its own."""

import subprocess
import sys

from tests.stories import ROOT


def khabar(
    environment: dict[str, str], *words: str, stdin: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """The command, once it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "flows", *words],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=300,
    )


def begun(environment: dict[str, str], *words: str) -> "subprocess.Popen[str]":
    """The command, which goes on."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
