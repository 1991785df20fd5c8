"""A group on the wall of a room: how to join it, and its picture. No names."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.coaches.access import for_coach, get_invitation_or_404
from assessments.engine.group import MIN_PEOPLE
from assessments.keys import spaced
from assessments.models import Coach, Invitation
from assessments.queries import clients, invitations
from assessments.results.group_picture import group_picture
from assessments.web import qr_code
from content.addresses import absolute_url


@for_coach
@require_safe
def wall(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """QR code, address and code, and how many have joined. On paper it is a sheet."""
    invitation = get_invitation_or_404(coach, pk)
    typed = urlsplit(absolute_url(reverse("join")))
    context = {
        "coach": coach,
        "qr": qr_code(absolute_url(reverse("join_code", args=[invitation.code]))),
        # As people type an address into a phone; both ends of it are filled in.
        "typed_at": f"{typed.netloc}{typed.path.rstrip('/')}",
        "code": spaced(invitation.code),
    }
    return render(request, "assessments/coach/wall.html", _state(invitation) | context)


@for_coach
@require_safe
def wall_status(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """What changes by itself on the wall, for the page's script."""
    invitation = get_invitation_or_404(coach, pk)
    return render(request, "assessments/coach/_wall_live.html", _state(invitation))


@for_coach
@require_safe
def wall_picture(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    invitation = get_invitation_or_404(coach, pk)
    return render(request, "assessments/coach/wall_picture.html", _crowd(invitation))


@for_coach
@require_safe
def wall_picture_status(request: HttpRequest, coach: Coach, pk: int) -> HttpResponse:
    """The picture alone, for the page's script."""
    invitation = get_invitation_or_404(coach, pk)
    return render(
        request, "assessments/coach/_wall_picture_live.html", _crowd(invitation)
    )


def _state(invitation: Invitation) -> dict[str, object]:
    status = invitations.status_of(invitation)
    return {
        "invitation": invitation,
        "view": "join",
        "status": status,
        "state": invitations.state_of(invitation, status.invited),
        "has_picture": clients.visible_people_count(invitation) >= MIN_PEOPLE,
    }


def _crowd(invitation: Invitation) -> dict[str, object]:
    picture = group_picture(clients.visible_clients(invitation))
    return {
        "invitation": invitation,
        "view": "picture",
        "picture": picture,
        "has_picture": picture is not None,
    }
