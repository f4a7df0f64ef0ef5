"""Floor 2: what we know, and the verbs on it. One noun per file."""

from dashboard.models.account import Account
from dashboard.models.api_key import ApiKey, PreviousKey
from dashboard.models.asset import Asset
from dashboard.models.attempt import Attempt
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.bucket import Bucket
from dashboard.models.day import Day, StaleDay
from dashboard.models.decision import Decision
from dashboard.models.failure import Failure
from dashboard.models.gap import Gap
from dashboard.models.group import Group, State, Triage
from dashboard.models.invitation import Invitation
from dashboard.models.note import Note
from dashboard.models.pace import Pace
from dashboard.models.probe import Probe
from dashboard.models.regrouping import Regrouping
from dashboard.models.retry import Outcome, Retry
from dashboard.models.retry_batch import ItemState, RetryBatch, RetryItem
from dashboard.models.rights import RIGHTS, Right
from dashboard.models.saved_view import SavedView
from dashboard.models.surge import Surge
from dashboard.models.syncer import Syncer
from dashboard.models.syncing import Health
from dashboard.models.tally import Tally
from dashboard.models.task import Observation, Task
from dashboard.models.team import Membership, Role, Team
from dashboard.models.token import Token
from dashboard.models.user import User
from dashboard.models.words import Haystack, Name

__all__ = [
    "RIGHTS",
    "Account",
    "Actor",
    "ApiKey",
    "Asset",
    "Attempt",
    "AuditEntry",
    "Bucket",
    "Day",
    "Decision",
    "Failure",
    "Gap",
    "Group",
    "Haystack",
    "Health",
    "Invitation",
    "ItemState",
    "Membership",
    "Name",
    "Note",
    "Observation",
    "Outcome",
    "Pace",
    "PreviousKey",
    "Probe",
    "Regrouping",
    "Retry",
    "RetryBatch",
    "RetryItem",
    "Right",
    "Role",
    "SavedView",
    "StaleDay",
    "State",
    "Surge",
    "Syncer",
    "Tally",
    "Task",
    "Team",
    "Token",
    "Triage",
    "User",
]
