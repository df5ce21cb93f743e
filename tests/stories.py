"""Rows and stories that several tests need."""

import datetime as dt
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from pipeline.article import Amount, Article, Mention
from pipeline.home import Root
from pipeline.store import Notes, opened
from pipeline.tables import TableName, table
from pipeline.verify import problems

DAY = dt.date(2025, 12, 25)
ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def article(
    number: int, day: dt.date = DAY, *, content: str | None = None, duplicate_of: str | None = None
) -> Article:
    text = f"तारा टेक ने {number} करोड़ रुपये जुटाए।"
    return Article(
        article_id=f"a{number:04}",
        source_uri=f"{number}.txt",
        url=None,
        publisher=None,
        title=None,
        byline=("रवि",),
        published_at=None,
        published_date=day,
        date_source="header",
        language="hi",
        code_mixed=False,
        source_text=text,
        text=text,
        n_tokens=8,
        content_hash=content or f"c{number}",
        duplicate_of=duplicate_of,
        pipeline_version="0",
        model_version="0",
    )


def mention(of: Article) -> Mention:
    return Mention(
        f"m-{of.article_id}", of.article_id, of.published_date, "COMPANY", of.text[:8], 0, 8, 0, 8, 0, 0.9
    )


def amount(of: Article) -> Amount:
    start, end = of.text.index("ने ") + 3, of.text.index(" जुटाए")
    crore = Decimal(of.text[start:end].split()[0])
    rupees = crore * 10_000_000
    return Amount(
        amount_id=f"s-{of.article_id}",
        article_id=of.article_id,
        published_date=of.published_date,
        text=of.text[start:end],
        start=start,
        end=end,
        source_start=start,
        source_end=end,
        sentence=0,
        currency="INR",
        amount_min=rupees,
        amount_max=rupees,
        inr_crore_min=crore,
        inr_crore_max=crore,
        fx_rate=None,
        fx_date=None,
        form="point",
        modifier=None,
        per=None,
        kind=None,
    )


def batch(*articles: Article) -> dict[TableName, pa.Table]:
    """The tables that a batch of these articles makes."""
    originals = [one for one in articles if one.duplicate_of is None]
    return {
        "articles": table("articles", articles),
        "mentions": table("mentions", map(mention, originals)),
        "amounts": table("amounts", map(amount, originals)),
        "facts": table("facts", []),
    }


def fill(root: Root, *numbers: int) -> None:
    """Publish articles with these numbers as one batch of one run."""
    with opened(root) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(*(article(number) for number in numbers)), Notes())
        store.end(run.run_id, "completed")


def sound(root: Root) -> list[str]:
    """What is wrong with a store, once a writer has opened it."""
    with opened(root) as store:
        return list(problems(store))


def files(root: Path, *tables: str) -> dict[str, bytes]:
    """The Parquet files below `root` (of some tables) and their bytes."""
    chosen = tables or ("articles", "mentions", "amounts", "facts", "entities")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for name in chosen
        for path in sorted((root / name).rglob("*.parquet"))
    }


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder for tests that write much and are not about a loss of power; on a disk where it must be."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)
