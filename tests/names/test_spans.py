"""Spans and the labels that stand for them."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.names.spans import Span, labels, spans

KINDS = ["PERSON", "COMPANY", "ORG", "LOC"]
LABEL = st.sampled_from(["O", *(f"{part}-{kind}" for part in "BILU" for kind in KINDS)])


@st.composite
def sentences(draw: st.DrawFn) -> tuple[int, list[Span]]:
    """A length, and spans within it that do not overlap."""
    found, place = [], 0
    for gap, length, kind in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.sampled_from(KINDS)))
    ):
        found.append((place + gap, place + gap + length, kind))
        place += gap + length
    return place + draw(st.integers(0, 3)), found


@given(sentences())
def test_spans_come_back_from_their_labels(sentence: tuple[int, list[Span]]) -> None:
    length, expected = sentence
    assert list(spans(labels(length, expected))) == expected


@given(st.lists(LABEL))
def test_any_labels_give_spans_in_order_that_cover_just_what_is_labelled(labelled: list[str]) -> None:
    found = list(spans(labelled))
    covered = [place for start, end, _ in found for place in range(start, end)]
    assert covered == [place for place, label in enumerate(labelled) if label != "O"]


def test_two_names_of_one_type_side_by_side_stay_two() -> None:
    assert list(spans(["B-LOC", "L-LOC", "U-LOC"])) == [(0, 2, "LOC"), (2, 3, "LOC")]


def test_a_name_without_its_beginning_is_still_a_name() -> None:
    assert list(spans(["O", "I-ORG", "L-ORG", "O"])) == [(1, 3, "ORG")]
