"""Khabar: who, which company and how much, out of Hindi and English news.

`analyse(text)` and `analyse_many(texts)` are the whole public API; they load on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.analysis import Analysis, analyse, analyse_many

__version__ = "0.2.0"
__all__ = ["Analysis", "__version__", "analyse", "analyse_many"]


def __getattr__(name: str) -> object:
    """Import the analysis when it is first asked for, so that `import pipeline` costs nothing."""
    if name in {"Analysis", "analyse", "analyse_many"}:
        from pipeline import analysis

        return getattr(analysis, name)
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}; it has {', '.join(__all__)}")
