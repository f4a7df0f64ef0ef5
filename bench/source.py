"""A Studio in memory, without a network: pages of ready-made JSON, for measuring the import alone."""

import json
from bisect import bisect_left, bisect_right

import httpx

from bench.documents import Document


class Source(httpx.AsyncBaseTransport):
    """Answers the two walks of the syncer over `createdAt` (descending) and `updatedAt`; knows no assets."""

    def __init__(self, documents: list[Document]) -> None:
        self.rows = sorted(documents, key=lambda document: -document["createdAt"])
        self.texts = [json.dumps(document, separators=(",", ":"), ensure_ascii=False) for document in self.rows]
        self._ages = [-document["createdAt"] for document in self.rows]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        if not request.url.path.endswith("/task"):
            return httpx.Response(200, stream=httpx.ByteStream(b"[]"))
        start = int(asked.get("cursor", "skip0").removeprefix("skip"))
        limit = int(asked.get("limit", "1000"))
        texts = self._changed(asked) if "updatedAt" in asked.get("order", "") else self.texts[self._place(asked) :]
        page = texts[start : start + limit]
        headers = {"X-Total-Count": str(len(texts))} if "count" in asked else {}
        if start + limit < len(texts):
            headers["Link"] = f'<http://studio/api/task?cursor=skip{start + limit}>; rel="next"'
        body = f"[{','.join(page)}]".encode()
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    def _place(self, asked: httpx.QueryParams) -> int:
        """Where the walk back in time goes on."""
        wanted = json.loads(asked.get("filters", "[]"))
        return bisect_left(self._ages, -wanted[0]["value"]["lte"]) if wanted else 0

    def _changed(self, asked: httpx.QueryParams) -> list[str]:
        since = json.loads(asked["filters"])[0]["value"]["gte"]
        times = sorted((row["status"]["updatedAt"], index) for index, row in enumerate(self.rows))
        return [self.texts[index] for _, index in times[bisect_right(times, (since, -1)) :]]
