"""What a run of the news flow can be told."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from flows import defaults
from pipeline.home import root_of


class RunParameters(BaseModel):
    """The parameters of one run; unknown names are errors.

    `inputs` are files, folders, globs, addresses or `-`; `date` is the day of articles that carry none
    (default: the day of the run); `batch_size` is how many articles are analysed and published together.
    Articles in other languages (ISO 639) than `languages` are rejected.
    With `retry_rejects`, what was rejected (for `reason`, if given) is read again; there are then no inputs
    unless they are named. `user_agent` is how web servers are told who asks; `allow_private` lets the run
    fetch from this machine and private networks. Only stories of the days from `since` to `until` (their
    own, or `date`) are stored, when these are given. `log` is a file that gets a line of JSON for each batch
    and run (`-` is standard error), `metrics` one that tells a monitor of the last run.
    `workers` is how many processes an engine starts; with the address of a Dask scheduler or Ray cluster,
    `scheduler`, the workers that are there are used instead.
    With `reprocess` nothing is read: stored articles of these days, made by other versions (with `all`, every
    one), are analysed again.
    `out` is a folder, or the address of another file system, such as `s3://bucket/prefix`; `ledger` is the
    address of the database that keeps the ledger, when that is not to be in the folder.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: list[str] = [defaults.INPUT]
    out: str | Path = Path(defaults.OUT)  # in this order, or an address from JSON would become a path
    ledger: str | None = None
    date: dt.date | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    text_column: str | None = None
    languages: list[str] = Field(default=defaults.LANGUAGES, min_length=1)
    engine: Literal["local", "dask", "ray"] = "local"
    scheduler: str | None = None
    workers: int = Field(default=defaults.WORKERS, ge=1, le=defaults.MOST_WORKERS)
    batch_size: int = Field(default=defaults.BATCH_SIZE, ge=1, le=defaults.LARGEST_BATCH)
    retry_rejects: bool = False
    reason: str | None = None
    user_agent: str | None = None
    allow_private: bool = False
    log: Path | None = None
    metrics: Path | None = None
    reprocess: bool = False
    all: bool = False

    @model_validator(mode="before")
    @classmethod
    def _rejects_alone(cls, values: object) -> object:
        if (
            isinstance(values, dict)
            and "inputs" not in values
            and (values.get("retry_rejects") or values.get("reprocess"))
        ):
            return {**values, "inputs": []}
        return values

    @field_validator("out", mode="before")
    @classmethod
    def _is_root(cls, out: object) -> object:
        return root_of(out) if isinstance(out, str) else out

    @field_validator("ledger", "out", "scheduler")
    @classmethod
    def _keeps_secrets(cls, address: Any) -> Any:
        if isinstance(address, str) and _has_password(address):
            raise ValueError(
                "parameters are kept and shown: give the password in $PGPASSWORD or $KHABAR_LEDGER"
            )
        return address

    @field_validator("inputs")
    @classmethod
    def _keep_secrets(cls, inputs: list[str]) -> list[str]:
        if any("://" in one and _has_password(one) for one in inputs):
            raise ValueError("inputs are kept and shown: an address with a password cannot be one")
        return inputs

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
        if self.reprocess and (self.inputs or self.retry_rejects):
            raise ValueError("to reprocess is to read nothing: name no inputs and no retry_rejects with it")
        if self.all and not self.reprocess:
            raise ValueError("all says which stored articles to analyse again: it goes with reprocess")
        if not self.inputs and not self.retry_rejects and not self.reprocess:
            raise ValueError("there is nothing to read: name inputs, or retry_rejects")
        if self.reason is not None and not self.retry_rejects:
            raise ValueError("a reason says which rejects to try again: it goes with retry_rejects")
        if self.scheduler is not None and self.engine == "local":
            raise ValueError("a scheduler goes with the engine dask or ray")
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}: there is no day between")
        return self

    def as_json(self) -> str:
        """The parameters as a JSON object in ASCII, also where the name of a path is no text."""
        plain = self.model_dump(mode="json", exclude={"inputs", "out"})
        return json.dumps({"inputs": self.inputs, "out": str(self.out), **plain})

    def absolute(self) -> RunParameters:
        """The same with paths that hold from any working folder."""
        inputs = [one if one == "-" or "://" in one else str(Path(one).absolute()) for one in self.inputs]
        log = self.log if self.log in (None, Path("-")) else self.log.absolute()
        metrics = self.metrics and self.metrics.absolute()
        out = self.out.absolute() if isinstance(self.out, Path) else self.out
        prefix, file, path = (self.ledger or "").partition("sqlite:///")
        ledger = f"{file}{Path(path).absolute()}" if file and not prefix else self.ledger
        update = {"inputs": inputs, "out": out, "ledger": ledger, "log": log, "metrics": metrics}
        return self.model_copy(update=update)


def _has_password(address: str) -> bool:
    """Whether an address gives a password away, beside the user or among its options."""
    try:
        parts = urlsplit(address)
    except ValueError:  # no address after all; what reads it says so
        return False
    return parts.password is not None or "password" in parse_qs(parts.query)
