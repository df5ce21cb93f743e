"""Large inputs are read in memory that does not grow with them, from streams that exist nowhere as a whole."""

import gc
import io
import json
import random
import zlib
from collections.abc import Callable, Iterator
from itertools import chain

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.reading.formats import Place, items

MEGABYTE = 1 << 20
GROWTH = 34 * MEGABYTE
CHANCE = random.Random(5)
WORDS = ["कंपनी", "ने", "करोड़", "रुपये", "का", "निवेश", "किया", "profit", "rose", "in", "the", "quarter"]
ARTICLES = [" ".join(CHANCE.choices(WORDS, k=10_000)) for _ in range(8)]


class Stream(io.RawIOBase):
    """A file that is made while it is read, as large as its pieces are many."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self._rest = self._rest or next(self._pieces, b"")
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


ROWS = [(json.dumps({"id": 7, "text": each}, ensure_ascii=False) + "\n").encode() for each in ARTICLES]
FIELDS = [f"7,{each}\n".encode() for each in ARTICLES]
ENTRIES = [f"<item><title>क</title><description>{each}</description></item>".encode() for each in ARTICLES]


def jsonl(number: int) -> bytes:
    return ROWS[number % 8]


def delimited(number: int) -> bytes:
    return FIELDS[number % 8] if number else b"id,text\n"


def warc(number: int) -> bytes:
    kind = "application/json" if number % 20 == 0 else "image/png"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode()
    body = head + jsonl(number) * (1 if number % 20 == 0 else 8)
    return f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://e.in/{number}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"  # fmt: skip


def feed(number: int) -> bytes:
    return ENTRIES[number % 8] if number else b"<rss><channel><title>x</title>"


def pieces(make: Callable[[int], bytes], megabytes: int) -> Iterator[bytes]:
    number = size = 0
    while size < megabytes * MEGABYTE:
        yield (piece := make(number))
        number, size = number + 1, size + len(piece)


def growth(stream: io.BufferedIOBase) -> tuple[int, int]:
    """How many stories a stream holds, and by how many bytes the process grew at most while reading them."""
    gc.collect()
    process, count, most = psutil.Process(), 0, 0
    before = process.memory_info().rss
    for count, _ in enumerate(items(stream, Place("x")), 1):
        most = max(most, process.memory_info().rss) if count % 10 == 0 else most
    return count, max(most, process.memory_info().rss) - before


@pytest.mark.parametrize(
    ("make", "megabytes"), [(jsonl, 40), (delimited, 40), (warc, 200), (feed, 36)], ids=["jsonl", "csv", "warc", "feed"]
)  # fmt: skip
def test_a_large_stream_is_read_in_flat_memory(make, megabytes):
    list(items(io.BytesIO(b"".join(pieces(make, 1))), Place("x")))  # what is imported late
    count, grown = growth(io.BufferedReader(Stream(pieces(make, megabytes))))
    assert count > 10
    assert grown < GROWTH


def test_a_packed_stream_is_read_in_flat_memory():
    engine = zlib.compressobj(1, wbits=31)
    packed = chain(
        (engine.compress(piece) for piece in pieces(jsonl, 36)), (engine.flush() for _ in range(1))
    )
    count, grown = growth(io.BufferedReader(Stream(filter(None, packed))))
    assert count > 100
    assert grown < GROWTH


def test_a_table_of_parquet_is_read_in_flat_memory_also_from_one_group_of_rows():
    sink = io.BytesIO()
    texts = pa.array([ARTICLES[number % 8][number % 40_000 :][:2_500] for number in range(9_000)])
    pq.write_table(pa.table({"text": texts}), sink, compression="none", use_dictionary=False)
    del texts
    pa.default_memory_pool().release_unused()
    assert pq.ParquetFile(sink).num_row_groups == 1
    assert sink.tell() > 40 * MEGABYTE
    sink.seek(0)
    count, grown = growth(sink)
    assert count == 9_000
    assert grown < GROWTH
