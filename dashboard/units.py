"""Numbers as people read them: three significant digits, a no-break space before the unit."""

NBSP = "\u00a0"
DAY = 86_400_000  # ms
SIZES = ("B", "kB", "MB", "GB", "TB", "PB")


def size(number: float | None) -> str:
    """`84.9 MB` of a number of bytes."""
    if number is None or number < 0:
        return ""
    value, unit = float(number), 0
    while value >= 999.5 and unit < len(SIZES) - 1:
        value, unit = value / 1000, unit + 1
    return f"{three_digits(value) if unit else int(value)}{NBSP}{SIZES[unit]}"


def duration(seconds: float | None) -> str:
    """`48 min 3 s`, `1 h 5 min`, `3 d 4 h`: the two largest units."""
    if seconds is None or seconds < 0:
        return ""
    if seconds < 1:
        return f"{seconds:.1f}{NBSP}s" if seconds else f"0{NBSP}s"
    whole = round(seconds)
    for length, big, small_length, small in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= length:
            rest = whole % length // small_length
            return f"{whole // length}{NBSP}{big}" + (f" {rest}{NBSP}{small}" if rest else "")
    return f"{whole}{NBSP}s"


def clock_range(start_ms: float, end_ms: float) -> str:
    """`01:12:40 to 01:13:02`: places within a recording."""
    return f"{place(start_ms % DAY)} to {place(end_ms % DAY)}"


def percent(ratio: float) -> str:
    return f"{round(ratio * 100)}{NBSP}%"


def count(number: int) -> str:
    return f"{number:,}"


def place(ms: float) -> str:
    """`01:12:40`, from the start of a recording."""
    seconds = int(ms // 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def three_digits(value: float) -> str:
    """`0.80`, `13.4`, `192`."""
    return f"{value:.2f}" if value < 9.995 else f"{value:.1f}" if value < 99.95 else f"{value:.0f}"
