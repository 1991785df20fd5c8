"""The wording of pages, held in one place (tests/support/golden.py says how to renew).

Other tests speak of facts, roles and ids, so a change of wording changes files here
and nothing else.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions import (
    clients,
    drafts,
    invitations,
    result_requests,
    share_links,
    sums,
)
from assessments.drafts import rehearsal
from assessments.models import (
    Coach,
    Participation,
    Questionnaire,
    Result,
    ShareLink,
    Version,
)
from content.actions import withdraw_page
from content.models import Page, SiteWords
from tests.support.articles import (
    make_page,
    make_prose,
    publish_drafted_words,
    publish_page,
)
from tests.support.coaching import (
    invite,
    join,
    joined,
    make_coach,
    make_manager,
    signed_in_as,
)
from tests.support.dom import parse
from tests.support.golden import differences, templates_shown
from tests.support.guest import Guest
from tests.support.panel import rated
from tests.support.snapshots import forget_snapshots
from tests.support.taker import EXAMPLES, Taker
from tools.fill_results import fill

pytestmark = pytest.mark.django_db
TEMPLATES = Path(settings.BASE_DIR) / "templates"
PARTS = {
    "elements",
    "layouts",
    "pictures",
    "rolefit",
    "snippets",
}  # folders of what pages are made of
# Templates of whole pages that no golden page shows, and why.
A_STEP = "a step of signing in, see test_account_words.py"
# Without the box that agrees.
AGREE = {"action": "agree"}
ELSEWHERE = {
    "assessments/coach/settings.html": "lists the time zones, see test_settings.py",
    "admin/content/auditentry/pagination.html": "a part of a list",
    "admin/filter.html": "a part of a list",
    "admin/content/former_words.html": "see test_history.py",
    "admin/content/page/review.html": "see test_review_requests.py",
    "admin/assessments/questionnaire/review.html": "see test_draft_reviews_admin.py",
    "content/preview.html": "a page of the article below a note, see test_bar.py",
    "admin/content/words/change_form.html": "see test_words.py",
    "admin/content/words/difference.html": "see test_words.py",
    "admin/content/words/publish.html": "see test_words.py",
    "admin/content/words/states.html": "see test_words.py",
    "content/landing_preview.html": "see test_words.py",
    "content/page_preview.html": "see test_words.py",
    "admin/deleted_meanwhile.html": "comes where somebody else has deleted the row",
    "assessments/coach/gone.html": "comes where a client has withdrawn meanwhile",
    "kept_form.html": "see test_kept_form.py",
    "seen/both.html": "comes where two have saved",
    "seen/gone.html": "comes where somebody else has deleted a block",
    "403.html": "see test_refusal_pages.py",
    "405.html": "see test_refusal_pages.py",
    "429.html": "comes after many requests",
    "500.html": "holds no words but the name of the site",
    "503.html": "comes while the database is away, see test_failures.py",
    "account/account_inactive.html": A_STEP,
    "account/email_confirm.html": A_STEP,
    "account/password_set.html": A_STEP,
    "account/verification_sent.html": A_STEP,
    "account/base_reauthenticate.html": "a frame",
    "assessments/coach/account_closed.html": A_STEP,
    "assessments/coach/invited.html": "holds links that change, see test_inviting.py",
    "assessments/stop_mail.html": "see test_stopping.py",
    "admin/assessments/coach/new_password.html": "holds a link that changes",
    "admin/assessments/questionnaire/try_base.html": "a frame",
    "admin/assessments/questionnaire/try_result.html": "the words of a result",
    "admin/assessments/questionnaire/try_too_few.html": "the words of a section",
    "admin/auth/user/change_form.html": "Django's words and some of ours",
    "admin/auth/user/change_password.html": "see test_stock_words.py",
    "admin/auth/user/delete_confirmation.html": "Django's words and one of ours",
    "admin/auth/user/new_account.html": "Django's words and one of ours",
    "admin/base_site.html": "a frame",
    "admin/change_form.html": "a frame",
    "admin/delete_confirmation.html": "see test_stock_words.py",
    "assessments/coach/base.html": "a frame",
    "assessments/coach/wall_base.html": "a frame",
    "assessments/quiz_base.html": "a frame",
    "assessments/too_often.html": "comes after many requests",
    "base.html": "a frame",
    "mfa/authenticate.html": A_STEP,
    "mfa/reauthenticate.html": A_STEP,
    "mfa/recovery_codes/generate.html": A_STEP,
    "mfa/recovery_codes/index.html": A_STEP,
    "mfa/webauthn/add_form.html": A_STEP,
    "mfa/webauthn/authenticator_confirm_delete.html": A_STEP,
    "mfa/webauthn/edit_form.html": A_STEP,
    "mfa/webauthn/reauthenticate.html": A_STEP,
    "mfa/webauthn/base.html": "a frame",
    "mfa/totp/activate_form.html": "holds a secret that changes",
    "mfa/totp/deactivate_form.html": "asks for a sign-in first",
}


def check(pages: dict[str, HttpResponse]) -> None:
    assert [name for name, page in pages.items() if not page.templates] == []
    assert [name for name in pages if not is_headed(name, pages[name])] == []
    changed = differences(pages)
    assert changed == {}, "\n\n".join(changed.values())


def is_headed(name: str, response: HttpResponse) -> bool:
    """Whether one h1 comes first, after a summary of errors at most.

    Not in the admin, whose frame is Django's.
    """
    page = parse(response)
    headings = page.of("main")[0].headings() if page.has("main") else []
    said = page.all("[role=alert] h2")
    first = [heading for heading in headings if heading not in said][:1]
    return name.startswith("admin/") or first == page.all("h1")


def test_article_and_statements(questionnaire: Version, staff: User) -> None:
    client = Client()
    pages = {"landing": "/"}
    pages |= {page.slug: f"/{page.slug}/" for page in Page.objects.order_by("position")}
    others = ("method", "privacy", "accessibility", "call")
    pages |= {name: f"/{name}/" for name in others}
    pages["not-found"] = "/nowhere/at/all/"
    check({f"public/{name}": client.get(path) for name, path in pages.items()})
    page = make_page()
    make_prose(page)
    publish_page(page, by=staff)
    withdraw_page(page, by=staff)
    forget_snapshots()
    check({"public/offline": client.get("/new-page/")})


def test_questions_and_results(questionnaire: Version) -> None:
    strict = Client(enforce_csrf_checks=True)
    pages = {"start": Client().get("/quiz/"), "refused": strict.post("/quiz/", {})}
    visitor = Taker()
    visitor.start()
    for number in (1, 2, 4, 6):
        pages[f"section-{number}"] = visitor.client.get(f"/quiz/{number}/")
    pages["section-unanswered"] = visitor.answer(1, {"T1": "1"})
    fields = visitor.page(1) | {"was-T1": "forged"}
    pages["section-refused"] = visitor.answer(1, {"T1": "1"}, page=fields)
    pages["start-again"] = visitor.client.get("/quiz/")
    pages["review"] = visitor.client.get("/quiz/review/")
    pages["resume"] = Client().get("/quiz/resume/")
    pages["resume-unknown"] = Client().post("/quiz/resume/", {"key": "nonsense"})
    too_few = Taker()
    pages["review-too-few"] = too_few.take("too_few")
    for example in EXAMPLES:
        if example != "too_few":
            taker = Taker()
            taker.take(example)
            pages[f"result-{example}"] = taker.client.get("/quiz/result/")
    owner = Taker()
    owner.take("clear_project")
    pages["review-finished"] = owner.client.get("/quiz/review/")
    pages["change"] = owner.client.get("/quiz/result/1/change/T1/")
    pages["start-finished"] = owner.client.get("/quiz/")
    pages["follow-up-refused"] = owner.client.post("/quiz/result/1/follow-up/", AGREE)
    pages["data"] = owner.client.get("/quiz/data/")
    for scope in ("summary", "strengths", "answers"):
        owner.client.post(
            "/quiz/result/share/", {"label": "Ada", "scope": scope, "days": "30"}
        )
        link = ShareLink.objects.latest("pk")
        pages[f"shared-{scope}"] = Client().get(f"/r/{link.token}/")
    pages["share"] = owner.client.get("/quiz/result/share/")
    pages["shared-gone"] = Client().get(f"/r/{'0' * 26}/")
    SiteWords.objects.update(booking_address="https://calls.example.net/")
    publish_drafted_words()
    data = {"result": "1", "bring": "on"}
    pages["bring"] = owner.client.post("/quiz/call/", data, follow=True)
    pages["call-open"] = Client().get("/call/")
    pages["left"] = owner.client.post("/quiz/leave/")
    pages["deleted"] = visitor.client.post("/quiz/data/", {"sure": "on"}, follow=True)
    check({f"visitors/{name}": page for name, page in pages.items()})


@pytest.fixture
def carla(questionnaire: Version) -> Coach:
    return make_coach("Carla", by=make_manager())


def test_joining_and_access(carla: Coach) -> None:
    group = invite(carla, onward=True)
    held = invite(
        carla, label="Held", held_until=timezone.now() + timedelta(days=3, hours=1)
    )
    pages = {"enter": Client().get("/join/"), "terms": Guest(group).client.get("/")}
    guest = Guest(held)
    pages["terms"] = guest.client.get(guest.address)
    pages["terms-refused"] = guest.client.post(guest.address, {"action": "share"})
    guest.share()
    pages["joined"] = guest.client.get(guest.address)
    guest.answer_all("clear_project")
    pages["held"] = guest.client.get("/quiz/result/")
    pages["download-held"] = guest.client.get("/quiz/data/rolefit.json")
    pages["open-early"] = guest.client.get("/quiz/result/1/open/")
    pages["access"] = guest.client.get("/quiz/result/sees/")
    grant = Participation.objects.get()
    pages["withdraw"] = guest.client.get(f"/quiz/result/sees/{grant.pk}/withdraw/")
    open_guest = Guest(group)
    open_guest.share("Ben")
    open_guest.answer_all("both")
    clients.add_step(Participation.objects.get(name="Ben"), text="Ask two people")
    pages["result-seen-by"] = open_guest.client.get("/quiz/result/")
    link = share_links.make_share_link(
        Result.objects.latest("pk"), scope="summary", label="", days=7
    )
    otto = make_coach("Otto", by=make_manager("max"))
    asked = result_requests.ask_for_result(otto, link, label="Our talk")
    pages["asked-for"] = open_guest.client.get(f"/quiz/result/asked/{asked.pk}/")
    sharing = Guest(held)
    sharing.share("Cem")
    pages["shared-already"] = Guest(group, sharing.client).share(action="private")
    invitations.close(group)
    pages["closed"] = Client().get(f"/join/{group.code}/")
    pages["ask"] = Client().get("/coach/ask/")
    data = {"name": "Nora", "email": "nora@example.org", "works_with": "Nurses"}
    pages["asked"] = Client().post("/coach/ask/", data, follow=True)
    check({f"coaching/{name}": page for name, page in pages.items()})


def test_site_without_a_questionnaire(db: None) -> None:
    check({"visitors/no-questionnaire": Client().get("/quiz/")})


def test_workspace(carla: Coach) -> None:
    coach = signed_in_as(carla.user)
    pages = {
        "groups-none": coach.get("/coach/groups/"),
        "new": coach.get("/coach/new/"),
    }
    group = invite(carla, onward=True, label="Spring course")
    for name, example in (("Ann", "clear_project"), ("Bo", "both"), ("Cem", "close")):
        joined(group, name, example)
    join(group, "Dev")
    ann = Participation.objects.get(name="Ann")
    clients.add_step(ann, text="Read chapter three")
    clients.make_onward_link(ann, scope="summary", label="A colleague", days=7)
    bo = Participation.objects.get(name="Bo")
    dev = Participation.objects.get(name="Dev")
    for name, path in {
        "groups": "/coach/groups/",
        "group": f"/coach/{group.pk}/?sort=name",
        "people": "/coach/",
        "person": f"/coach/person/{ann.client_id}/",
        "join-entries": f"/coach/person/{ann.client_id}/join/",
        "names": f"/coach/{group.pk}/names/",
        "mail": f"/coach/{group.pk}/mail/",
        "take": "/coach/take/",
        "remove": f"/coach/client/{bo.pk}/remove/",
        "release": f"/coach/{group.pk}/release/",
        "not-there": "/coach/client/987654/",
        "edit": f"/coach/{group.pk}/edit/",
        "wall": f"/coach/{group.pk}/wall/",
        "wall-picture": f"/coach/{group.pk}/wall/picture/",
        "picture": f"/coach/{group.pk}/picture/",
        "print": f"/coach/{group.pk}/print/",
        "client": f"/coach/client/{ann.pk}/",
        "client-open": f"/coach/client/{dev.pk}/",
        "compare-choose": "/coach/compare/",
        "compare": f"/coach/compare/?one={ann.pk}&two={bo.pk}",
        "close-account": "/coach/close-account/",
    }.items():
        pages[name] = coach.get(path)
    pages["nothing-here"] = Client().get("/coach/1/")
    check({f"workspace/{name}": page for name, page in pages.items()})


def test_accounts(questionnaire: Version, staff: User, carla: Coach) -> None:
    pages = {
        name: Client().get(f"/accounts/{path}")
        for name, path in {
            "login": "login/",
            "signup-closed": "signup/",
            "password-reset": "password/reset/",
            "password-reset-done": "password/reset/done/",
            "password-link-bad": "password/reset/key/1-set-password/",
            "password-done": "password/reset/key/done/",
        }.items()
    }
    fresh = Client()
    fresh.force_login(staff)
    pages["second-factor-none"] = fresh.get("/accounts/2fa/")
    coach = signed_in_as(carla.user)
    for name, path in {
        "logout": "logout/",
        "second-factor": "2fa/",
        "sessions": "sessions/",
        "email": "email/",
        "password-change": "password/change/",
        "sign-in-again": "reauthenticate/",
        "security-keys": "2fa/webauthn/",
    }.items():
        pages[name] = coach.get(f"/accounts/{path}")
    check({f"accounts/{name}": page for name, page in pages.items()})


def test_admin_of_the_article(questionnaire: Version, staff_client: Client) -> None:
    page = Page.objects.get(slug="skills")
    Page.objects.filter(pk=page.pk).update(title="Changed")
    make_prose(page, ordering=999)
    get = staff_client.get
    publish = reverse("admin:content_page_publish") + f"?page={page.pk}"
    pages = {
        "index": get("/admin/"),
        "pages": get(reverse("admin:content_page_changelist")),
        "page": get(reverse("admin:content_page_change", args=[page.pk])),
        "states": get(reverse("admin:content_page_states", args=[page.pk])),
        "difference": get(
            reverse("admin:content_page_difference", args=[page.pk])
            + "?before=1&after=draft"
        ),
        "publish": get(publish),
        "withdraw": get(reverse("admin:content_page_withdraw", args=[page.pk])),
    }
    check({f"admin/article/{name}": page for name, page in pages.items()})


def test_admin_of_the_questionnaire(
    questionnaire: Version, staff_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "PEOPLE", 2 * rehearsal.SLICE)
    draft = drafts.duplicate(questionnaire)
    Questionnaire.objects.filter(pk=draft.pk).update(name="Autumn")
    panel = rated(draft, people=2)
    panel.statements.sort()  # a panel is asked in an order of chance
    panel.save()
    get, post = staff_client.get, staff_client.post

    def at(name: str, *args: object) -> str:
        return reverse(f"admin:assessments_{name}", args=args)

    section = draft.sections.get(position=1)
    trying = at("questionnaire_preview", draft.pk)
    pages = {
        "drafts": get(at("questionnaire_changelist")),
        "draft": get(at("questionnaire_change", draft.pk)),
        "section": get(at("section_change", section.pk)),
        "coverage": get(at("questionnaire_coverage", draft.pk)),
        "panels": get(at("questionnaire_panels", draft.pk)),
        "publish": get(at("questionnaire_publish", draft.pk)),
        "rehearsal": post(at("questionnaire_rehearse", draft.pk)),
        "upload": get(at("questionnaire_upload")),
        "versions": get(at("version_changelist")),
        "version": get(at("version_change", questionnaire.pk)),
        "compare": get(at("version_compare") + f"?after=draft-{draft.pk}"),
        "try": get(trying),
        "try-section": post(trying, {"form": "short"}),
        "rate": (rater := Client()).get(f"/rate/{panel.token}/"),
    }
    ratings = {f"s{number}": "4" for number in range(1, len(panel.statements) + 1)}
    pages["rated"] = rater.post(f"/rate/{panel.token}/", ratings)
    check({f"admin/questionnaire/{name}": page for name, page in pages.items()})


def test_admin_of_coaches(staff_client: Client, carla: Coach) -> None:
    get = staff_client.get
    pages = {
        "coaches": get(reverse("admin:assessments_coach_changelist")),
        "coach": get(reverse("admin:assessments_coach_change", args=[carla.pk])),
    }
    check({f"admin/other/{name}": page for name, page in pages.items()})


# The invented results lie on the days before. A Wednesday noon, so that none falls
# into another week; far enough ahead that the questionnaire was published before.
@time_machine.travel("2040-01-11T12:00:00Z", tick=False)
def test_admin_of_quality(questionnaire: Version, staff: User) -> None:
    now = timezone.now()
    # Only weeks that are over are shown.
    wednesday = now - timedelta(days=now.weekday() + 5)
    fill(questionnaire, count=120, seed=1, until=wednesday, days=1)
    sums.roll_up(now=now)
    get = signed_in_as(staff).get
    full = reverse("admin:assessments_rollup_page", args=[questionnaire.number, "full"])
    pages = {
        "quality": get(reverse("admin:assessments_rollup_changelist")),
        "quality-full": get(full),
    }
    check({f"admin/other/{name}": page for name, page in pages.items()})


def test_every_page_template_has_a_golden_page() -> None:
    pages = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if not path.name.startswith("_") and not PARTS & set(path.parts)
    }
    assert pages - templates_shown() == ELSEWHERE.keys()
