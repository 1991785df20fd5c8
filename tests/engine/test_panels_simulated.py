"""Rule P10 on simulated panels; `make bench` runs ten times as many."""

from __future__ import annotations

from random import Random
from statistics import correlation, fmean, stdev

import pytest

from tools.simulate_panels import ASSUMPTIONS, MIDDLE, OFF_BY, panel, shares

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("sd", "r"), ASSUMPTIONS)
def test_ratings_are_spread_as_assumed(sd: float, r: float) -> None:
    sheets = panel(Random(3), raters=4000, sd=sd, r=r, off_by=OFF_BY)
    for name, apart in (("T1", OFF_BY), ("T2", 0.0)):
        project, product = (
            [sheet[f"{name}.{side}"] for sheet in sheets]
            for side in ("project", "product")
        )
        assert set(project + product) <= set(range(1, 8))
        assert fmean(project) - fmean(product) == pytest.approx(apart, abs=0.06)
        assert fmean(project + product) == pytest.approx(MIDDLE, abs=0.06)
        assert stdev(project) == pytest.approx(sd, abs=0.05)
        assert correlation(project, product) == pytest.approx(r, abs=0.05)


@pytest.mark.parametrize(("sd", "r"), ASSUMPTIONS)
@pytest.mark.parametrize("raters", [12, 40, 100])
def test_balanced_forms_are_not_blocked(sd: float, r: float, raters: int) -> None:
    found = shares(60, raters=raters, sd=sd, r=r)
    assert found.blocked <= 0.05
    assert found.covered == pytest.approx(0.89, abs=0.04)
    assert raters != 12 or found.even == 0


@pytest.mark.parametrize(("sd", "r"), ASSUMPTIONS)
def test_trade_off_that_is_off_is_blocked_and_not_called_even(
    sd: float, r: float
) -> None:
    found = shares(150, raters=60, sd=sd, r=r, off_by=OFF_BY)
    # The standard error of the share is .03 here.
    assert found.first_off >= 0.75
    assert (found.first_even, found.even) == (0, 0)
