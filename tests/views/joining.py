"""The site with one more page, on which somebody comes in as an invitation lets them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dashboard.models import User
from dashboard.urls import urlpatterns as those_of_the_site
from dashboard.views.confirmed import sign_in_confirmed


def join(request: HttpRequest) -> HttpResponse:
    return sign_in_confirmed(request, User.objects.get(pk=request.POST["pk"]), "/accounts/")


urlpatterns = [*those_of_the_site, path("join/", join)]
