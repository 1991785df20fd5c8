"""A quality page of ten thousand results costs what one of a thousand does. With a million: `make bench`."""

from __future__ import annotations

import pytest

from assessments.models import Version
from tools.bench_quality import MOST_RATIO, another, fill_and_roll_up, page_seconds


@pytest.mark.django_db
def test_page_of_many_results_takes_no_longer_than_one_of_few(
    questionnaire: Version,
) -> None:
    versions = questionnaire, another(questionnaire)
    for version, count in zip(versions, (1_000, 10_000), strict=True):
        fill_and_roll_up(version, count)
    few, many = page_seconds(versions)
    assert many <= MOST_RATIO * few, f"{many * 1000:.1f} ms against {few * 1000:.1f} ms"
