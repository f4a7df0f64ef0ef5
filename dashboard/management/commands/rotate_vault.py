from typing import Any

from django.core.management.base import BaseCommand

from dashboard.management.preparing import prepare_database
from dashboard.models.rotation import rotate


class Command(BaseCommand):
    help = "Seal everything anew with the first of VAULT_KEYS. May run at any time, and again after an interruption."

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_database()
        done = rotate()
        self.stdout.write(f"Sealed anew: {done.sealed_anew}. Sealed with the first key already: {done.sealed_already}.")
        for name in done.unopenable:
            self.stderr.write(f"Could not be opened: {name}. Paste the key again, or set the second factor up anew.")
        if done.unopenable:
            raise SystemExit(1)  # a script must not drop the other keys now
        self.stdout.write("The other keys in VAULT_KEYS can be dropped now.")
