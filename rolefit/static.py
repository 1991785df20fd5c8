"""The static files as visitors may have them."""

from __future__ import annotations

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise without hidden files, such as the stamp that `make` leaves behind."""

    def add_file_to_dictionary(
        self, url: str, path: str, stat_cache: Any = None
    ) -> None:
        if "/." not in url:
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def find_file(self, url: str) -> Any:
        return None if "/." in url else super().find_file(url)
