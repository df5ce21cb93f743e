"""One run that is measured, in a process of its own: `python -m benchmarks.growing OUT WORKERS INPUT …`.

Prints a JSON object: counts, seconds by stage, of the wall and of the processor (this process and its
workers), and the bytes and files of the store.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from benchmarks import recorded_names  # noqa: F401  # so that a config may name it, in workers too
from flows import engines
from flows.ingest import ingest
from flows.parameters import RunParameters
from flows.watch import Ended, Event


def main() -> None:
    """Run once and print what it took."""
    out, workers, *inputs = sys.argv[1:]
    parameters = RunParameters(inputs=inputs, out=Path(out), workers=int(workers))
    if workers == "1":
        _warm()
    ended: list[Ended] = []

    def listen(event: Event) -> None:
        if isinstance(event, Ended):
            ended.append(event)

    wall, processor = time.perf_counter(), _processor()
    ingest(parameters, engines.directly, listen)
    wall, processor = time.perf_counter() - wall, _processor() - processor
    total = ended[0].total
    files = [path.stat().st_size for path in Path(out).rglob("*") if path.is_file()]
    print(
        json.dumps(
            {
                "read": total.n_read,
                "written": total.n_written,
                "unchanged": total.n_unchanged,
                "duplicates": total.n_duplicates,
                "rejected": total.n_rejected,
                "stages": {stage: round(seconds, 3) for stage, seconds in total.seconds.items()},
                "wall": round(wall, 3),
                "processor": round(processor, 3),
                "disk_bytes": sum(files),
                "disk_files": len(files),
            }
        )
    )


def _warm() -> None:
    """Load the models, which is start-up and not growth."""
    from pipeline.analysis import analyse

    analyse("तारा टेक ने करीब ₹2.6 करोड़ जुटाए.")


def _processor() -> float:
    """Seconds of the processor, of this process and of children that ended."""
    return sum(os.times()[:4])


if __name__ == "__main__":
    main()
