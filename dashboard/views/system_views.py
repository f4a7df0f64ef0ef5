"""The views that everybody has: the questions that are asked every day."""

from dashboard.models.view_query import ViewQuery

SYSTEM_VIEWS: dict[str, ViewQuery] = {
    "Failed last 24 h": ViewQuery(phase="failed", q="updated:<24h"),
    "Stalled": ViewQuery(phase="stalled"),
    "Retrying": ViewQuery(phase="retrying"),
    "Exports without CID": ViewQuery(phase="completed", q="type:export,export-data destination:ipfs cid:none"),
    "In flight": ViewQuery(q="phase:pending,waiting,running"),
}
"""By their names. Of the exports only those to IPFS that are done: no others ever get a CID."""
