"""Uploaded pictures, in the database, so that a backup and every server have them."""

from __future__ import annotations

from django.db import models

from content.document import picture_address


class UploadedPicture(models.Model):
    """An uploaded picture. What visitors get are its renditions.

    It never changes, so its address may be kept for ever.
    """

    # Of the renditions' bytes, narrowest first, as 64 hexadecimal digits.
    sha256 = models.CharField(max_length=64, unique=True)
    # Of the renditions in pixels, narrowest first.
    widths = models.JSONField()
    # Of the widest rendition, in pixels.
    height = models.PositiveIntegerField()
    # As far as the daily `forget_pictures` knows; None while it is on a page.
    unused_since = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.sha256

    @property
    def thumbnail(self) -> str:
        """The address of the narrowest rendition."""
        return picture_address(self.sha256, self.widths[0])


class Rendition(models.Model):
    """A picture in one width, as WebP."""

    picture = models.ForeignKey(
        UploadedPicture, on_delete=models.CASCADE, related_name="renditions"
    )
    # Pixels.
    width = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=("picture", "width"), name="rendition_width_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.picture_id}, {self.width} pixels wide"
