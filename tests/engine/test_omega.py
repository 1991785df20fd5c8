"""Omega against NumPy, against what is known of made-up factors, and where nothing can be told."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from assessments.defaults import default_questionnaire
from assessments.engine.omega import ProductSums, omega, product_sums
from assessments.engine.scales import form_scales

from .people import TRADE_OFF_IDS, make_people, value_of

TRADE_OFFS = form_scales(default_questionnaire(), "full").trade_offs


def sums_of(covariances: np.ndarray) -> ProductSums:
    """Sums of people whose covariances are exactly these thousandths."""
    size, n = len(covariances), 1_001
    products = {
        (i, j): round(covariances[i, j] * (n - 1))
        for i in range(size)
        for j in range(i, size)
    }
    return ProductSums(n, (0,) * size, products)


def test_twelve_items_have_seventy_eight_products_over_complete_people() -> None:
    people = make_people(500, seed=1, skips=0.02)
    found = product_sums(TRADE_OFFS, people)
    complete = np.array(
        [
            [value_of(id, each[id]) for id in TRADE_OFF_IDS]
            for each in people
            if None not in map(each.get, TRADE_OFF_IDS)
        ]
    )
    assert (found.n, len(found.products)) == (len(complete), 78)
    assert found.sums == tuple(complete.sum(axis=0))
    assert np.allclose(found.covariances, np.cov(complete, rowvar=False), rtol=1e-12)


def test_fit_is_that_of_principal_axes_by_numpy() -> None:
    found = product_sums(TRADE_OFFS, make_people(4_000, seed=2))
    covariances = np.array(found.covariances)
    sds = np.sqrt(np.diag(covariances))
    reduced = covariances / np.outer(sds, sds)
    loadings = np.full(12, 0.5)
    for _ in range(2_000):
        np.fill_diagonal(reduced, loadings**2)
        values, vectors = np.linalg.eigh(reduced)
        loadings = np.abs(vectors[:, -1]) * np.sqrt(values[-1])
    common = (loadings * sds).sum() ** 2
    assert omega(found) == pytest.approx(
        common / (common + (sds**2 * (1 - loadings**2)).sum()), abs=1e-9
    )


@pytest.mark.parametrize(
    "loadings", [[0.6] * 12, [0.3, 0.5, 0.7, 0.9], [0.8, 0.4, 0.6]]
)
def test_omega_of_a_known_factor_is_found_again(loadings: list[float]) -> None:
    known = np.array(loadings)
    covariances = np.outer(known, known)
    np.fill_diagonal(covariances, 1)
    exact = known.sum() ** 2 / (known.sum() ** 2 + (1 - known**2).sum())
    assert omega(sums_of(covariances)) == pytest.approx(exact, abs=0.002)


def test_nothing_is_told_of_nobody_one_person_or_an_item_that_does_not_vary() -> None:
    chance = Random(3)
    people = [
        {id: chance.randint(1, 5) for id in TRADE_OFF_IDS} | {"T5": 3}
        for _ in range(50)
    ]
    assert [
        omega(product_sums(TRADE_OFFS, some)) for some in ([], people[:1], people)
    ] == [None] * 3


def test_nothing_is_told_where_no_single_factor_fits() -> None:
    assert (
        omega(sums_of(np.array([[1, 0.9, 0.1], [0.9, 1, 0.9], [0.1, 0.9, 1]]))) is None
    )
