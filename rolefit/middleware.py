"""Health checks and finished pages, constant headers, and rules for all pages of
accounts and of the admin.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.cache import add_never_cache_headers

from assessments.visitors.owner_cookie import (
    COOKIE,
    COOKIE_AGE,
    HOST_PREFIX,
    PROGRESS_COOKIE,
)
from content.kept_form import kept_form

from . import kept
from .second_factor import gave_second_factor
from .views import healthz, readyz

GetResponse = Callable[[HttpRequest], HttpResponse]

# Headers that open something. The visitor's owner key is in a cookie.
SECRET_HEADERS = {"HTTP_AUTHORIZATION", "HTTP_COOKIE"}
OLD_COOKIES = {COOKIE, "sessionid", "csrftoken"}
PERMISSIONS_POLICY = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
)


class HealthMiddleware:
    """Answers the two health checks, whatever host they name.

    A load balancer asks by IP address and without TLS.
    """

    checks = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        check = self.checks.get(request.path_info)
        return check(request) if check else self.get_response(request)


class KeptPagesMiddleware:
    """Answers a public page from finished bytes, and keeps it when it is made.

    It stands before everything that reads cookies or checks the host: see `kept.Door`.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or request.META.get("QUERY_STRING"):
            return self.get_response(request)
        path, door = request.path_info, kept.door_of(request)
        wanted = {
            "accept-encoding": request.META.get("HTTP_ACCEPT_ENCODING", ""),
            "if-none-match": request.META.get("HTTP_IF_NONE_MATCH", ""),
        }
        kept.refresh(path)
        if found := kept.finished_answer(request.method, path, door, wanted):
            return HttpResponse(found.body, status=found.status, headers=found.headers)
        made_from = kept.state()
        response = self.get_response(request)
        kept.keep_page(request, response, made_from=made_from)
        return response


class PermissionsPolicyMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        return response


class PolicyMiddleware(CSPMiddleware):
    """django-csp, with the policy of all pages without a nonce built only once.

    Building it takes 0.1 to 0.2 ms of each request.
    """

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._without_nonce = build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        own = any(
            name.startswith("_csp_") for name in (*vars(request), *vars(response))
        )
        if own or settings.DEBUG:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._without_nonce)
        # As in django-csp: a nonce that is asked for later would be in no header.
        late = CheckableLazyObject(self._csp_nonce_post_response)
        setattr(request, "csp_nonce", late)  # noqa: B010
        return response


class HostCookiesMiddleware:
    """Keeps cookies without the prefix `__Host-` beside those with it, over https.

    Release 0.2.0 knows only those without. While nodes of both releases run, or after
    going back, nobody may be signed out, lose the key, or have a form refused. A cookie
    with the prefix wins. Where there is none yet, a sibling host can still plant one
    without it, until the next release: it reads only the prefix, and has no such class.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.HTTPS:
            return self.get_response(request)
        taken_over = {}
        for old in OLD_COOKIES & request.COOKIES.keys():
            new = f"{HOST_PREFIX}{old}"
            if new not in request.COOKIES:
                request.COOKIES[new] = taken_over[new] = request.COOKIES[old]
        response = self.get_response(request)
        if "public" in response.get("Cache-Control", ""):
            # A shared cache may keep this page, so it sets no cookie.
            return response
        for old in OLD_COOKIES:
            if cookie := response.cookies.get(f"{HOST_PREFIX}{old}"):
                response.cookies[old] = cookie.value
                response.cookies[old].update(cookie)
        for name, value in taken_over.items():
            if name not in response.cookies:
                response.set_cookie(
                    name,
                    value,
                    max_age=_age(name, request),
                    secure=True,
                    httponly=not name.endswith("csrftoken"),
                    samesite="Lax",
                )
        return response


def _age(name: str, request: HttpRequest) -> timedelta | int | None:
    """How long a cookie that was taken over lasts; None: until the browser closes.

    A request does not tell how long the old one would have lasted. Only a browser of
    one's own has the cookie of the progress.
    """
    if name.endswith("csrftoken"):
        return settings.CSRF_COOKIE_AGE
    if name.endswith(COOKIE) and PROGRESS_COOKIE in request.COOKIES:
        return COOKIE_AGE
    return None


class NotAllowedMiddleware:
    """Gives whoever opens the address of a form's button a page instead of nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET":
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response


class AccountPagesMiddleware:
    """Keeps account pages out of caches, and gives them the site's own words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/accounts/") and request.method == "HEAD":
            # allauth's limits would count a HEAD as if somebody had sent the form. The
            # server drops the body of the answer.
            request.method = "GET"
        response = self.get_response(request)
        if request.path_info.startswith("/accounts/"):
            add_never_cache_headers(response)
        return response

    def process_template_response(
        self, request: HttpRequest, response: TemplateResponse
    ) -> TemplateResponse:
        # allauth's context has the host as "site", which hides the site's words: our
        # context processor gives templates these words under the same name.
        if request.path_info.startswith("/accounts/") and response.context_data:
            response.context_data.pop("site", None)
        return response


class SuspendedRequestMiddleware:
    """Takes out of a POST what allauth must not keep until the password is given.

    allauth writes all headers into the session, which is in the database. And it
    repeats the request only if the address to return to has no query; `request.GET`
    keeps what was in it. This stands after allauth's middleware, so that it hears of
    the exception first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if request.method == "POST" and isinstance(exception, ReauthenticationRequired):
            request.META = {
                name: value
                for name, value in request.META.items()
                if name not in SECRET_HEADERS
            } | {"QUERY_STRING": ""}


class SecondFactorMiddleware:
    """Keeps the second factor before the admin, the workspace and the account's pages.

    A session that gave none is signed out where the account has one. Staff without one
    are sent to its page before the admin opens; `for_coach` does the same for coaches.
    """

    GUARDED = ("/admin/", "/coach/", "/accounts/")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(self.GUARDED) and request.user.is_authenticated:
            in_admin = path.startswith("/admin/") and request.user.is_staff
            gave = gave_second_factor(request)
            # Nobody else needs to be looked up in the database.
            if in_admin or not gave:
                has_one = is_mfa_enabled(request.user)
                if in_admin and not has_one:
                    return kept_form(request, status=403) or redirect("mfa_index")
                if has_one and not gave:
                    logout(request)
        return self.get_response(request)
