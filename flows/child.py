"""`python -m flows.child FLOW_RUN_ID PARENT`: a flow run in a process that ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final
from uuid import UUID

from flows.parent import follow

_GRACE_SECONDS: Final = 4.0
"""How long a run that is stopped may take to close its store."""


class Child:
    """A flow run that goes on in another process."""

    def __init__(self, run_id: UUID) -> None:
        """Start it, against the server that this process talks to."""
        self.run_id = run_id
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flows.child", str(run_id), str(os.getpid())],
            env={**os.environ, "PREFECT__FLOW_RUN_ID": str(run_id)},
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt at the terminal is for the parent, who then stops it
        )

    def over(self, seconds: float = 0) -> bool:
        """Whether the process has ended, or ends within so many seconds."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End the process, and wait for that."""
        self._process.terminate()
        if not self.over(_GRACE_SECONDS):
            self._process.kill()
            self._process.wait()


def main(run_id: UUID, parent: int) -> None:
    """Carry one flow run while the parent lives."""
    follow(parent)
    from prefect.engine import handle_engine_signals
    from prefect.flow_engine import load_flow_run, run_flow

    from flows.news import news

    with handle_engine_signals(run_id):
        run_flow(news, flow_run=load_flow_run(run_id))


if __name__ == "__main__":
    main(UUID(sys.argv[1]), int(sys.argv[2]))
