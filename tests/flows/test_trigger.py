"""The parameters of a trigger: read from words, and refused with what would be right."""

import pytest

from flows.parameters import RunParameters
from flows.trigger import WrongParameters, assignments, changed


def test_assignments_are_json_where_they_read_as_such() -> None:
    words = ["workers=2", "inputs=a.txt", "date=2025-12-25", 'text_column="3"', "languages=hi, mr"]
    assert assignments(words) == {
        "workers": 2,
        "inputs": ["a.txt"],
        "date": "2025-12-25",
        "text_column": "3",
        "languages": ["hi", "mr"],
    }


def test_an_address_with_an_equals_sign_stays_whole() -> None:
    assert assignments(["inputs=https://example.org/feed?page=2"]) == {
        "inputs": ["https://example.org/feed?page=2"]
    }


def test_a_backfill_is_a_matter_of_two_days() -> None:
    asked = changed({"inputs": ["archive"]}, assignments(["since=2025-12-01", "until=2025-12-31"]))
    assert asked == RunParameters.model_validate(
        {"inputs": ["archive"], "since": "2025-12-01", "until": "2025-12-31"}
    )


def test_all_that_is_wrong_with_parameters_is_said_at_once() -> None:
    with pytest.raises(WrongParameters) as refused:
        changed({}, {"workers": 0, "batch_size": "x", "color": "red"})
    assert all(name in str(refused.value) for name in ("workers", "batch_size", "color"))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"worker": 2}, "there is no parameter worker; did you mean workers?; there are inputs, out, "),
        ({"speed": 9}, "there is no parameter speed; there are inputs, out, "),
        ({"workers": "many"}, 'workers: "many" is not a whole number from 1 to 256'),
        ({"workers": 0}, "workers: 0 is not a whole number from 1 to 256"),
        ({"since": "December"}, 'since: "December" is not a day of the form YYYY-MM-DD'),
        ({"retry_rejects": "perhaps"}, 'retry_rejects: "perhaps" is not true or false'),
        ({"since": "2025-12-24", "until": "2025-12-21"}, "since 2025-12-24 is after until 2025-12-21"),
        ({"retry_rejects": True, "reason": "because"}, "there is no reason because; there are"),
        ({"inputs": ["data/raw", "-"]}, "inputs: a run that is served has no standard input"),
    ],
)
def test_a_wrong_parameter_is_refused_with_what_would_be_right(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(WrongParameters) as refused:
        changed({}, changes)
    assert complaint in str(refused.value)
