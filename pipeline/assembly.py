"""Which models a process works with: the ones that ship, or those of the config that KHABAR_NLP names."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from pipeline.names.weights import version

SHIPPED: Final = Path(__file__).with_name("nlp.cfg")
VARIABLE: Final = "KHABAR_NLP"


def config() -> Path:
    """The spaCy config to assemble the pipeline from."""
    return Path(os.environ.get(VARIABLE) or SHIPPED)


def model_version() -> str:
    """The version of what finds names, without loading it; FileNotFoundError for no such config.

    That of a user's config is of its text: let it say which release of a model it names.
    """
    path = config()
    if path.resolve() == SHIPPED.resolve():
        return version()
    return f"config-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"
