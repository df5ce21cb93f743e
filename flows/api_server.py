"""`python -m flows.api_server PORT PARENT`: a Prefect server here that ends with its parent."""

from __future__ import annotations

import sys

from flows import prefect_settings
from flows.parent import follow


def main(port: int, parent: int) -> None:
    """Serve on 127.0.0.1 until stopped or orphaned."""
    follow(parent)
    prefect_settings.apply()
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(create_app(final=True), host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
