"""The beacon that counts how often the link to the clarity call is followed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from assessments.actions.clicks import count_click
from assessments.actions.limits import seconds_to_wait
from assessments.visitors.forms import ClickForm
from assessments.web import client_network

# Per hour and address: a whole school may share one address.
MAX_CLICKS = 120


# The article's pages carry no CSRF token. A forged beacon can only raise a count by 1.
@csrf_exempt
@require_POST
def click(request: HttpRequest) -> HttpResponse:
    if not _from_our_page(request):
        return HttpResponse(status=403)
    form = ClickForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    if wait := seconds_to_wait("click", by=client_network(request), most=MAX_CLICKS):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    if not request.user.is_staff:  # staff look at their own site
        count_click(form.cleaned_data["place"], day=timezone.now().date())
    return HttpResponse(status=204)


def _from_our_page(request: HttpRequest) -> bool:
    """Whether the browser says so, in a header that no page can change.

    Older browsers send Origin instead of Sec-Fetch-Site.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
