from __future__ import annotations

from django.contrib.sitemaps.views import sitemap
from django.urls import path

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
    path("<slug:slug>/", views.page, name="page"),
]
