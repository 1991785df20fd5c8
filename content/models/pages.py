"""A page's draft, and its published states."""

from __future__ import annotations

from content_editor.models import Region
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from content.addresses import validate_free
from content.document import Document, from_json
from content.moments import moment_words


def taken_address(slug: str, holder: str) -> str:
    """Why a page can't have an address that another one, the holder, has or had."""
    return (
        f"/{slug}/ leads to “{holder}”, which has or had this address. "
        "Choose a different one."
    )


class Page(models.Model):  # type: ignore[django-manager-missing]
    """An article page.

    This row and its blocks are the draft. Visitors see the newest PageVersion.
    """

    regions = [Region(key="main", title="Blocks")]

    slug = models.SlugField(
        max_length=60,
        unique=True,
        validators=[validate_free],
        verbose_name="address",
        help_text=(
            "“skills” makes the page /skills/. You can change it: links to the old "
            "address lead to the new one."
        ),
    )
    title = models.CharField(max_length=80, help_text="The page’s main heading.")
    nav_title = models.CharField(
        max_length=40,
        verbose_name="short title",
        help_text="For the contents and the menu at the top.",
    )
    description = models.CharField(
        max_length=200,
        help_text="One or two sentences for search engines and link previews.",
    )
    lead = models.TextField(
        help_text="One or two sentences below the heading, in larger type."
    )
    position = models.PositiveSmallIntegerField(
        default=1,
        help_text=("Order in the contents. It changes when you publish this page."),
    )
    in_navigation = models.BooleanField(
        default=False,
        verbose_name="in the menu at the top",
        help_text=(
            "The contents list every page. The menu at the top has room for four or "
            "five of them."
        ),
    )

    class Meta:
        ordering = ("position", "pk")
        permissions = [("publish_page", "Can publish pages")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    def clean(self) -> None:
        """Refuse an address that another page has or had in public."""
        likely = (
            PageVersion.objects.filter(content__contains=f'"slug":"{self.slug}"')
            .exclude(page=self.pk)
            .select_related("page")
        )
        for version in likely:
            if version.document().slug == self.slug:
                refusal = taken_address(self.slug, str(version.page))
                raise ValidationError({"slug": refusal})


class PageVersion(models.Model):
    """A page as it was published, or the mark that it was taken offline."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    # JSON of document.to_json; empty for the mark that the page was taken offline.
    content = models.TextField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("page", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("page", "number"), name="page_version_number_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="page_version_number_from_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}, state {self.number}"

    @property
    def is_offline(self) -> bool:
        return not self.content

    def document(self) -> Document:
        """The frozen page. Not to be called where is_offline is true."""
        return from_json(self.content)


class OldAddress(models.Model):
    """An address that a page had in public. It leads to the page's present one."""

    slug = models.SlugField(max_length=60, unique=True)
    page = models.ForeignKey(
        Page, on_delete=models.PROTECT, related_name="old_addresses"
    )
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"/{self.slug}/"


class SavedDraft(models.Model):
    """A page's draft as somebody saved it, kept for 30 days to compare and restore."""

    # Without a constraint, because servers of the last release delete pages, too.
    page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="drafts", db_constraint=False
    )
    # JSON of document.to_json.
    content = models.TextField()
    # None: the draft as it was before the first of these was kept.
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The first save of several that the page's script has made one after the other.
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField(db_index=True)
    by_itself = models.BooleanField()

    class Meta:
        ordering = ("page", "-saved_at", "-pk")

    def __str__(self) -> str:
        return f"{self.page_id}, draft of {moment_words(self.saved_at)}"

    def document(self) -> Document:
        return from_json(self.content)
