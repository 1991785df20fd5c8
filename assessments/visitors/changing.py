"""Change one answer of a finished result: a page with that question alone."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.actions import attempts
from assessments.answering import QuestionField, read_answer, write_answer
from assessments.engine.walk import Walk
from assessments.models import Result
from assessments.queries import grants as grant_queries
from assessments.queries import owners, versions
from assessments.visitors.owner_cookie import for_owner
from assessments.visitors.taking import TOO_MANY_RESULTS
from assessments.web import owner_too_often

MAX_CHANGES = 60  # per hour and owner


class AnswerForm(forms.Form):
    """One question, with the answer that the result has."""

    def __init__(
        self, result: Result, question: str, *, data: dict[str, str] | None
    ) -> None:
        super().__init__(
            data, initial={question: write_answer(result.answer_map[question])}
        )
        walk = Walk(versions.questionnaire_of(result.version), result.form)
        self.section, number = walk.alone(question)
        self.use_required_attribute = False
        field = QuestionField(self.section.questions[0], self.section, number)
        field.error_messages["invalid_choice"] = field.error_messages["required"]
        self.fields[question] = field
        self.question = question

    @property
    def answer(self) -> int | None:
        return read_answer(self.cleaned_data[self.question], self.section.questions[0])


@require_http_methods(["GET", "HEAD", "POST"])
@for_owner
def change_finished(
    request: HttpRequest, key: str, number: int, question: str
) -> HttpResponse:
    """Save the change as a new result and show that. The result itself stays."""
    result = owners.own_result(key, number)
    if result is None or question not in result.answer_map:
        raise Http404("no such answer of this owner")
    # What came too fast stays so, whatever is changed: its page says how to go on.
    if grant_queries.hold_on_result(result) or not result.is_attentive:
        return redirect("result_number", number)
    if request.method == "POST" and (
        refusal := owner_too_often(
            request, "change", owner=result.owner_id, most=MAX_CHANGES
        )
    ):
        return refusal
    form = AnswerForm(
        result,
        question,
        data=request.POST.dict() if request.method == "POST" else None,
    )
    if form.is_valid():
        try:
            new = attempts.change_answer(result, question, form.answer)
        except attempts.TooFew:
            form.add_error(
                question,
                "With one more “Not sure” there are too few answers for a result. "
                "Choose an answer, or keep the one you had.",
            )
        except attempts.TooManyResults:
            form.add_error(None, TOO_MANY_RESULTS)
        else:
            return redirect("result_number", new.number)
    context = {
        "form": form,
        "section": form.section,
        "result": result,
        "version_language": versions.questionnaire_of(result.version).language,
    }
    return render(
        request, "assessments/change.html", context, status=422 if form.errors else 200
    )
