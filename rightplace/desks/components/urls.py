"""The gallery's address."""

from django.urls import path

from rightplace.desks.components import views

app_name = "components"
urlpatterns = [path("", views.gallery, name="gallery")]
