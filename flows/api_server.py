"""`python -m flows.api_server PORT`: a Prefect server here that ends with the process that started it."""

from __future__ import annotations

import os
import sys
import threading
import time

from flows import prefect_settings


def main(port: int) -> None:
    """Serve on 127.0.0.1 until stopped or orphaned."""
    _follow(os.getppid())
    prefect_settings.apply()
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(create_app(final=True), host="127.0.0.1", port=port, log_level="error")


def _follow(parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]))
