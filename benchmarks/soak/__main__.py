"""`make soak`: kill the writers of one store at random moments while readers watch it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.soak.rounds import Outcome, soak

IN_MEMORY = Path("/dev/shm")
"""Where there is no disk to wait for, more happens in the time; a kill loses nothing either way."""


def main() -> int:
    """Print what was done and what was wrong; the exit status."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=300, help="at least so many (default: %(default)s)")
    words.add_argument("--seed", type=int, default=1, help="of the moments (default: %(default)s)")
    words.add_argument("--dir", type=Path, help="where the store is made (default: in memory, if possible)")
    options = words.parse_args()
    place = options.dir or (IN_MEMORY if IN_MEMORY.is_dir() else None)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="khabar-soak-", dir=place) as folder:
        outcome = soak(Path(folder), options.kills, options.seed, lambda text: print(text, file=sys.stderr))
    print(report(outcome))
    print(f"{time.monotonic() - began:.0f} s; {'held' if holds(outcome) else 'FAILED'}")
    return 0 if holds(outcome) else 1


def holds(outcome: Outcome) -> bool:
    """Whether nothing was wrong, in the end or to any reader."""
    return not outcome.wrong and not any(account.wrong for account in outcome.accounts)


def report(outcome: Outcome) -> str:
    """The outcome in lines."""
    kills = ", ".join(f"{name} {times}" for name, times in outcome.kills.most_common())
    lines = [f"{outcome.rounds} rounds, {outcome.kills.total()} kills: {kills}"]
    for account in outcome.accounts:
        lines.append(
            f"{account.reader}: {account.readings} readings, {len(account.wrong)} wrong, "
            f"{account.errors.total()} errors"
        )
        lines.extend(f"  {times} x {kind}" for kind, times in account.errors.most_common())
        lines.extend(f"  wrong: {one}" for one in account.wrong[:20])
    return "\n".join([*lines, *(f"wrong in the end: {one}" for one in outcome.wrong[:20])])


if __name__ == "__main__":
    sys.exit(main())
