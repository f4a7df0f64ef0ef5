"""Which names hold secrets: keys of JSON objects, header names, query parameters.

Names are compared in lower case without `_`, `-`, dots and blanks, so `API_Secret` is `apiSecret`.
Names that only begin with "token" (tokenId, tokenURI, ...) belong to NFT metadata and survive.
"""

from __future__ import annotations

from functools import lru_cache

from . import marks

_EXACT = {
    "jwt": marks.JWT,
    "token": marks.TOKEN,
    "idtoken": marks.TOKEN,
    "authorization": marks.HEADER,
    "proxyauthorization": marks.HEADER,
    "cookie": marks.HEADER,
    "cookies": marks.HEADER,
    "setcookie": marks.HEADER,
    "pwd": marks.PASSWORD,
    "passwd": marks.PASSWORD,
    "passphrase": marks.PASSWORD,
    "passcode": marks.PASSWORD,
    "credential": marks.STORAGE_CREDENTIALS,
    "credentials": marks.STORAGE_CREDENTIALS,
    "accesskeyid": marks.STORAGE_CREDENTIALS,
    "accountkey": marks.STORAGE_CREDENTIALS,
    "connectionstring": marks.STORAGE_CREDENTIALS,
    "proof": marks.STORAGE_CREDENTIALS,
    "mnemonic": marks.PRIVATE_KEY,
    "seedphrase": marks.PRIVATE_KEY,
    "contentkey": marks.ENCRYPTION_KEY,
    "aeskey": marks.ENCRYPTION_KEY,
}
_BEGINNINGS = {
    "secret": marks.SECRET,
    "password": marks.PASSWORD,
    "xamz": marks.QUERY_VALUE,
    "xgoog": marks.QUERY_VALUE,
    "xoss": marks.QUERY_VALUE,
}
_ENDINGS = {
    "secret": marks.SECRET,
    "secretkey": marks.SECRET,
    "secretaccesskey": marks.STORAGE_CREDENTIALS,
    "secretapikey": marks.SECRET,
    "apisecretkey": marks.SECRET,
    "signingkey": marks.SECRET,
    "streamkey": marks.SECRET,
    "masterkey": marks.SECRET,
    "hmackey": marks.SECRET,
    "password": marks.PASSWORD,
    "apikey": marks.API_KEY,
    "accesskey": marks.API_KEY,
    "accesskeyid": marks.STORAGE_CREDENTIALS,
    "privatekey": marks.PRIVATE_KEY,
    "encryptionkey": marks.ENCRYPTION_KEY,
    "encryptedkey": marks.ENCRYPTION_KEY,
    "decryptionkey": marks.ENCRYPTION_KEY,
    "jwt": marks.JWT,
    "accesstoken": marks.TOKEN,
    "refreshtoken": marks.TOKEN,
    "authtoken": marks.TOKEN,
    "sessiontoken": marks.TOKEN,
    "securitytoken": marks.TOKEN,
    "bearertoken": marks.TOKEN,
    "apitoken": marks.TOKEN,
    "csrftoken": marks.TOKEN,
    "uploadtoken": marks.TOKEN,
    "jwttoken": marks.TOKEN,
    "sastoken": marks.TOKEN,
    "webhooktoken": marks.TOKEN,
}
_LAST_LETTERS = frozenset(name[-1] for name in _ENDINGS)

_QUERY_ONLY = frozenset(
    (
        "signature",
        "sig",
        "key",
        "auth",
        "policy",
        "pass",
        "hdnts",
        "hdnea",
        "hdntl",
        "accesstoken",
        "keypairid",
        "googleaccessid",
        "hmac",
        "cloudfrontsignature",
        "cloudfrontpolicy",
        "cloudfrontkeypairid",
        "xsignature",
        "authkey",
        "wssecret",
    )
)
_AZURE_SAS = frozenset(
    (
        "sv",
        "ss",
        "srt",
        "sr",
        "sp",
        "se",
        "st",
        "spr",
        "sip",
        "si",
        "skoid",
        "sktid",
        "skt",
        "ske",
        "sks",
        "skv",
        "sdd",
        "saoid",
        "suoid",
        "scid",
    )
)
_HEADERS = frozenset(("header", "headers", "httpheaders", "requestheaders", "customheaders", "extraheaders"))
_KEY_HOLDERS = {
    "encryption": marks.ENCRYPTION_KEY,
    "drm": marks.ENCRYPTION_KEY,
    "pinata": marks.API_KEY,
    "auth": marks.API_KEY,
    "authentication": marks.API_KEY,
}
_DROPPED = str.maketrans("", "", "_-. ")
HELD_NAMES = frozenset(("key", "Key", "KEY"))
"""Secret inside some objects only: `encryption.key` is, `attributes.key` is not."""
LONGEST_NAME = 64
"""Longer names announce nothing."""


def normal(name: str) -> str:
    return name.lower().translate(_DROPPED)


@lru_cache(maxsize=8192)
def secret_kind(name: str) -> str | None:
    """The kind of secret that a name announces, whatever stands around it; None for harmless names."""
    return _kind_of(normal(name)) if len(name) <= LONGEST_NAME else None


def kind_by_holder(holder: str) -> str | None:
    """The kind of one of the HELD_NAMES inside the object called `holder`."""
    return _KEY_HOLDERS.get(normal(holder)) if len(holder) <= LONGEST_NAME else None


@lru_cache(maxsize=8192)
def holds_headers(name: str) -> bool:
    """Whether every value under this name is the value of an HTTP header."""
    return len(name) <= LONGEST_NAME and normal(name) in _HEADERS


@lru_cache(maxsize=8192)
def query_kind(name: str) -> str | None:
    """The kind for a query parameter: secret names, and names that are secret in URLs only."""
    bare = normal(name)
    if bare in _QUERY_ONLY:
        return marks.QUERY_VALUE
    return marks.QUERY_VALUE if _kind_of(bare) else None


@lru_cache(maxsize=8192)
def only_in_queries(name: str) -> bool:
    """Whether a name says too little outside a URL: `key=videos/a.mp4` in a sentence is no secret."""
    return normal(name) in _QUERY_ONLY


@lru_cache(maxsize=8192)
def is_azure_sas(name: str) -> bool:
    """Whether a parameter belongs to an Azure signature; it tells something only beside a `sig`."""
    return name.lower() in _AZURE_SAS


def may_announce(name: str) -> bool:
    """Whether a name in a text is worth a look: cheap, and never wrong about a secret.

    The rest of an escape may have run into the name: `\\u0026token`, `\\nCookie`, `%26sig`.
    """
    return len(name) <= LONGEST_NAME and _announces(name)


@lru_cache(maxsize=8192)
def _announces(name: str) -> bool:
    bare = (name, name[1:], name[2:], name[5:])
    return any(query_kind(part) or holds_headers(part) or is_azure_sas(part) or kind_by_holder(part) for part in bare)


def _kind_of(bare: str) -> str | None:
    if bare in _EXACT:
        return _EXACT[bare]
    if bare[-1:] in _LAST_LETTERS:
        for length in range(min(len(bare), 16), 2, -1):
            if kind := _ENDINGS.get(bare[-length:]):
                return kind
    return next((kind for start, kind in _BEGINNINGS.items() if bare.startswith(start)), None)
