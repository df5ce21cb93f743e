"""What a run of the news flow can be told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_INPUT = "data/raw"
DEFAULT_OUT = "data/processed"


class RunParameters(BaseModel):
    """The parameters of one run; unknown names are errors.

    `inputs` are files, folders, globs or `-`; `date` is the day of articles that carry none (default:
    the day of the run); `batch_size` is how many articles are analysed and published together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: list[str] = Field(default=[DEFAULT_INPUT], min_length=1)
    out: Path = Path(DEFAULT_OUT)
    date: dt.date | None = None
    text_column: str | None = None
    engine: Literal["local"] = "local"
    workers: int = Field(default=1, ge=1, le=256)
    batch_size: int = Field(default=500, ge=1, le=100_000)

    def absolute(self) -> RunParameters:
        """The same with paths that hold from any working folder."""
        inputs = [one if one == "-" or "://" in one else str(Path(one).absolute()) for one in self.inputs]
        return self.model_copy(update={"inputs": inputs, "out": self.out.absolute()})
