"""Prefect's settings as Khabar needs them: quiet, offline, in a folder of ours. Import before prefect."""

from __future__ import annotations

import os

from pipeline.home import home


def apply() -> None:
    """Set what the user has not set; a user's PREFECT_… variables win."""
    defaults = {
        "PREFECT_HOME": str(home() / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_SERVER_API_HOST": "127.0.0.1",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    (home() / "prefect").mkdir(parents=True, exist_ok=True)
