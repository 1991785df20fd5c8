"""The addresses of the questionnaire."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.generic import TemplateView

from assessments.coaches import (
    clients,
    closing,
    exporting,
    groups,
    inviting,
    people,
    pictures,
    printing,
    settings,
    taking_in,
    wall,
)
from assessments.drafts import rating
from assessments.visitors import (
    access,
    call,
    changing,
    data,
    follow_up,
    holding,
    joining,
    requests,
    results,
    sharing,
    steps,
    stopping,
    taking,
)
from assessments.visitors.owner_cookie import key_cookie
from content.published import for_everybody

quiz_urls = [
    path("", taking.start, name="quiz"),
    path("leave/", taking.leave, name="leave"),
    path("<int:number>/", taking.section, name="section"),
    path("review/", taking.review_answers, name="review"),
    path("resume/", taking.resume, name="resume"),
    path("result/", results.result, name="result"),
    path("result/<int:number>/", results.result, name="result_number"),
    path("result/<int:number>/keep/", results.keep, name="keep"),
    path("result/<int:number>/correct/", results.correct, name="correct"),
    path(
        "result/<int:number>/change/<slug:question>/",
        changing.change_finished,
        name="change",
    ),
    path("result/<int:number>/more/", results.continue_to_full, name="more"),
    path("result/<int:number>/follow-up/", follow_up.follow_up, name="follow_up"),
    path("result/<int:number>/reminder.ics", follow_up.reminder, name="reminder"),
    path("result/<int:number>/open/", holding.open_early, name="open_early"),
    path("result/asked/<int:pk>/", requests.asked, name="asked"),
    path("result/sees/", access.access, name="sees"),
    path("result/sees/removed/", access.read_removals, name="read_removals"),
    path("result/sees/<int:pk>/withdraw/", access.withdraw, name="withdraw"),
    path("result/sees/<int:pk>/newer/", access.show_newer, name="show_newer"),
    path("result/step/<int:pk>/tick/", steps.tick, name="tick"),
    path("result/share/", sharing.links, name="share"),
    path("result/share/<int:pk>/revoke/", sharing.revoke, name="revoke"),
    path(
        "result/<int:number>/preview/<slug:scope>/",
        sharing.preview,
        name="share_preview",
    ),
    path("call/", call.bring, name="bring"),
    path("data/", data.data, name="data"),
    path("data/rolefit.json", data.download, name="download"),
]

coach_urls = [
    path("", people.people, name="coach_people"),
    path("status/", people.people_status, name="coach_people_status"),
    path("person/<int:pk>/", people.person, name="coach_person"),
    path("person/<int:pk>/words/", people.private_words, name="coach_private_words"),
    path("person/<int:pk>/archive/", people.archive, name="coach_archive"),
    path("person/<int:pk>/join/", people.join_entries, name="coach_join_entries"),
    path("groups/", groups.groups, name="coach_groups"),
    path("groups/status/", groups.groups_status, name="coach_groups_status"),
    path("ask/", groups.ask, name="coach_ask"),
    path("new/", groups.new, name="coach_new"),
    path("<int:pk>/", groups.group, name="coach_group"),
    path("<int:pk>/status/", groups.status, name="coach_status"),
    path("<int:pk>/edit/", groups.edit, name="coach_edit"),
    path("<int:pk>/close/", groups.close, name="coach_close"),
    path("<int:pk>/reopen/", groups.reopen, name="coach_reopen"),
    path("<int:pk>/release/", groups.release, name="coach_release"),
    path("<int:pk>/wall/", wall.wall, name="coach_wall"),
    path("<int:pk>/wall/status/", wall.wall_status, name="coach_wall_status"),
    path("<int:pk>/wall/picture/", wall.wall_picture, name="coach_wall_picture"),
    path(
        "<int:pk>/wall/picture/status/",
        wall.wall_picture_status,
        name="coach_wall_picture_status",
    ),
    path("<int:pk>/picture/", pictures.show_picture, name="coach_picture"),
    path(
        "<int:pk>/picture/status/",
        pictures.picture_status,
        name="coach_picture_status",
    ),
    path("<int:pk>/print/", printing.print_group, name="coach_print"),
    path("<int:pk>/export.<str:kind>", exporting.export, name="coach_export"),
    path("<int:pk>/names/", inviting.names, name="coach_names"),
    path("<int:pk>/mail/", inviting.group_mail, name="coach_mail"),
    path("<int:pk>/invited/", inviting.invited, name="coach_invited"),
    path("<int:pk>/remind/", inviting.remind, name="coach_remind"),
    path("<int:pk>/links.csv", inviting.links_file, name="coach_links"),
    path(
        "invited/<int:pk>/remove/",
        inviting.remove_invited,
        name="coach_remove_invited",
    ),
    path("settings/", settings.change_settings, name="coach_settings"),
    path("compare/", pictures.compare, name="coach_compare"),
    path("take/", taking_in.take, name="coach_take"),
    path("close-account/", closing.close_account, name="coach_close_account"),
    path("client/<int:pk>/", clients.client, name="coach_client"),
    path("client/<int:pk>/print/", printing.print_client, name="coach_client_print"),
    path(
        "client/<int:pk>/release/",
        clients.release_client,
        name="coach_release_client",
    ),
    path("client/<int:pk>/remove/", clients.remove_client, name="coach_remove_client"),
    path("client/<int:pk>/notes/", clients.notes, name="coach_notes"),
    path("client/<int:pk>/steps/", clients.add_step, name="coach_add_step"),
    path("client/<int:pk>/steps/share/", clients.share_steps, name="coach_share_steps"),
    path("client/step/<int:pk>/tick/", clients.toggle_step, name="coach_tick"),
    path("client/step/<int:pk>/remove/", clients.remove_step, name="coach_remove_step"),
    path("client/<int:pk>/links/", clients.make_link, name="coach_make_link"),
    path("client/link/<int:pk>/end/", clients.end_link, name="coach_end_link"),
]

urlpatterns = [
    path("quiz/", include(quiz_urls)),
    path("join/", joining.enter, name="join"),
    path("join/<str:code>/", joining.join, name="join_code"),
    path("join/<str:code>/stop/", stopping.stop, name="stop_mail"),
    path("coach/", include(coach_urls)),
    path("r/<str:token>/", sharing.shared_result, name="shared"),
    path("r/<str:token>.json", sharing.shared_result_json, name="shared_json"),
    # What people paste has more or less around the token.
    re_path(
        r"^(?:[\s\S]*/)?[rR]/+(?P<pasted>[\s\S]+)$",
        sharing.pasted_link,
        name="pasted",
    ),
    path("call/", call.call, name="call"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("method/", results.method, name="method"),
    path(
        "privacy/",
        for_everybody(
            TemplateView.as_view(
                template_name="assessments/privacy.html",
                extra_context={"key_cookie": key_cookie},
            )
        ),
        name="privacy",
    ),
    path(
        "accessibility/",
        for_everybody(
            TemplateView.as_view(template_name="assessments/accessibility.html")
        ),
        name="accessibility",
    ),
]
