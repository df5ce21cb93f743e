"""Bodies packed in every way that servers know, whole, damaged and endless."""

import gzip
import itertools
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import brotli  # type: ignore[import-untyped]  # it carries no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.deadline import within
from pipeline.reading.web.unpacking import bounded


def bare(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "bare deflate": bare,
    "br": lambda data: brotli.compress(data, quality=4),
}
KINDS = pytest.mark.parametrize("kind", PACKERS)


def unpacked(
    pieces: Iterator[bytes] | list[bytes], kind: str, most: int = 1 << 24, cut: bool = False
) -> tuple[bytes, bool]:
    with within(20):
        return bounded(pieces, kind.removeprefix("bare "), most, cut=cut)


@KINDS
@given(st.binary(max_size=3000), st.integers(1, 50), st.integers(0, 200_000))
@settings(max_examples=15, deadline=None)
def test_a_body_comes_out_as_it_was_packed_however_it_is_cut_on_the_way(
    kind: str, data: bytes, size: int, zeros: int
) -> None:
    whole = data + bytes(zeros) + data
    packed = PACKERS[kind](whole)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert unpacked(pieces, kind) == (whole, False)


@KINDS
def test_a_body_that_ends_early_is_refused(kind: str) -> None:
    packed = PACKERS[kind](bytes(range(256)) * 100)
    with pytest.raises(NotAnArticle) as caught:
        unpacked([packed[: len(packed) // 2]], kind)
    assert caught.value.reason == "bad_response"


@KINDS
@given(st.binary(min_size=40))
@settings(max_examples=25, deadline=None)
def test_noise_is_refused_or_read_but_never_raises_anything_else(kind: str, noise: bytes) -> None:
    try:
        unpacked([noise], kind)
    except NotAnArticle as no:
        assert no.reason in {"bad_response", "too_large"}


@KINDS
def test_no_body_at_all_is_an_empty_one(kind: str) -> None:
    assert unpacked([], kind) == (b"", False)


@pytest.mark.parametrize("encoding", ["zstd", "gzip, gzip", "br, gzip", "compress", "utf-8", "aes128gcm"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        unpacked([b"x"], encoding)
    assert caught.value.reason == "bad_response"


def test_gzip_files_in_a_row_are_one_body_and_padding_is_none() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two") + bytes(512)
    assert unpacked([packed], "gzip") == (b"one two", False)


@KINDS
def test_a_bomb_is_stopped_in_flat_memory(kind: str) -> None:
    packed = PACKERS[kind](bytes(1 << 25))
    tracemalloc.start()
    with pytest.raises(NotAnArticle) as caught:
        unpacked([packed], kind, most=1 << 20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason == "too_large"
    assert peak < 8 << 20


def test_an_endless_body_is_refused_or_cut_at_the_limit() -> None:
    with pytest.raises(NotAnArticle) as caught:
        unpacked(itertools.repeat(b"x" * 1000), "", most=10_000)
    assert caught.value.reason == "too_large"
    assert unpacked(itertools.repeat(b"x" * 999), "", most=10_000, cut=True) == (b"x" * 10_000, True)


def test_a_body_that_never_unpacks_to_anything_ends_with_the_deadline() -> None:
    nothing = gzip.compress(b"")
    with pytest.raises(TimeoutError), within(0.2):
        bounded(itertools.repeat(nothing * 100), "gzip", 1 << 40, cut=False)
