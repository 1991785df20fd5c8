"""The addresses of the site.

Fixed addresses come first: an article page is named at the root, so the pattern of
these pages matches almost any first segment.
"""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path, re_path

from . import views, well_known
from .passkey import PasskeyAgain, PasskeySignIn
from .password_link import PasswordFromLink

handler403 = views.forbidden
handler500 = views.server_error
# allauth looks for this name.
handler429 = "rolefit.views.too_many_tries"
urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", well_known.security_txt, name="security_txt"),
    path(".well-known/change-password", well_known.change_password),
    path("favicon.ico", well_known.favicon),
    path("admin/", admin.site.urls),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        PasswordFromLink.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "accounts/2fa/webauthn/login/",
        PasskeySignIn.as_view(),
        name="mfa_login_webauthn",
    ),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        PasskeyAgain.as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
    path("accounts/", include("allauth.urls")),
    path("", include("assessments.urls")),
    path("", include("content.urls")),
]
