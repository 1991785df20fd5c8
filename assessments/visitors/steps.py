"""A client marks the next steps that a coach shows as done."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments.actions import clients as client_actions
from assessments.queries import grants as grant_queries
from assessments.visitors.owner_cookie import for_owner


@require_POST
@for_owner
def tick(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Mark a step as done or not done; the coach sees that the client did it."""
    step = grant_queries.own_shared_step(key, pk)
    if step is None:
        raise Http404("no step that this owner sees")
    client_actions.toggle_step(
        step, done=request.POST.get("done") == "yes", by_client=True
    )
    page = request.POST.get("page", "")
    place = (
        reverse("result_number", args=[int(page)])
        if page.isascii() and page.isdigit() and len(page) < 6
        else reverse("sees")
    )
    return redirect(f"{place}#steps-{step.participation_id}")
