"""Codes as an authenticator app shows them."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD, MARGIN = 30, 1.5


def code_of(secret: str, not_this: str = "") -> str:
    """The code of now, good for a moment longer. Waits for the next one if asked not to take this one."""
    left = PERIOD - time.time() % PERIOD
    if left < MARGIN:
        time.sleep(left + 0.01)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
    if code != not_this:
        return str(code)
    time.sleep(PERIOD - time.time() % PERIOD + 0.01)
    return code_of(secret)
