"""What the pages about teams say."""

from dashboard.models.team import Role

ROLE_MEANS = {
    Role.VIEWER: "sees all tasks and exports them",
    Role.SUPPORT: "also asks Studio now, retries tasks and writes notes",
    Role.ADMIN: "also manages accounts, keys and members, and reads the audit",
}
JOINER_MAY = {
    Role.VIEWER: "You will see all of its tasks.",
    Role.SUPPORT: "You will see all of its tasks, ask Studio about them, retry them and write notes.",
    Role.ADMIN: "You will see all of its tasks and manage its accounts, keys and members.",
}
CLOSED = {
    "accepted": (
        "This invitation was used already",
        "A link works once. If it was you who used it, you are in the team. Otherwise ask {by} for a new one.",
    ),
    "revoked": ("This invitation was withdrawn", "The link works no more. Ask {by} if you think you need a new one."),
    "expired": ("This invitation is too old", "A link works for {days} days. Ask {by} for a new one."),
}
NOT_YOURS = "This invitation is for {invited}, and you are signed in as {user}. Nothing was changed."
NOT_RESETTABLE = (
    "{email} is in a team that you do not administer, so a link from you could open what is not yours. "
    "They can change the password themselves, or an admin of that team has to help."
)

ASKS_BY_MAIL = "{email} gets a link by mail: with “Forgot your password?” on the page where one signs in."


def mailed(email: str, went: bool | None) -> str:
    """What to do with the link; `went` is None where no mail is set up."""
    if went is None:
        return f"{email} is invited. Copy the link below and send it to them."
    if went:
        return f"{email} is invited; the link was mailed to them."
    return f"{email} is invited, but the mail could not be sent. Send it again in a while."
