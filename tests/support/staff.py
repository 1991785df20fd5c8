"""Staff of the questionnaire and their way round its admin."""

from __future__ import annotations

import html
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from assessments.models import Section
from tests.support.markup import flat


def signed_in(name: str, *permissions: str, staff: bool = True) -> Client:
    user = User.objects.create_user(
        name, f"{name}@example.org", "a long pass phrase", is_staff=staff
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    client = Client()
    client.force_login(user)
    return client


def confirmed(client: Client) -> Client:
    """The client after giving the password again, as before power is given or taken."""
    response = client.post(
        "/accounts/reauthenticate/", {"password": "a long pass phrase"}
    )
    assert response.status_code == 302
    return client


EDITING = ("change_questionnaire", "add_questionnaire", "view_version")


def address(name: str, *args: int | str) -> str:
    return reverse(f"admin:assessments_{name}", args=args)


def text_of(response: HttpResponse) -> str:
    return flat(html.unescape(response.content.decode()))


def filled(client: Client, section: Section, **changes: Any) -> dict[str, Any]:
    """What a browser would send back from the form of a section."""
    page = client.get(address("section_change", section.pk))
    data = {
        "stem": section.stem,
        "position": section.position,
        "in_short": "on" if section.in_short else "",
    }
    data |= {f"label_{number}": label for number, label in enumerate(section.labels, 1)}
    formset = page.context["inline_admin_formsets"][0].formset
    data |= {
        "questions-TOTAL_FORMS": len(formset.initial_forms),
        "questions-INITIAL_FORMS": len(formset.initial_forms),
    }
    for place, form in enumerate(formset.initial_forms):
        data |= {
            f"questions-{place}-{name}": value
            for name, value in form.initial.items()
            if value not in (None, False)
        }
        data |= {
            f"questions-{place}-id": form.instance.pk,
            f"questions-{place}-section": section.pk,
        }
    return data | changes
