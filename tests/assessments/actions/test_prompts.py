"""What the conversation guide suggests to ask.

Loaded once, and staff's from then on.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command

from assessments.defaults.prompts import PROMPTS
from assessments.models import ConversationPrompt, Version
from assessments.queries import clients
from tests.support.articles import publish_drafted_words
from tests.support.dom import parse
from tests.support.snapshots import forget_snapshots
from tests.support.staff import address, signed_in

pytestmark = pytest.mark.django_db


def test_new_site_has_a_prompt_for_each_kind() -> None:
    call_command("load_prompts", verbosity=0)
    assert clients.conversation_prompts() == PROMPTS
    assert PROMPTS.keys() == set(ConversationPrompt.Kind.values)


def test_loading_again_keeps_the_words_of_staff(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("load_prompts")
    ConversationPrompt.objects.filter(kind="split").update(text="Ours.")
    ConversationPrompt.objects.filter(kind="tipping").delete()
    call_command("load_prompts")
    assert capsys.readouterr().out == "Loaded 5 prompts for the conversation guide.\n"
    assert clients.conversation_prompts() == {
        **{kind: text for kind, text in PROMPTS.items() if kind != "tipping"},
        "split": "Ours.",
    }


def test_prompt_in_other_words_reaches_coaches_once_it_is_published() -> None:
    call_command("load_prompts", verbosity=0)
    publish_drafted_words()
    ConversationPrompt.objects.filter(kind="split").update(text="Ours.")
    forget_snapshots()
    assert clients.conversation_prompts() == PROMPTS
    publish_drafted_words()
    assert clients.conversation_prompts() == PROMPTS | {"split": "Ours."}


def test_editor_puts_a_prompt_in_other_words_and_makes_or_deletes_none(
    questionnaire: Version,
) -> None:
    call_command("load_prompts", verbosity=0)
    editor = signed_in(
        "edith",
        "view_conversationprompt",
        "change_conversationprompt",
        "add_conversationprompt",
        "delete_conversationprompt",
    )
    prompt = ConversationPrompt.objects.get(kind="skipped")
    page = address("conversationprompt_change", prompt.pk)
    shown = parse(editor.get(page))
    assert shown.texts(".field-kind .readonly") == [prompt.get_kind_display()]
    assert shown.values("textarea[name=text]") == [prompt.text]
    assert (
        editor.post(
            page, {"kind": "split", "text": "What made these hard?"}
        ).status_code
        == 302
    )
    prompt.refresh_from_db()
    assert (prompt.kind, prompt.text) == ("skipped", "What made these hard?")
    assert editor.get(address("conversationprompt_add")).status_code == 403
    assert (
        editor.post(
            address("conversationprompt_delete", prompt.pk), {"post": "yes"}
        ).status_code
        == 403
    )


def test_staff_of_other_rooms_change_no_prompt(questionnaire: Version) -> None:
    call_command("load_prompts", verbosity=0)
    prompt = ConversationPrompt.objects.get(kind="skipped")
    publisher = signed_in("paula", "view_conversationprompt")
    assert (
        publisher.post(
            address("conversationprompt_change", prompt.pk), {"text": "Mine."}
        ).status_code
        == 403
    )
    assert (
        signed_in("nora").get(address("conversationprompt_changelist")).status_code
        == 403
    )
