"""The forms of an invitation: the code, the consent, the consent to a newer result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.conf import settings

from assessments.answering import SHARED_COMPUTER, wish_field
from assessments.engine import RoleDefinition
from assessments.engine.outcomes import Outcome
from assessments.keys import key_made_from, new_nonce, read_code, read_key
from assessments.models import Invitation, Participation
from assessments.queries.guests import Guest
from assessments.results.outcome_words import OUTCOME_WORDS
from assessments.typed import NameField, isolated
from assessments.web import WholeNumberField
from assessments.zones import day_words


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Your code",
        help_text=(
            "10 letters and numbers, such as 7K3M9-Q2RTX. Capital letters, spaces, and "
            "dashes don’t matter."
        ),
        max_length=200,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "spellcheck": "false",
                "autocapitalize": "characters",
                "class": "key",
            }
        ),
        error_messages={
            "required": "Enter the code first.",
            "max_length": "A code has 10 letters and numbers.",
        },
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                "A code has 10 letters and numbers. Compare yours with the one your "
                "coach gave you."
            )
        return code


class JoinForm(forms.Form):
    """Consent to one invitation.

    A new guest chooses nothing: the page carries a nonce, from which the server makes
    the key when the form is posted, so that pressing the button twice makes one owner.
    Who has seen the nonce on the page does not know the key, and cannot have it made in
    another browser.
    """

    name = NameField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": "Use a name of at most 60 characters."},
    )
    agree = forms.BooleanField()
    shared_computer = forms.BooleanField(
        label=SHARED_COMPUTER,
        required=False,
    )
    nonce = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        invitation: Invitation,
        *,
        guest: Guest,
        roles: Sequence[RoleDefinition],
        browser: str,
        data: Mapping[str, str] | None = None,
        called: str = "",
    ) -> None:
        """`browser`: what only the cookies of this browser hold. `called`: the name by
        which the coach invited this person, if it was by name.
        """
        super().__init__(data)
        self.browser = browser
        coach = isolated(invitation.coach.name)
        name, agree = self.fields["name"], self.fields["agree"]
        name.label = f"What should {coach} call you?"
        name.initial = called
        name.help_text = (
            f"{coach} sees that you used the link for {isolated(called)}. "
            "You can write another name."
            if called
            else "A first name is enough. It doesn’t have to be yours."
        )
        name.error_messages["required"] = f"Enter a name that {coach} will know you by."
        # The legal basis of the grant. The page lists the terms around it.
        agree.label = (
            f"I agree that {coach} may see my result and use it as this page describes."
        )
        agree.error_messages["required"] = (
            f"Check the box if you agree that {coach} can see your result. If you "
            "don’t, answer privately."
        )
        if not guest.has_joined:
            self.fields["wish"] = wish_field(roles)
            self.fields["wish"].help_text += f" {coach} sees it only with your answers."
        self.choices = _choices(guest)
        # The box stands by the buttons that it is for.
        self.order_fields(["name", "wish", "agree"])
        if not self.choices:
            self.fields["nonce"].initial = new_nonce()
            return
        del self.fields["shared_computer"], self.fields["nonce"]
        refusal = "Choose what you want to share."
        self.fields["what"] = forms.ChoiceField(
            label="What do you want to share?",
            choices=self.choices,
            initial=self.choices[0][0],
            widget=forms.RadioSelect,
            error_messages={"required": refusal, "invalid_choice": refusal},
        )
        self.order_fields(["what"])

    def clean_nonce(self) -> str:
        return read_key(self.cleaned_data["nonce"]) or new_nonce()

    @property
    def new_key(self) -> str:
        """The key of a new guest; "" for a guest who has one."""
        nonce = self.cleaned_data.get("nonce")
        secret = f"{settings.SECRET_KEY} {self.browser}"
        return key_made_from(nonce, secret) if nonce else ""


def _choices(guest: Guest) -> list[tuple[str, str]]:
    """What the guest may share, as value and words. Empty for a new guest."""
    choices = []
    if guest.owner and not guest.has_joined:
        answers = "A new set of answers"
        if guest.attempt:
            answers = (
                f"The answers I’ve started here ({len(guest.attempt.answers)} so far), "
                "once I finish them"
            )
        choices.append(("answers", answers))
    for shareable in guest.results:
        result = shareable.result
        words = (
            "held for your conversation"
            if shareable.held
            else OUTCOME_WORDS[Outcome(result.outcome)].clause
        )
        choices.append(
            (
                str(result.number),
                f"My result {result.number}, {day_words(result.finished_at)}, "
                f"{result.get_form_display().lower()}: {words}",
            )
        )
    return choices


class NewerForm(forms.Form):
    """Consent that one coach may also see one newer result."""

    result = WholeNumberField(min_value=1, widget=forms.HiddenInput)
    agree = forms.BooleanField()

    def __init__(
        self,
        participation: Participation,
        *,
        result: int | None = None,
        data: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(
            data, prefix=f"newer-{participation.pk}", initial={"result": result}
        )
        coach = isolated(participation.invitation.coach.name)
        self.participation = participation
        self.fields["agree"].label = f"Let {coach} see this newer result, too"
        self.fields["agree"].error_messages["required"] = (
            f"Check the box if {coach} may see your newer result."
        )
