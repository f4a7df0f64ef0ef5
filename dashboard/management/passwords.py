"""Secrets for commands come on standard input, never as an argument: arguments are seen by everybody on the machine."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from dashboard.models.user import User


def read_secret(prompt: str) -> str:
    """One line from standard input; at a terminal it is asked for without echo."""
    return (getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()


def read_password(command: BaseCommand, email: str) -> str:
    """A new user's password, checked by the same rules as on the page."""
    password = read_secret(f"Password for {email}")
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    return password
