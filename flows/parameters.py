"""What a run of the news flow can be told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flows import defaults


class RunParameters(BaseModel):
    """The parameters of one run; unknown names are errors.

    `inputs` are files, folders, globs, addresses or `-`; `date` is the day of articles that carry none
    (default: the day of the run); `batch_size` is how many articles are analysed and published together.
    Articles in other languages (ISO 639) than `languages` are rejected.
    With `retry_rejects`, what was rejected (for `reason`, if given) is read again; there are then no inputs
    unless they are named. `user_agent` is how web servers are told who asks; `allow_private` lets the run
    fetch from this machine and private networks.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: list[str] = [defaults.INPUT]
    out: Path = Path(defaults.OUT)
    date: dt.date | None = None
    text_column: str | None = None
    languages: list[str] = Field(default=defaults.LANGUAGES, min_length=1)
    engine: Literal["local"] = "local"
    workers: int = Field(default=defaults.WORKERS, ge=1, le=defaults.MOST_WORKERS)
    batch_size: int = Field(default=defaults.BATCH_SIZE, ge=1, le=defaults.LARGEST_BATCH)
    retry_rejects: bool = False
    reason: str | None = None
    user_agent: str | None = None
    allow_private: bool = False

    @model_validator(mode="before")
    @classmethod
    def _rejects_alone(cls, values: object) -> object:
        if isinstance(values, dict) and "inputs" not in values and values.get("retry_rejects"):
            return {**values, "inputs": []}
        return values

    @field_validator("reason")
    @classmethod
    def _is_reason(cls, code: str | None) -> str | None:
        from pipeline.reading import REASONS  # late: only who names one must wait for it

        if code is not None and code not in REASONS:
            raise ValueError(f"there is no reason {code}; there are {', '.join(sorted(REASONS))}")
        return code

    @field_validator("user_agent")
    @classmethod
    def _can_be_sent(cls, text: str | None) -> str | None:
        if text is not None:
            from pipeline.reading.web import Settings

            Settings(user_agent=text)
        return text

    @model_validator(mode="after")
    def _reads_something(self) -> Self:
        if not self.inputs and not self.retry_rejects:
            raise ValueError("there is nothing to read: name inputs, or retry_rejects")
        if self.reason is not None and not self.retry_rejects:
            raise ValueError("a reason says which rejects to try again: it goes with retry_rejects")
        return self

    def as_json(self) -> str:
        """The parameters as a JSON object in ASCII, also where the name of a path is no text."""
        plain = self.model_dump(mode="json", exclude={"inputs", "out"})
        return json.dumps({"inputs": self.inputs, "out": str(self.out), **plain})

    def absolute(self) -> RunParameters:
        """The same with paths that hold from any working folder."""
        inputs = [one if one == "-" or "://" in one else str(Path(one).absolute()) for one in self.inputs]
        return self.model_copy(update={"inputs": inputs, "out": self.out.absolute()})
