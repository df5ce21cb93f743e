"""What a run of the news flow can be told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from flows import defaults


class RunParameters(BaseModel):
    """The parameters of one run; unknown names are errors.

    `inputs` are files, folders, globs or `-`; `date` is the day of articles that carry none (default:
    the day of the run); `batch_size` is how many articles are analysed and published together.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: list[str] = Field(default=[defaults.INPUT], min_length=1)
    out: Path = Path(defaults.OUT)
    date: dt.date | None = None
    text_column: str | None = None
    engine: Literal["local"] = "local"
    workers: int = Field(default=defaults.WORKERS, ge=1, le=defaults.MOST_WORKERS)
    batch_size: int = Field(default=defaults.BATCH_SIZE, ge=1, le=defaults.LARGEST_BATCH)

    def as_json(self) -> str:
        """The parameters as a JSON object in ASCII, also where the name of a path is no text."""
        plain = self.model_dump(mode="json", exclude={"inputs", "out"})
        return json.dumps({"inputs": self.inputs, "out": str(self.out), **plain})

    def absolute(self) -> RunParameters:
        """The same with paths that hold from any working folder."""
        inputs = [one if one == "-" or "://" in one else str(Path(one).absolute()) for one in self.inputs]
        return self.model_copy(update={"inputs": inputs, "out": self.out.absolute()})
