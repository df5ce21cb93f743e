"""Labels of words and the spans they stand for."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.names.labels import LABELS, TYPES, Span, labels, spans


@st.composite
def sentences(draw: st.DrawFn) -> tuple[int, list[Span]]:
    """A length, and spans within it that do not overlap."""
    found, place = [], 0
    for gap, length, kind in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5), st.sampled_from(TYPES)))
    ):
        found.append((place + gap, place + gap + length, kind))
        place += gap + length
    return place + draw(st.integers(0, 3)), found


@given(sentences())
def test_spans_come_back_from_their_labels(sentence: tuple[int, list[Span]]) -> None:
    length, expected = sentence
    assert list(spans([LABELS.index(label) for label in labels(length, expected)])) == expected


def test_two_names_of_one_type_side_by_side_stay_two() -> None:
    begin, on = LABELS.index("B-LOC"), LABELS.index("I-LOC")
    assert list(spans([begin, on, begin])) == [(0, 2, "LOC"), (2, 3, "LOC")]
