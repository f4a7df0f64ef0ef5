"""The secrets that stand in the simulated documents, in clear, just where the real Studio leaves them.

Observed on the real server: Pinata credentials, headers of a custom export, presigned URLs, `user:password@`
and `w3s://<proof>@` come back unchanged; Studio masks only `s3+http(s)` credentials and the encryption key.
The pool is small and fixed per seed, so that a test can look for every single string afterwards.
"""

import base64
import random
from collections.abc import Callable, Iterator
from urllib.parse import quote

from dashboard.sandbox.identity import base64_of, hex_of

_POOL = 3


class Leaks:
    """Every planted secret of one sandbox. `all()` lists them; the other methods hand one out."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._jwts = self._several(self._jwt)
        self._api_keys = self._several(lambda n: hex_of(20, seed, "pinata key", n))
        self._api_secrets = self._several(lambda n: hex_of(64, seed, "pinata secret", n))
        self._bearers = self._several(lambda n: "exp_" + base64_of(36, seed, "bearer", n))
        self._passwords = self._several(lambda n: "pw-" + base64_of(14, seed, "password", n).replace("_", "x"))
        self._access_keys = self._several(lambda n: "AKIA" + hex_of(16, seed, "access key", n).upper())
        self._signatures = self._several(lambda n: hex_of(64, seed, "signature", n))
        self._session_tokens = self._several(lambda n: "IQoJb3JpZ2lu" + base64_of(60, seed, "session token", n))
        self._tokens = self._several(lambda n: "tk" + base64_of(26, seed, "token", n).replace("-", "_"))
        self._proofs = self._several(lambda n: "EaJlcm9vdHOAZ3ZlcnNpb24BmgIBcRIg" + hex_of(56, seed, "proof", n))

    def _several(self, make: Callable[[int], str]) -> tuple[str, ...]:
        return tuple(make(number) for number in range(_POOL))

    def _jwt(self, number: int) -> str:
        head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
        body = base64_of(80, self._seed, "jwt body", number)
        return f"{head}.eyJ{body}.{base64_of(43, self._seed, 'jwt end', number)}"

    def all(self) -> Iterator[str]:
        """Every secret once. The `AKIA...` ids count: they are half of a key pair."""
        for pool in (
            self._jwts,
            self._api_keys,
            self._api_secrets,
            self._bearers,
            self._passwords,
            self._access_keys,
            self._signatures,
            self._session_tokens,
            self._tokens,
            self._proofs,
        ):
            yield from pool

    def pinata_jwt(self, rng: random.Random) -> dict[str, str]:
        return {"jwt": rng.choice(self._jwts)}

    def pinata_pair(self, rng: random.Random) -> dict[str, str]:
        number = rng.randrange(_POOL)
        return {"apiKey": self._api_keys[number], "apiSecret": self._api_secrets[number]}

    def headers(self, rng: random.Random) -> dict[str, str]:
        """Headers of a custom export: names are harmless, every value may be a secret."""
        choices = (
            {"Authorization": f"Bearer {rng.choice(self._bearers)}"},
            {"Authorization": f"Bearer {rng.choice(self._bearers)}", "Content-Type": "video/mp4"},
            {"X-Upload-Token": rng.choice(self._tokens), "x-amz-acl": "private"},
        )
        return dict(rng.choice(choices))

    def presigned(self, rng: random.Random, url: str) -> str:
        """The URL with the query of an S3 presigned request."""
        credential = quote(f"{rng.choice(self._access_keys)}/20261101/us-east-1/s3/aws4_request", safe="")
        query = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={credential}&X-Amz-Expires=43200"
        if rng.random() < 0.3:
            query += f"&X-Amz-Security-Token={rng.choice(self._session_tokens)}"
        return f"{url}?{query}&X-Amz-Signature={rng.choice(self._signatures)}"

    def with_token(self, rng: random.Random, url: str) -> str:
        """The URL with a home-made token beside harmless parameters."""
        name = rng.choice(("token", "access_token", "sig", "signature"))
        return f"{url}?v=2&{name}={rng.choice(self._tokens)}"

    def with_password(self, rng: random.Random, url: str) -> str:
        """`https://user:password@host/...`."""
        return url.replace("://", f"://ingest:{rng.choice(self._passwords)}@", 1)

    def proof(self, rng: random.Random) -> str:
        """A delegation proof of web3.storage, the user part of a `w3s://` URL."""
        return rng.choice(self._proofs)

    def token(self, rng: random.Random) -> str:
        return rng.choice(self._tokens)

    def bearer(self, rng: random.Random) -> str:
        return rng.choice(self._bearers)

    def access_key(self, rng: random.Random) -> str:
        return rng.choice(self._access_keys)

    def upload_jwt(self, rng: random.Random) -> str:
        return rng.choice(self._jwts)
