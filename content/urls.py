from __future__ import annotations

from django.contrib.sitemaps.views import sitemap
from django.urls import path, re_path

from . import views
from .published import for_everybody
from .sitemaps import PublicPages

app_name = "content"
urlpatterns = [
    path("", views.landing, name="landing"),
    path("robots.txt", views.robots, name="robots"),
    path(
        "sitemap.xml",
        for_everybody(sitemap),
        {"sitemaps": {"pages": PublicPages}},
        name="sitemap",
    ),
    re_path(
        # At most five digits: a database takes no number of any length.
        r"^pictures/(?P<sha256>[0-9a-f]{64})-(?P<width>[1-9][0-9]{0,4})\.webp$",
        views.picture,
        name="picture",
    ),
    path("<slug:slug>/", views.page, name="page"),
]
