"""Rows that staff edit within the page of another row."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

MAX_NEW_ROWS = 20  # of one kind, each time that staff save


class FewNewRows:
    """An inline that takes at most MAX_NEW_ROWS rows more than the database has.

    `fk_name` names the field of a row that holds the row of the page.

    The page says itself how many rows it sends. Django believes it up to 2,000, and
    drawing so many takes a worker 20 seconds.
    """

    model: type[Any]
    fk_name: str

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if request.method == "POST":
            rows = (
                self.model.objects.filter(**{self.fk_name: obj}).count() if obj else 0
            )
            kwargs |= dict.fromkeys(("max_num", "absolute_max"), rows + MAX_NEW_ROWS)
        return super().get_formset(request, obj, **kwargs)  # type: ignore[misc]
