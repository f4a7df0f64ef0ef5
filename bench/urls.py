"""The product's URLs and a few that only the bench has."""

from django.urls import include, path

from bench import views

urlpatterns = [
    path("bench/ok/", views.ok),
    path("bench/cold/", views.cold_board),
    path("bench/cold/failures/", views.cold_failures),
    path("bench/first/tasks/<str:upstream_id>/", views.first_look),
    path("bench/change/", views.change),
    path("bench/account/", views.account),
    path("", include("dashboard.urls")),
]
