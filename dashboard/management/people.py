"""People as commands name them. Secrets come on standard input, never as an argument: arguments are seen by
everybody on the machine."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from dashboard.models.user import User


def read_secret(prompt: str) -> str:
    """One line from standard input; at a terminal it is asked for without echo."""
    return (getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()


def find_or_make(email: str) -> User:
    """The user, saved already or not yet. A new one's password is read and checked as on the page."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first() or User(email=email)
    if user.pk is None:
        try:
            validate_email(email)
            password = read_secret(f"Password for {email}")
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
    return user
