"""What staff may write where the scoring wants an exact number."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from assessments.models.questionnaires import exact_number


@pytest.mark.parametrize("text", ["15", "37.5", "5/4", "0.75", "1000", "1/10000"])
def test_exact_number_is_taken(text: str) -> None:
    exact_number(text)


# The third would take minutes to work out; the fourth has Arabic digits.
@pytest.mark.parametrize(
    "text",
    ["", "much", "1e999999999", "٣/٤", "5/0", "-1", "0", "1001", "1.00001", "1_0"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        exact_number(text)
