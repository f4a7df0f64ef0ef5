"""What can be made to go wrong, changeable while the sandbox runs: by a test directly, or over HTTP."""

from dataclasses import asdict, dataclass, fields

_DOCUMENTED = ("", "ignore", "refuse")
_MALFORMED = ("", "html", "object", "null")
_GATEWAY = ("", "504", "html", "no-ranges")


@dataclass
class Switches:
    """Everything off by default. Durations in seconds, sizes in bytes.

    documented_only   "ignore": every query parameter is silently ignored (the 20 newest, no Link, no count);
                      "refuse": 400 on `filters` and `order`
    slow_seconds      waits before each answer
    dripping          the body comes one byte per `drip_seconds`
    hanging           never answers (the connection is dropped when the switch goes off)
    rate_limited      429; with `retry_after_seconds` also a Retry-After header
    failing           this 5xx status for every call
    truncated         Content-Length promises more than comes
    malformed         "html": a proxy's page with status 200; "object": JSON of a wrong shape; "null"
    huge              50 MB of valid JSON, whatever the limit
    fat_row_bytes     each row grows by so much, so that a smaller page helps
    compressed        gzip for clients that accept it
    unreadable_rows   so many things that are no tasks stand at the beginning of the task list
    broken_rows       ids of tasks that make every answer with them a 500
    redirect_to       302 to this URL
    no_assets         403 or 404 on everything under /asset
    gateway           the IPFS gateway: "504": it gives up; "html": a web page for every CID; "no-ranges": never a part
    only_keys         the switches hold for keys with these last four characters only; empty: for everybody
    """

    documented_only: str = ""
    slow_seconds: float = 0.0
    dripping: bool = False
    drip_seconds: float = 0.2
    hanging: bool = False
    rate_limited: bool = False
    retry_after_seconds: float | None = None
    failing: int = 0
    truncated: bool = False
    malformed: str = ""
    huge: bool = False
    fat_row_bytes: int = 0
    compressed: bool = False
    unreadable_rows: int = 0
    broken_rows: tuple[str, ...] = ()
    redirect_to: str = ""
    no_assets: int = 0
    gateway: str = ""
    only_keys: tuple[str, ...] = ()

    def change(self, changes: dict[str, object]) -> None:
        """Sets switches by name. ValueError names what is not understood; then nothing is set."""
        known = {field.name: getattr(Switches(), field.name) for field in fields(self)}
        wanted = {}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"there is no switch called {name}")
            wanted[name] = _fitted(name, value, known[name])
        for name, value in wanted.items():
            setattr(self, name, value)

    def reset(self) -> None:
        """Everything off."""
        self.change(asdict(Switches()))

    def to_json(self) -> dict[str, object]:
        return asdict(self)

    def holds_for(self, key_hint: str) -> bool:
        """Whether the switches are meant for a call with this key."""
        return not self.only_keys or any(key[-4:] == key_hint for key in self.only_keys)


def _fitted(name: str, value: object, default: object) -> object:
    if name == "retry_after_seconds":
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
            return value
    elif isinstance(default, tuple):
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
    elif isinstance(default, str):
        allowed = {"documented_only": _DOCUMENTED, "malformed": _MALFORMED, "gateway": _GATEWAY}.get(name)
        if isinstance(value, str) and (allowed is None or value in allowed):
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value) if isinstance(default, float) else int(value)
    raise ValueError(f"{name} cannot be {value!r}")
