"""The page of a password link."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import UserTokenForm
from allauth.account.views import PasswordResetFromKeyView
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.generic import FormView


@method_decorator(rate_limit(action="reset_password_from_key"), name="dispatch")
class PasswordFromLink(PasswordResetFromKeyView):
    """Shows the form at the address of the link itself.

    allauth would store the key in a session and redirect to an address without it. Then
    each mail scanner that opens the link would make a row.
    """

    def dispatch(
        self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any
    ) -> HttpResponse:
        self.request, self.key = request, key
        token = UserTokenForm(data={"uidb36": uidb36, "key": key})
        self.reset_user = token.reset_user if token.is_valid() else None
        if self.reset_user is None:
            response = self.render_to_response(
                self.get_context_data(token_fail=True), status=404
            )
        else:
            response = FormView.dispatch(
                self, request, uidb36=uidb36, key=key, **kwargs
            )
        # The address stays secret even from this site's other pages. With no-referrer
        # the form's CSRF check would fail.
        response["Referrer-Policy"] = "strict-origin"
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        if self.request.user.is_authenticated:
            # Another account may be signed in here. A session of this one ends with the
            # old password, and with it that it gave the second factor.
            self.logout()
        return super().form_valid(form)
