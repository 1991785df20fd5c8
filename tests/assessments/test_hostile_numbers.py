"""Every number that a form, an address or a file can hold is answered, and at once."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from assessments.actions.versions import EXACT_CONSTANTS, FORM_CONSTANTS
from assessments.defaults import default_questionnaire
from assessments.drafts.rating_form import RatingForm
from assessments.engine import RequestError, parse_request, score
from assessments.models import (
    Attempt,
    Coach,
    Invitation,
    PanelRating,
    Question,
    Questionnaire,
    Section,
    ShareLink,
    Version,
)
from assessments.visitors.join_forms import NewerForm
from content.models import Page, Strength
from rolefit.uploads import MAX_BODY
from tests.support.coaching import invite, joined, signed_in_as
from tests.support.hostile import HOSTILE
from tests.support.panel import rated
from tests.support.staff import address, confirmed, filled
from tests.support.taker import Taker

pytestmark = [pytest.mark.database, pytest.mark.django_db]

MAX_CPU_SECONDS = 1
CONSTANTS = [
    *EXACT_CONSTANTS,
    *(f"{form}_{name}" for form in ("full", "short") for name in FORM_CONSTANTS),
]
# The others fail alike, and the largest pages of the admin take a while to draw.
READ_AS_INT = [text for text in HOSTILE if re.fullmatch(r"[-+]?[\d_]{1,4300}", text)]
DATES = ["9999-12-31", "0001-01-01", "99999-12-31", "2027-02-30", "\u0662027-03-31"]
WRITTEN = (
    Questionnaire,
    Section,
    Question,
    Invitation,
    ShareLink,
    PanelRating,
    Page,
    Strength,
)


@contextmanager
def quickly(text: str) -> Iterator[None]:
    start = time.process_time()
    yield
    spent = time.process_time() - start
    assert spent < MAX_CPU_SECONDS, (ascii(text[:20]), spent)


def rows() -> list[Any]:
    """Everything that a number may stand in, but for the time of the change."""
    return [
        {name: value for name, value in row.items() if name != "changed_at"}
        for model in WRITTEN
        for row in model._default_manager.order_by("pk").values()
    ]


def post(client: Client, path: str, data: dict[str, Any]) -> HttpResponse:
    """As a browser with any bytes in its fields, which the test client cannot send."""
    return client.post(
        path,
        urlencode(data, errors="surrogatepass"),
        content_type="application/x-www-form-urlencoded",
    )


def in_address(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def statuses(
    send: Callable[[str], HttpResponse], texts: list[str] = HOSTILE
) -> dict[str, int]:
    """The status of each answer, which took little time. No row changes."""
    before, found = rows(), {}
    for text in texts:
        with transaction.atomic(), quickly(text):
            response = send(text)
            found[text] = response.status_code
            assert response.status_code < 500, ascii(text[:20])
    assert rows() == before
    return found


def with_errors(send: Callable[[str], HttpResponse], *fields: str) -> None:
    """Every text is an error at every field of the form that the page shows again.

    A post of megabytes is refused whole.
    """

    def sent(text: str) -> HttpResponse:
        response = send(text)
        if response.status_code != 400:
            assert form_errors(response) >= set(fields), ascii(text[:20])
        return response

    statuses(sent)


def form_errors(response: HttpResponse) -> set[str]:
    """The fields with errors, inlines of the admin included."""
    context = response.context
    if "adminform" not in context:
        return set(context["form"].errors)
    found = set(context["adminform"].form.errors)
    for inline in context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {form.add_prefix(name) for name in form.errors}
    return found


def admin_form(client: Client, path: str) -> dict[str, Any]:
    """What a browser would send back from a form of the admin, without its inlines."""
    context = client.get(path).context
    data = {
        name: value
        for name, value in context["adminform"].form.initial.items()
        if value not in (None, False)
    }
    for inline in context["inline_admin_formsets"]:
        data |= dict.fromkeys(
            (f"{inline.formset.prefix}-{name}_FORMS" for name in ("TOTAL", "INITIAL")),
            0,
        )
    return data


@pytest.fixture
def carla(coach: Coach) -> Client:
    return signed_in_as(coach.user)


# Files.


def definition_with(version: Version, value: str) -> bytes:
    """The live definition with this JSON wherever it has a number."""
    data = json.loads(version.definition)
    constants = data["constants"]
    for name in EXACT_CONSTANTS:
        constants[name] = "@"
    for form in constants["forms"].values():
        form.update(dict.fromkeys(form, "@"))
    text = json.dumps(data).replace('"@"', value)
    return text.encode("utf-8", "surrogatepass")


def bodies(version: Version, text: str) -> list[bytes]:
    return [
        definition_with(version, json.dumps(text)),
        definition_with(version, text),
        text.encode("utf-8", "surrogatepass"),
        b'{"sections":' * 1000 + text.encode("utf-8", "surrogatepass"),
    ]


def test_definition_files_are_refused(
    staff_client: Client, questionnaire: Version, tmp_path: Path
) -> None:
    path = tmp_path / "file.json"

    def send(text: str) -> HttpResponse:
        for body in bodies(questionnaire, text):
            response = staff_client.post(
                address("questionnaire_upload"),
                {"file": SimpleUploadedFile("file.json", body)},
            )
            assert response.status_code == (422 if len(body) < MAX_BODY else 400)
        return response

    statuses(send)
    for text in HOSTILE:
        path.write_bytes(definition_with(questionnaire, text))
        with quickly(text), pytest.raises(CommandError):
            call_command("import_questionnaire", str(path), stdout=StringIO())


def scored(line: bytes) -> None:
    request = parse_request(line)
    score(
        default_questionnaire(),
        request.answers,
        form=request.form,
        seconds=request.seconds,
    )


@pytest.mark.parametrize("field", ["seconds", "form", "answers", "T1"])
def test_requests_to_score_are_refused(field: str) -> None:
    plain = {"form": "full", "answers": {"T1": 1}, "seconds": 1}
    changed = {"answers": {"T1": "@"}} if field == "T1" else {field: "@"}
    template = json.dumps(plain | changed)
    for text in HOSTILE:
        for value in (json.dumps(text), text):
            line = template.replace('"@"', value).encode("utf-8", "surrogatepass")
            if (field, value) == ("seconds", "-0"):
                continue  # the 0 of JSON
            with quickly(text), pytest.raises(RequestError):
                scored(line)


# The admin.


def test_constants_of_a_draft(staff_client: Client, draft: Questionnaire) -> None:
    path = address("questionnaire_change", draft.pk)
    form = admin_form(staff_client, path)
    with_errors(
        lambda text: post(staff_client, path, form | dict.fromkeys(CONSTANTS, text)),
        *CONSTANTS,
    )


def test_places_of_sections_and_questions(
    staff_client: Client, draft: Questionnaire
) -> None:
    section = draft.sections.get(position=1)
    path, form = address("section_change", section.pk), filled(staff_client, section)
    fields = (
        "position",
        *(f"questions-0-{name}" for name in ("position", "side")),
    )
    with_errors(
        lambda text: post(staff_client, path, form | dict.fromkeys(fields, text)),
        *fields,
    )


def test_new_section_of_a_draft_that_is_no_number(
    staff_client: Client, draft: Questionnaire
) -> None:
    fields = ("questionnaire", "kind", "position")
    with_errors(
        lambda text: post(
            staff_client, address("section_add"), dict.fromkeys(fields, text)
        ),
        "kind",
        "position",
    )


@pytest.mark.parametrize("name", ["TOTAL", "INITIAL"])
def test_count_of_the_rows_that_a_page_sends(
    staff_client: Client, draft: Questionnaire, name: str
) -> None:
    section = draft.sections.get(position=1)
    path, form = address("section_change", section.pk), filled(staff_client, section)
    count = f"questions-{name}_FORMS"
    statuses(
        lambda text: post(staff_client, path, form | {count: text, "stem": ""}),
        READ_AS_INT,
    )


def test_places_and_blocks_of_a_page(
    staff_client: Client, questionnaire: Version
) -> None:
    page = Page.objects.earliest("pk")
    path = f"/admin/content/page/{page.pk}/change/"
    form = admin_form(staff_client, path)
    count = next(name for name in form if name.endswith("TOTAL_FORMS"))
    fields = (count, "position")
    statuses(
        lambda text: post(
            staff_client, path, form | dict.fromkeys(fields, text) | {"title": ""}
        ),
        READ_AS_INT,
    )


@pytest.mark.parametrize(
    "path",
    [
        "assessments/questionnaire/?p={0}",
        "assessments/version/?id__exact={0}",
        "content/strength/?role__id__exact={0}",
        "content/strength/?retired__exact={0}",
        "auth/user/?groups__id__exact={0}",
        "assessments/questionnaire/{0}/change/",
        "assessments/questionnaire/{0}/rehearse/",
        "content/page/{0}/change/",
        "content/page/{0}/states/{0}/",
        "content/page/publish/?page={0}",
        "auth/user/{0}/password/",
        "assessments/rollup/{0}/full/",
        "assessments/rollup/1/full/?since={0}&until={0}",
        "r/{0}/{0}/",
    ],
)
def test_addresses_of_the_admin(
    staff_client: Client, questionnaire: Version, path: str
) -> None:
    def send(text: str) -> HttpResponse:
        return staff_client.get("/admin/" + path.format(in_address(text)))

    assert set(statuses(send).values()) <= {200, 302, 400, 404, 405}


@pytest.mark.parametrize(
    "path", ["assessments/questionnaire/", "content/page/", "auth/group/"]
)
def test_rows_chosen_for_an_action(
    staff_client: Client, draft: Questionnaire, path: str
) -> None:
    def send(text: str) -> HttpResponse:
        chosen = {"action": "delete_selected", "index": 0, "_selected_action": text}
        return post(staff_client, f"/admin/{path}", chosen)

    assert set(statuses(send).values()) <= {404, 400}


@pytest.mark.parametrize("send", ["get", "post"])
def test_field_without_a_name_to_find_a_row_by(
    staff_client: Client, draft: Questionnaire, send: str
) -> None:
    address = f"/admin/assessments/questionnaire/{draft.pk}/delete/"
    assert getattr(staff_client, send)(address, {"_to_field": ""}).status_code == 400


def test_groups_and_permissions_of_an_account(
    staff_client: Client, questionnaire: Version
) -> None:
    confirmed(staff_client)
    with_errors(
        lambda text: post(
            staff_client, "/admin/auth/user/add/", {"groups": text, "email": text}
        ),
        "groups",
    )


# Visitors.


def test_answers_and_seconds_of_a_section(visitor: Taker) -> None:
    visitor.start()
    page = visitor.page(1)

    def send(**fields: str) -> HttpResponse:
        return post(visitor.client, "/quiz/1/", page | fields)

    for name in ("T1", "was-T1", "shown", "T99"):
        found = statuses(lambda text, name=name: send(**{name: text}))
        assert set(found.values()) == {400}
    statuses(lambda text: send(**{"time-T1": text, "T1": "2"}))
    assert not Attempt.objects.get().timings.get("T1")


def test_numbers_in_addresses_of_a_visitor(visitor: Taker) -> None:
    visitor.take("clear_project")
    for path in (
        "/quiz/{}/",
        "/quiz/result/{}/",
        "/quiz/result/{}/preview/answers/",
        "/quiz/call/?result={}",
    ):
        found = statuses(
            lambda text, path=path: visitor.client.get(path.format(in_address(text)))
        )
        assert set(found.values()) <= {302, 404}, path
    # An address that people cut short shows the newest result.
    found = statuses(
        lambda text: visitor.client.get(
            f"/quiz/result/share/?result={in_address(text)}"
        )
    )
    assert set(found.values()) == {200}


def test_end_of_a_share_link(visitor: Taker) -> None:
    visitor.take("clear_project")
    with_errors(
        lambda text: post(
            visitor.client, "/quiz/result/share/", {"scope": text, "days": text}
        ),
        "scope",
        "days",
    )


def test_newer_result_for_a_coach(coach: Coach) -> None:
    participation = joined(invite(coach))
    for text in HOSTILE:
        name = f"newer-{participation.pk}-result"
        with quickly(text):
            form = NewerForm(participation, data={name: text})
            assert "result" in form.errors


def test_ratings(client: Client, draft: Questionnaire) -> None:
    panel = rated(draft, people=1)
    path = f"/rate/{panel.token}/"
    for text in HOSTILE:
        with quickly(text):
            form = RatingForm(panel.statements, {"s1": text, "s2": text})
            assert {"s1", "s2"} <= form.errors.keys()
    found = statuses(lambda text: post(client, path, {"sheet": text}))
    assert set(found.values()) <= {400, 422}


# Coaches.


@pytest.mark.parametrize("texts", [HOSTILE, DATES])
def test_places_and_days_of_an_invitation(
    carla: Client, coach: Coach, texts: list[str]
) -> None:
    group = invite(coach)
    plain = {"label": "Spring", "form": "full", "scope": "summary"}
    for path in ("/coach/new/", f"/coach/{group.pk}/edit/"):
        for fields in (("places",), ("last_day",), ("held_until",)):
            if fields == ("held_until",) and path.endswith("edit/"):
                continue  # the form of changes has no such field
            found = statuses(
                lambda text, path=path, fields=fields: post(
                    carla, path, plain | dict.fromkeys(fields, text)
                ),
                texts,
            )
            assert set(found.values()) <= {400, 422}


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/coach/{0}/", {404}),
        ("/coach/client/{0}/", {404}),
        ("/coach/compare/?one={0}&two={0}", {404}),
        ("/coach/{group}/print/?part={0}", {404}),
        # The table ignores what it does not know.
        ("/coach/{group}/?page={0}&sort={0}", {200}),
    ],
)
def test_numbers_in_addresses_of_a_workspace(
    carla: Client, coach: Coach, path: str, answers: set[int]
) -> None:
    group = invite(coach)
    found = statuses(
        lambda text: carla.get(path.format(in_address(text), group=group.pk))
    )
    assert set(found.values()) == answers
