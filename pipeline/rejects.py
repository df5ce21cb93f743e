"""What runs refused, out of the tables: to be listed, looked at and tried again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from pipeline.home import Root
from pipeline.payloads import is_kept, is_path, payload
from pipeline.period import OUTSIDE
from pipeline.places import placed
from pipeline.query import asked
from pipeline.reading import Refused
from pipeline.reading.leads import is_address

COLUMNS = ("at", "reason", "detail", "source_uri", "payload_path")
LAST = "last"

_LISTED = """
    SELECT strftime("at", '%Y-%m-%d %H:%M:%S') AS "at", reason, detail, source_uri, payload_path
    FROM rejects
    WHERE ($reason IS NULL OR reason = $reason) AND ($run IS NULL OR run_id = $run)
    ORDER BY run_id DESC, rejects."at" DESC, source_uri, payload_path LIMIT $most
"""
# Ids of runs sort as the runs follow each other; the clock, which may be put back, only orders within one.
_OPEN = """
    WITH newest AS (
        SELECT source_uri, max((run_id, "at")) AS turn FROM rejects GROUP BY source_uri
    ), read AS (
        SELECT article_id, max((run_id, "at")) AS turn FROM ingests GROUP BY article_id
    ), stored AS (
        SELECT name, max(turn) AS turn
        FROM (SELECT article_id, unnest([source_uri, url]) AS name FROM articles) JOIN read USING (article_id)
        GROUP BY name
    )
    SELECT DISTINCT source_uri, reason, payload_path
    FROM rejects JOIN newest USING (source_uri) LEFT JOIN stored ON name = source_uri
    WHERE ($reason IS NULL AND reason <> $passed_over OR reason = $reason)
        AND run_id = newest.turn[1] AND (stored.turn IS NULL OR stored.turn < newest.turn)
    ORDER BY ALL
"""
_PAYLOADS = """
    SELECT payload_path FROM rejects WHERE source_uri = ? AND payload_path IS NOT NULL
    ORDER BY run_id DESC, "at" DESC
"""


class NoSuchReject(Exception):
    """Nothing is known under the name that was given; the message is one sentence."""


class Open(NamedTuple):
    """What is still refused: what can be tried again, and the names of the rest."""

    refused: list[Refused]
    lost: list[str]


def listed(root: Root, *, reason: str | None, run: str | None, most: int) -> Sequence[tuple[object, ...]]:
    """Rejects as rows of COLUMNS, newest first; of one run (an id, or LAST) or of all."""
    if run is not None:
        wanted = "ORDER BY run_id DESC LIMIT 1" if run == LAST else "WHERE run_id = $run"
        found = asked(root, f"SELECT run_id FROM runs {wanted}", {} if run == LAST else {"run": run})
        row = found.fetchone()
        if row is None:
            raise NoSuchReject(f"there is no run {run}; `khabar status` shows the last ones")
        (run,) = row
    return asked(root, _LISTED, {"reason": reason, "run": run, "most": most}).fetchall()


def still_open(root: Root, reason: str | None = None) -> Open:
    """What the run that read it last refused and no run has stored since, in the order of names.

    What has neither a payload nor an address cannot be tried again. What lay outside the dates of a
    run is not among it unless `reason` names that: it was passed over, not misread.
    """
    refused, lost, place = list[Refused](), list[str](), placed(root)
    for uri, why, path in asked(root, _OPEN, {"reason": reason, "passed_over": OUTSIDE}).fetchall():
        if is_kept(place, path):
            refused.append(Refused(uri, why, partial(payload, place, path)))
        elif is_address(uri):
            refused.append(Refused(uri, why))
        else:
            lost.append(uri)
    return Open(refused, lost)


def shown(root: Root, name: str) -> bytes:
    """The payload at a path, or the newest of what is named `name` in `source_uri`; NoSuchReject if none."""
    rows = [(name,)] if is_path(name) else asked(root, _PAYLOADS, [name]).fetchall()
    place = placed(root)
    for (path,) in rows:
        if is_kept(place, path):
            return payload(place, path)
    raise NoSuchReject(f"nothing is kept of {name}; `khabar rejects` lists what is")
