"""Floor 2: what we know, and the verbs on it. One noun per file."""

from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.gap import Gap
from dashboard.models.note import Note
from dashboard.models.pace import Pace
from dashboard.models.probe import Probe
from dashboard.models.retry import Outcome, Retry
from dashboard.models.syncer import Syncer
from dashboard.models.syncing import Health
from dashboard.models.tally import Tally
from dashboard.models.task import Observation, Task
from dashboard.models.team import Membership, Role, Team
from dashboard.models.user import User

__all__ = [
    "Account",
    "ApiKey",
    "Asset",
    "Attempt",
    "Gap",
    "Health",
    "Membership",
    "Note",
    "Observation",
    "Outcome",
    "Pace",
    "Probe",
    "Retry",
    "Role",
    "Syncer",
    "Tally",
    "Task",
    "Team",
    "User",
]
