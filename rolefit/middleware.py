"""Constant headers, and what holds for every page of accounts and of the admin."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

PERMISSIONS_POLICY = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class PermissionsPolicyMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class AccountPagesMiddleware:
    """No page of an account is stored by a browser or a proxy, and all of them wear the site's own name."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/accounts/") and request.method == "HEAD":
            request.method = "GET"  # or allauth's limits would count it, as if something had been sent; the server drops the body
        response = self.get_response(request)
        if request.path_info.startswith("/accounts/"):
            add_never_cache_headers(response)
        return response

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        # allauth puts the host under the name by which our templates know the words of the site.
        if request.path_info.startswith("/accounts/") and response.context_data:
            response.context_data.pop("site", None)
        return response


class StaffSecondFactorMiddleware:
    """Staff without a second factor are led to set one up before the admin opens."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            request.path_info.startswith("/admin/")
            and request.user.is_authenticated
            and request.user.is_staff
            and not is_mfa_enabled(request.user)
        ):
            return redirect("mfa_index")
        return self.get_response(request)
