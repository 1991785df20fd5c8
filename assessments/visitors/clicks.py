"""The beacon of the call to action: a page's script says that the link to the clarity call was followed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from assessments.actions.clicks import count_click
from assessments.actions.limits import within_limit
from assessments.visitors.forms import ClickForm
from assessments.web import client_ip

MOST_CLICKS = 120  # an hour and address: a school may stand behind one


@csrf_exempt  # the article's pages carry no token, and all that a forged beacon could do is add one to a count
@require_POST
def click(request: HttpRequest) -> HttpResponse:
    if not _from_our_page(request):
        return HttpResponse(status=403)
    form = ClickForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    if not within_limit("click", address=client_ip(request), most=MOST_CLICKS):
        return HttpResponse(status=429)
    if not request.user.is_staff:  # who looks at her own site
        count_click(form.cleaned_data["place"], day=timezone.now().date())
    return HttpResponse(status=204)


def _from_our_page(request: HttpRequest) -> bool:
    """Browsers say where a request comes from and let no page change it: Sec-Fetch-Site, or Origin in older ones."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
