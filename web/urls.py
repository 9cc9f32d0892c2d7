"""What exists on the public web side."""

from __future__ import annotations

from django.urls import path

from web import api, pages, pamphlets, widget

urlpatterns = [
    path("", pages.demo),
    path("eksempler/<str:look>/", pages.example),
    path("widget.js", widget.widget),
    path("tilgaengelighed", pages.accessibility),
    path("static/<str:name>", pages.static),
    path("om", pamphlets.about),
    path("pjecer", pamphlets.add_slash),
    path("pjecer/", pamphlets.overview),
    path("pjecer/<slug:pamphlet_id>", pamphlets.add_slash),
    path("pjecer/<slug:pamphlet_id>/", pamphlets.pamphlet),
    path("api/conversations", api.conversations),
    path("api/conversations/<str:conversation>", api.conversation),
    path("api/conversations/<str:conversation>/messages", api.messages),
    path("api/kommuner", api.kommuner),
    path("api/openapi.json", api.description),
    path("health/live", pages.live),
    path("health/ready", pages.ready),
    path("metrics", pages.prometheus),
]

handler400 = "web.errors.bad_request"
handler403 = "web.errors.forbidden"
handler404 = "web.errors.not_found"
handler500 = "web.errors.server_error"
