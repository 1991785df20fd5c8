"""The questionnaire's part of the site map."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import TemplateView

from .views import data, results, sharing, taking

quiz_urls = [
    path("", taking.start, name="quiz"),
    path("leave/", taking.leave, name="leave"),
    path("<int:number>/", taking.section, name="section"),
    path("review/", taking.review, name="review"),
    path("resume/", taking.resume, name="resume"),
    path("result/", results.result, name="result"),
    path("result/<int:number>/", results.result, name="result_number"),
    path("result/<int:number>/keep/", results.keep, name="keep"),
    path("result/<int:number>/correct/", results.correct, name="correct"),
    path("result/<int:number>/more/", results.more, name="more"),
    path("result/share/", sharing.links, name="share"),
    path("result/share/<int:pk>/revoke/", sharing.revoke, name="revoke"),
    path("result/<int:number>/preview/<slug:scope>/", sharing.preview, name="share_preview"),
    path("data/", data.data, name="data"),
    path("data/rolefit.json", data.download, name="download"),
]

urlpatterns = [
    path("quiz/", include(quiz_urls)),
    path("r/<str:token>/", sharing.shared, name="shared"),
    path("r/<str:token>.json", sharing.shared_json, name="shared_json"),
    path("method/", results.method, name="method"),
    path("privacy/", TemplateView.as_view(template_name="assessments/privacy.html"), name="privacy"),
    path("accessibility/", TemplateView.as_view(template_name="assessments/accessibility.html"), name="accessibility"),
]
