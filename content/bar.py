"""The bar at the foot of a form whose words are published: what is saved, what next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

# The names of the buttons in what a browser posts. Each of them saves first.
SAVE, PREVIEW, REVIEW, PUBLISH = "_continue", "_preview", "_review", "_publish"


@dataclass(frozen=True)
class ActionBar:
    # Such as “Saved 14:32”; empty where nothing was saved yet.
    saved: str
    # What visitors see, or what stands in the way.
    note: str
    # Names and words, the main one last.
    buttons: tuple[tuple[str, str], ...]


def saved_at_words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    today = local.date() == timezone.localdate()
    return f"Saved {date_format(local, 'H:i' if today else 'F j')}"


class ActionBarMixin:
    """An admin whose form has the bar. Its buttons save, and then lead on."""

    def way_on(self, request: HttpRequest, obj: Any, button: str) -> HttpResponse:
        """Where a button leads once the form is saved."""
        raise NotImplementedError

    def _after_saving(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        pressed = (name for name in (PREVIEW, REVIEW, PUBLISH) if name in request.POST)
        button = next(pressed, None)
        if button is None:
            return None
        self.tell_theirs(request)  # type: ignore[attr-defined]
        return self.way_on(request, obj, button)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._after_saving(request, obj) or super().response_change(request, obj)  # type: ignore[misc,no-any-return]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._after_saving(request, obj) or super().response_add(  # type: ignore[misc,no-any-return]
            request, obj, post_url_continue
        )
