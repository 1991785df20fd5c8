"""A group as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo
from urllib.parse import quote

from django.contrib.auth.models import User
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from assessments.actions.exports import record_export
from assessments.coaches.access import for_coach, get_invitation_or_404
from assessments.models import Coach, Invitation
from assessments.queries.clients import everybody
from assessments.queries.people import namesakes
from assessments.queries.personal_links import not_started
from assessments.results.group_files import as_csv, as_json

# What no file system takes in a name, and the marks that turn a text around.
UNFIT_FOR_A_FILE = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\u200e\u200f\u202a-\u202e]+')


def _in_zone(zone: tzinfo, pieces: Iterator[str]) -> Iterator[str]:
    """The pieces, made in this zone: a response is streamed after its view is done."""
    while True:
        with timezone.override(zone):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


@for_coach
@require_POST
def export(request: HttpRequest, coach: Coach, pk: int, kind: str) -> HttpResponseBase:
    """The group as a file. It is a POST, because an audit entry records the export."""
    invitation = get_invitation_or_404(coach, pk)
    if kind not in ("csv", "json") or not isinstance(request.user, User):
        raise Http404("no such kind of file")
    notes = "notes" in request.POST
    rows, invited = list(everybody(invitation)), not_started(invitation)
    names = [row.participation.name for row in rows]
    numbers = namesakes(coach, [*names, *(link.client.name for link in invited)])
    results = sum(row.result is not None for row in rows)
    # A label may name a client, so the audit trail gets the group's number.
    record_export(
        f"group {invitation.pk} as {kind.upper()}, {results} results"
        f"{', with notes' if notes else ''}",
        by=request.user,
    )
    response: HttpResponseBase
    if kind == "csv":
        delimiter = ";" if "semicolons" in request.POST else ","
        table = as_csv(rows, invited, numbers, notes=notes, delimiter=delimiter)
        # The byte order mark tells spreadsheets that this is UTF-8.
        response = HttpResponse(
            "\ufeff" + table, content_type="text/csv; charset=utf-8"
        )
    else:
        pieces = as_json(
            invitation, rows, invited, numbers, notes=notes, now=timezone.now()
        )
        response = StreamingHttpResponse(
            _in_zone(coach.zone, pieces), content_type="application/json"
        )
    response["Content-Disposition"] = _named_after(invitation, kind)
    return response


def _named_after(invitation: Invitation, kind: str) -> str:
    """The header that names a file after its group, in ASCII and as it is written."""
    plain = slugify(invitation.label) or str(invitation.pk)
    written = " ".join(UNFIT_FOR_A_FILE.sub(" ", invitation.label).split()).strip(" .")
    return (
        f'attachment; filename="rolefit-{plain}.{kind}"; '
        f"filename*=UTF-8''{quote(f'Rolefit {written}.{kind}', safe='')}"
    )
