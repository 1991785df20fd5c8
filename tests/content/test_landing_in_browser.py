"""The way in: Start is on the first screen of a phone, and the scale is explained."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.loading import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def landing(page: Page, transactional_db: None, live_server: Any) -> Page:
    load("load_article")
    page.goto(f"{live_server.url}/")
    return page


@pytest.mark.parametrize("height", [640, 780])
def test_start_is_on_the_first_screen_of_a_phone(landing: Page, height: int) -> None:
    landing.set_viewport_size({"width": 360, "height": height})
    start = landing.locator("main a.button").first
    expect(start).to_have_text("Start")
    expect(start).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 1280])
def test_scale_comes_after_the_words_that_explain_it(landing: Page, width: int) -> None:
    landing.set_viewport_size({"width": width, "height": 780})
    words = landing.locator("main figure figcaption").bounding_box()
    scale = landing.locator("main figure svg.lean").bounding_box()
    assert words is not None
    assert scale is not None
    assert words["y"] + words["height"] <= scale["y"]
