"""Addresses whose secret no log may show: ours, or that of a front server.

The list is one, so that nobody hides more than the others.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

TOKEN = "01234567890123456789abcdef"
KEY = "27X4B-MQCRW-3VG1E-FBZJR"
# As a browser sends them. Each holds a token, a code of ten characters, a key, or what
# a mail of an account leads to.
SECRET_ADDRESSES = [
    f"/r/{TOKEN}/",
    f"/R//{TOKEN}",
    f"/r/{TOKEN}.json",
    f"//r/{TOKEN}/",
    f"/r%2F{TOKEN}",
    f"/{TOKEN}",
    f"/?link=%2Fr%2F{TOKEN}%2F",
    "/join/7K3M9-Q2RTX/",
    "/JOIN/7k3m9q2rtx",
    "//join/7K3M9Q2RTX/",
    "/join/7K3M9%20Q2RTX/",
    "/join%2F7K3M9Q2RTX",
    "/join/7K3M9-Q2RTX/stop/?t=abc123:def456",
    "/accounts/login/?next=%2Fjoin%2F7K3M9Q2RTX%2F",
    "/accounts/login/?next=/join/7K3M9Q2RTX/",
    # Typed right behind the name of the site
    "/7K3M9-Q2RTX",
    "/7k3m9q2rtx/",
    "/7K3M9%20Q2RTX",
    "/7K3M9Q2RTX?from=mail",
    "/ABCDE-FGHJK",
    "/abcdefghjk/",
    f"/{KEY}",
    f"/{KEY.replace('-', '')}/",
    f"/{KEY.replace('-', '%20')}",
    f"/quiz/resume/%23{KEY}",
    f"/Quiz/Resume/{KEY}/",
    "/rate/a-shorter-token/",
    "/RATE/a-shorter-token",
    "//rate/a-shorter-token/",
    "/accounts/confirm-email/abc123:def456/",
    "//Accounts/Confirm-Email/abc123:def456/",
    "/accounts/password/reset/key/1-abc123-def456/",
    "/accounts/password/reset/key%2F1-abc123-def456/",
    # Names of people
    "/coach/?name=Quillon",
    "/coach/person/3/?group=2&name=Ann+Quillon",
    "/Coach/client/4/?name=quillon",
    "/coach/coach/?name=quillon",
]
# What operators read the log for.
PLAIN_ADDRESSES = [
    "/",
    "/method/",
    "/difference/",
    "/project-management/",
    "/quiz/1/",
    "/quiz/result/2/change/T7/",
    "/coach/client/12/",
    "/coach/coach/coach/",
    "/admin/content/page/3/change/?_changelist_filters=q%3Dskills",
    "/.well-known/security.txt",
    "/static/css/site.0a1b2c3d4e5f.css",
]
SECRETS = [
    TOKEN,
    KEY,
    "7K3M9Q2RTX",
    "ABCDEFGHJK",
    "a-shorter-token",
    "abc123",
    "def456",
    "Quillon",
    "quillon",
]


def secrets_in(line: str) -> set[str]:
    """The secrets of which a part stands in a line, in any spelling."""
    plain = unquote(line).lower()
    return {
        secret
        for secret in SECRETS
        for part in re.findall(".{5}", secret.replace("-", ""))
        if part.lower() in plain.replace("-", "")
    }
