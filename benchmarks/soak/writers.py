"""What the processes that get killed do: runs as `khabar run --direct` makes them, reprocessing, compacting.

Names are found by a rule instead of the model, for which the pipeline's config is exchanged; all else is
what users run.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

GIVEN = "2025-12-25"
BATCH = 6
"""Small, so that there are many moments to be killed in."""

_CONFIG = """{shipped}
[components.names.finder]
@misc = "khabar.spacy_names.v1"
model = "{model}"

[components.names.finder.types]
FIRM = "{type}"
"""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do with a store, until it is done: `config` names the models in use."""

    name: str
    root: Path
    config: Path
    inputs: tuple[str, ...] = ()
    workers: int = 1


def make_configs(folder: Path, firm: str) -> list[Path]:
    """Configs in `folder` for two versions of a model: firms are a COMPANY to one, an ORG to the other."""
    import spacy

    from pipeline.assembly import SHIPPED

    finder = spacy.blank("xx")
    finder.add_pipe("entity_ruler").add_patterns([{"label": "FIRM", "pattern": firm}])  # type: ignore[attr-defined]  # a ruler
    finder.to_disk(folder / "firm")
    configs = []
    for number, kind in enumerate(("COMPANY", "ORG")):
        path = folder / f"{number}.cfg"
        text = _CONFIG.format(shipped=SHIPPED.read_text("utf-8"), model=folder / "firm", type=kind)
        path.write_text(text, "utf-8")
        configs.append(path)
    return configs


def carry_out(task: Task) -> None:
    """Do a task in this process, waiting for the store as long as another writes to it."""
    from pipeline.assembly import VARIABLE

    os.environ[VARIABLE] = str(task.config)
    {"run": _run, "reprocess": _reprocess, "compact": _compact}[task.name](task)


def _run(task: Task) -> None:
    _ingest(task, inputs=list(task.inputs))


def _reprocess(task: Task) -> None:
    _ingest(task, reprocess=True)


def _ingest(task: Task, **parameters: object) -> None:
    from flows.ingest import ingest_directly
    from flows.parameters import RunParameters
    from flows.watch import WATCH, Watch

    WATCH.set(Watch(waiting=lambda: None))
    common = {"out": task.root, "workers": task.workers, "batch_size": BATCH, "date": GIVEN}
    ingest_directly(RunParameters.model_validate({**common, **parameters}))


def _compact(task: Task) -> None:
    from pipeline.compaction import compact
    from pipeline.store import opened

    with opened(task.root, lambda: None) as store:
        compact(store)
