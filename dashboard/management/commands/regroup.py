from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dashboard import units
from dashboard.management.preparing import prepare_database
from dashboard.models.regrouping import begin_anew, is_needed, regroup, tasks_left
from dashboard.models.telling import CURRENT

TOLD_EVERY = 2_000


class Command(BaseCommand):
    help = "Group all failures by their causes as they are read now. The syncer does it too; this does it at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="even if nothing is left to do")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare_database()
        if options["again"]:
            begin_anew()
        if not is_needed():
            self.stdout.write(f"Nothing to do: all failures are grouped by version {CURRENT.version}.")
            return
        total, done, groups, told = tasks_left(), 0, 0, 0
        for step in regroup():
            done, groups = done + step.tasks, groups + step.groups
            if done - told >= TOLD_EVERY:
                told = done
                self.stdout.write(f"{units.count(done)} of {units.count(max(total, done))} tasks")
                self.stdout.flush()
        brought = f", {units.count(groups)} group{'s' * (groups != 1)} brought over" if groups else ""
        self.stdout.write(f"Done: {units.count(done)} task{'s' * (done != 1)} counted again{brought}.")
