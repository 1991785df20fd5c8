from __future__ import annotations

app_name = "content"
urlpatterns: list[object] = []
