from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.text import slugify

from content import actions, editions, word_actions
from content.article import PAGES, ROLES, STRENGTHS
from content.models import BLOCKS, Page, Role, SiteWords, Strength


class Command(BaseCommand):
    help = (
        "Load and publish the article on a new site. On a site that has one, replace "
        "default words of an earlier release that nobody has changed."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if Page.objects.exists() or Role.objects.exists():
            for sentence in editions.renew() or ["The article is up to date."]:
                self.stdout.write(sentence)
            return
        pages = [
            Page(
                slug=text.slug,
                title=text.title,
                nav_title=text.nav_title,
                description=text.description,
                lead=text.lead,
                position=text.position,
                in_navigation=text.in_navigation,
            )
            for text in PAGES
        ]
        self.save(*pages)
        by_slug = {page.slug: page for page in pages}
        for position, role in enumerate(ROLES, 1):
            self.save(
                Role(
                    slug=role.slug,
                    name=role.name,
                    position=position,
                    question=role.question,
                    summary=role.summary,
                    does=role.does,
                    first_step=role.first_step,
                    second_step=role.second_step,
                    page=by_slug[role.page],
                )
            )
        roles = {role.slug: role for role in Role.objects.all()}
        for (kind, role_slug), texts in STRENGTHS.items():
            for position, text in enumerate(texts, 1):
                self.save(
                    Strength(
                        slug=slugify(text.name),
                        name=text.name,
                        kind=kind,
                        role=roles.get(role_slug),
                        position=position,
                        text=text.text,
                    )
                )
        for document in PAGES:
            for place, block in enumerate(document.blocks, 1):
                row = BLOCKS[block.kind].thaw(block)
                row.parent, row.region, row.ordering = (
                    by_slug[document.slug],
                    "main",
                    place * 10,
                )
                self.save(row)
        if not SiteWords.objects.exists():
            self.save(SiteWords(pk=1, edition=editions.EDITION))
        # The words first: they say which strengths the pages list.
        word_actions.publish_words(by=None)
        actions.publish_pages(pages, by=None)
        self.stdout.write(
            f"Loaded and published {len(pages)} pages, {len(roles)} roles, and "
            f"{Strength.objects.count()} strengths."
        )

    def save(self, *rows: Any) -> None:
        for row in rows:
            # The prose field sanitizes in clean() and not in save().
            row.full_clean()
            row.save()
