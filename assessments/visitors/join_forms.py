"""What somebody invited may send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django import forms
from django.utils.dateformat import format as in_words

from assessments.keys import new_key, read_code, read_key
from assessments.models import Invitation, Participation
from assessments.results.scopes import COACH_MAY


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Your code",
        help_text="10 letters and numbers, such as 7K3M9-Q2RTX. Capitals, spaces and dashes do not matter.",
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
            "required": "Type the code first.",
            "max_length": "A code has 10 letters and numbers.",
        },
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if code is None:
            raise forms.ValidationError(
                "A code has 10 letters and numbers. Compare yours once more; none may be missing."
            )
        return code


class JoinForm(forms.Form):
    """Consent to one invitation. `choices`: what there is to share, as value and words; none for somebody new, whose page
    carries the key that she will own, so that pressing twice makes one person."""

    name = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"max_length": "Use no more than 60 characters for the name."},
    )
    agree = forms.BooleanField()
    shared_computer = forms.BooleanField(
        label="This is a shared computer: forget me when the browser closes",
        required=False,
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        invitation: Invitation,
        *,
        choices: Sequence[tuple[str, str]],
        held_until: datetime | None,
        data: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data)
        coach = invitation.coach.name
        self.fields["name"].label = f"What should {coach} call you?"
        self.fields[
            "name"
        ].help_text = "A first name is enough, and it need not be your own."
        self.fields["name"].error_messages["required"] = (
            f"Type a name by which {coach} will know you."
        )
        self.fields["agree"].label = agreement(invitation, held_until)
        self.fields["agree"].error_messages["required"] = (
            f"Tick the box if you agree that {coach} sees your result. If you do not, take it privately."
        )
        if not choices:
            self.fields["key"].initial = new_key()
            return
        del self.fields["shared_computer"], self.fields["key"]
        wrong = "Choose what you would like to share."
        self.fields["what"] = forms.ChoiceField(
            label="What would you like to share?",
            choices=choices,
            initial=choices[0][0],
            widget=forms.RadioSelect,
            error_messages={"required": wrong, "invalid_choice": wrong},
        )
        self.order_fields(["what"])

    def clean_key(self) -> str:
        return read_key(self.cleaned_data["key"]) or new_key()


def agreement(invitation: Invitation, held_until: datetime | None) -> str:
    """All that is agreed to, in the first person; the page lists above what the scope shows. `held_until`: None where nothing will be held."""
    coach = invitation.coach.name
    words = [
        f"I agree: {coach} may see, of the result that I share here, what is listed above, with the name I gave and whether I have finished.",
        f"{coach} may {COACH_MAY}.",
        f"{coach} may pass links to it on."
        if invitation.onward
        else f"{coach} may not make links to it.",
    ]
    if held_until:
        words.append(
            f"What I answer from now on opens for me on {in_words(held_until, 'j F Y')}, or earlier if I choose to."
        )
    return " ".join(
        [
            *words,
            f"I can take this back at any time; what is printed or saved by then stays with {coach}.",
        ]
    )


class NewerForm(forms.Form):
    """A new consent: one coach, one newer result."""

    result = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
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
        coach = participation.invitation.coach.name
        self.participation = participation
        self.fields["agree"].label = f"Let {coach} see this newer result, too"
        self.fields["agree"].error_messages["required"] = (
            f"Tick the box if {coach} may see your newer result."
        )
