"""A coach and clients in real browsers, from the request for a workspace on."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from uuid import uuid4

from tests.support.browser.server import ROOT, Server
from tests.support.browser.visitor import Visitor
from tests.support.codes import unused_code_of

PHRASE = "a long pass phrase"
APPROVE = """
from django.contrib.auth.models import User
from assessments.actions.coaches import approve_coach
from assessments.models import Coach
mara, _ = User.objects.get_or_create(username="mara")
print("LINK", approve_coach(Coach.objects.get(email={email!r}), by=mara))
"""


def approve(server: Server, email: str) -> str:
    """What a Coach manager does in the admin, and the link that appears."""
    command = [
        sys.executable,
        "manage.py",
        "shell",
        "--verbosity",
        "0",
        "--command",
        APPROVE.format(email=email),
    ]
    said = subprocess.run(
        command,
        cwd=ROOT,
        env=server.environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    (link,) = re.findall(r"^LINK (\S+)$", said, re.M)
    return str(link)


@dataclass(frozen=True, slots=True)
class CoachAtWork:
    visitor: Visitor
    email: str
    secret: str  # of the second factor


def open_workspace(visitor: Visitor, name: str) -> CoachAtWork:
    """Ask, be approved, choose a password and set up a second factor."""
    email = (  # the server outlives the test
        f"{name.lower()}-{uuid4().hex[:8]}@example.org"
    )
    page = visitor.page
    visitor.go("/coach/ask/")
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(email)
    page.locator("[name=works_with]").fill("Students in their last year")
    visitor.press("Send the request")
    visitor.go(approve(visitor.server, email))
    for field in ("password1", "password2"):
        page.locator(f"[name={field}]").fill(PHRASE)
    visitor.press("Save this password")
    visitor.follow("Set up an app")
    secret = page.get_by_label("The secret as text").input_value()
    page.locator("[name=code]").fill(unused_code_of(secret))
    visitor.press("Turn it on")
    visitor.follow("Go to your workspace")
    visitor.expect_headline("People")
    return CoachAtWork(visitor, email, secret)


def invite(coach: Visitor, label: str, **fields: str) -> str:
    """A group that shows every answer. Returns the address of its page."""
    coach.go("/coach/new/")
    coach.page.locator("[name=label]").fill(label)
    for name, value in fields.items():
        coach.page.locator(f"[name={name}]").fill(value)
    coach.page.locator("[name=onward]").check()
    coach.press("Make the invitation")
    return coach.path


def way_in(coach: Visitor, group: str) -> str:
    """The invitation's link, as the coach copies it."""
    coach.go(group)
    return coach.page.locator("#way-in").input_value()


def consent(client: Visitor, link: str, name: str) -> None:
    client.go(link)
    client.page.locator("[name=name]").fill(name)
    client.page.locator("[name=agree]").check()
    with client.page.expect_navigation():
        client.page.locator("button[value=share]").click()
    client.look()
