"""The wall as a room sees it: nothing falls off the screen, a camera reads the code,
counts and picture follow, and a presenter's key turns between them.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from django.conf import LazySettings
from PIL import Image
from playwright.sync_api import Page, expect

from assessments.models import Coach, Invitation
from tests.support.browser.pages import RULES, sign_in
from tests.support.coaching import invite, join, joined

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = [(1280, 720), (1366, 768), (1920, 1080), (1024, 768), (1366, 650)]
LONG_TITLE = (
    "Technical college of the northern region, final year, evening course 2026, B"
)
# What ends outside of the window or under the foot, and what of its text is cut off.
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter((each) => {
  const box = each.getBoundingClientRect();
  const foot = document.querySelector('body > footer');
  const floor = foot.contains(each) ? innerHeight : foot.getBoundingClientRect().top;
  return box.width && box.height && getComputedStyle(each).position !== 'absolute'
    && !(each.parentElement.closest('svg.crowd'))
    && (box.bottom > floor + .5 || box.right > innerWidth + .5 || box.top < 0
        || each.matches('h1') && each.scrollHeight > each.clientHeight + 1);
}).map((each) => each.outerHTML.slice(0, 80))"""

# Text smaller than 16 pixels on the screen, and what is cut off or sticks out sideways.
FAULTS = """() => [...document.querySelectorAll('body *')].filter((each) => {
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (!box.width || !box.height || style.position === 'absolute') return false;
  const svg = each.getScreenCTM?.();
  const words = [...each.childNodes].some(({ nodeType, data }) =>
    nodeType === 3 && data.trim());
  return words && parseFloat(style.fontSize) * (svg?.a ?? 1) < 15.99
      && !(svg && innerWidth < 640)
    || box.right > innerWidth + .5 || box.left < -.5
    || !svg && style.overflowY !== 'visible' && each.scrollHeight > each.clientHeight+1;
}).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture
def group(live_coach: Coach) -> Invitation:
    return invite(live_coach, label="Technical college, final year")


@pytest.fixture
def workspace(page: Page, live_coach: Coach, live_server: Any) -> Page:
    sign_in(page, live_coach, live_server.url)
    return page


def three(group: Invitation) -> None:
    for example in ("clear_project", "close", "clear_product"):
        joined(group, "Ann", example)


def test_everything_is_inside_every_window(
    workspace: Page, live_coach: Coach, group: Invitation, live_server: Any
) -> None:
    three(group)
    for label in (group.label, LONG_TITLE):
        Invitation.objects.filter(pk=group.pk).update(label=label)
        for width, height in SCREENS:
            workspace.set_viewport_size({"width": width, "height": height})
            for view in ("", "picture/"):
                workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/{view}")
                found = workspace.evaluate(OUTSIDE)
                assert found == [], (label, width, height, view)
                if width > 1100 and not view:
                    # The square is what a camera at the back has to read.
                    box = workspace.locator("svg.qr").bounding_box()
                    assert box is not None
                    assert box["height"] > 0.7 * height


@pytest.mark.parametrize(("width", "height"), [(640, 360), (320, 180), (1280, 360)])
def test_zoomed_wall_has_large_text_and_cuts_nothing(
    workspace: Page,
    group: Invitation,
    live_server: Any,
    settings: LazySettings,
    width: int,
    height: int,
) -> None:
    """As windows of 1280 by 720 are at 200% and 400%."""
    settings.BASE_URL = "https://careers.technical-college-north.example"
    three(group)
    Invitation.objects.update(label=LONG_TITLE)
    workspace.set_viewport_size({"width": width, "height": height})
    for view in ("", "picture/"):
        workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/{view}")
        assert workspace.evaluate("document.documentElement.scrollWidth") <= width
        assert workspace.evaluate(FAULTS) == []
        last = workspace.locator("footer a").last
        last.scroll_into_view_if_needed()
        expect(last).to_be_in_viewport(ratio=0.9)


def test_long_address_stays_inside(
    workspace: Page, group: Invitation, live_server: Any, settings: LazySettings
) -> None:
    settings.BASE_URL = "https://careers.technical-college-north.example"
    workspace.set_viewport_size({"width": 1280, "height": 720})
    workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/")
    expect(workspace.locator(".typed")).to_have_text(
        "careers.technical-college-north.example/join"
    )
    assert workspace.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_decoder_reads_the_code_from_the_screen(
    workspace: Page, group: Invitation, live_server: Any, scheme: Any
) -> None:
    workspace.emulate_media(color_scheme=scheme)
    for width, height in SCREENS[:3]:
        workspace.set_viewport_size({"width": width, "height": height})
        workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/")
        (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(workspace.screenshot())))
        assert code.text == f"http://localhost:8000/join/{group.code}/"


def test_counts_and_the_way_to_the_picture_follow(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    workspace.clock.install()
    workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/")
    counts = workspace.locator("#counts dd")
    expect(counts).to_have_text(["0", "0"])
    workspace.keyboard.press("ArrowRight")  # there is nothing to turn to yet
    three(group), join(group, "Dev")
    with workspace.expect_response(re.compile("/wall/status/")):
        workspace.clock.fast_forward(5_000)
    expect(counts).to_have_text(["4", "3"])
    workspace.keyboard.press("ArrowRight")
    workspace.wait_for_url("**/wall/picture/")
    expect(workspace.locator("svg.crowd .who")).to_have_count(3)
    joined(group, "Eve", "both")
    with workspace.expect_response(re.compile("/wall/picture/status/")):
        workspace.clock.fast_forward(5_000)
    expect(workspace.locator("svg.crowd .who")).to_have_count(4)
    workspace.keyboard.press("PageUp")
    workspace.wait_for_url(f"**/coach/{group.pk}/wall/")
    expect(workspace.get_by_role("link", name="Join", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


@pytest.mark.parametrize("view", ["", "picture/"])
def test_wall_is_accessible_and_fits_a_phone(
    workspace: Page, group: Invitation, live_server: Any, view: str
) -> None:
    three(group)
    workspace.set_viewport_size({"width": 320, "height": 700})
    workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/{view}")
    assert workspace.evaluate("document.documentElement.scrollWidth") <= 320
    assert Axe().run(workspace, options=RULES).response["violations"] == []


def test_wall_on_paper_is_one_sheet_with_the_coach_and_without_counts(
    workspace: Page, group: Invitation, live_server: Any
) -> None:
    three(group)
    workspace.goto(f"{live_server.url}/coach/{group.pk}/wall/")
    pages = re.findall(rb"/Type\s*/Page\b", workspace.pdf(format="A4"))
    assert len(pages) == 1
    workspace.emulate_media(media="print")
    for hidden in ("#counts", "#views", "footer button"):
        expect(workspace.locator(hidden)).to_be_hidden()
    for shown in ("svg.qr", ".code", ".print-only"):
        expect(workspace.locator(shown)).to_be_visible()
