"""Honorifics stay outside of names."""

import pytest

from pipeline.names.document import Found
from pipeline.names.edges import trimmed


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("श्री राहुल गांधी", "राहुल गांधी"),
        ("डॉ . मनमोहन सिंह", "मनमोहन सिंह"),
        ("नरेंद्र मोदी जी", "नरेंद्र मोदी"),
        ("Dr . Vikas Rao", "Vikas Rao"),
        ("आर . के . नारायण", "आर . के . नारायण"),
        ("श्री", "श्री"),
    ],
)
def test_a_person_is_trimmed_of_honorifics_down_to_one_word(name: str, expected: str) -> None:
    forms = name.split()
    kept = trimmed(Found(0, len(forms), "PERSON", 0.9), forms)
    assert " ".join(forms[kept.start : kept.end]) == expected


def test_a_company_keeps_the_honorific_in_its_name() -> None:
    company = Found(0, 2, "COMPANY", 0.9)
    assert trimmed(company, ["Dr", "Reddy"]) == company
