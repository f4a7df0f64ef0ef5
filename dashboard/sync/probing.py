"""Asking gateways about one CID of a task, because somebody pressed the button."""

import json
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dashboard.cids import Cid
from dashboard.clock import now_ms
from dashboard.gateways import Gateway
from dashboard.models.account import Account
from dashboard.models.api_key import redactor_of
from dashboard.models.audit import Actor, AuditEntry
from dashboard.models.probe import Probe
from dashboard.models.task import Task
from dashboard.sync.buttons import Patience, a_place
from dashboard.upstream.gateway import GatewayAnswer, ask_all, read_text
from dashboard.upstream.parsing import parsed
from dashboard.upstream.redact import Redactor

LONGEST_DRAWN = 200_000
NO_GATEWAY = "No gateway is set that has a link for this CID."


def probe(task: Task, cid: Cid, gateways: Sequence[Gateway], actor: Actor) -> str:
    """Ask them all for the first byte and keep how each answered. A sentence if none could be asked; raises Busy."""
    links = _links(cid, gateways)
    if not links:
        return NO_GATEWAY
    with a_place() as (_, patience):
        _note(task, cid, actor)
        answers = ask_all(list(links.values()), patience.left, settings.ALLOW_PRIVATE_UPSTREAMS)
    _keep(task, cid, dict(zip(links, answers, strict=True)))
    return ""


def read_metadata(task: Task, cid: Cid, gateways: Sequence[Gateway], actor: Actor) -> str:
    """Read the JSON or text behind the CID from the first gateway that has it, in the team's order, and keep it
    redacted. Empty if that worked, else a sentence; raises Busy."""
    links = _links(cid, gateways)
    if not links:
        return NO_GATEWAY
    with a_place() as (_, patience):
        _note(task, cid, actor)
        answers = _read_from_first(links, patience)
    gateway, last = list(answers.items())[-1]
    if last.sentence:
        told = " ".join(f"{gateway.host}: {answer.sentence}" for gateway, answer in answers.items())
        return f"The text behind this CID could not be read. {told}"
    _keep_text(task, cid, gateway, last)
    return ""


def _note(task: Task, cid: Cid, actor: Actor) -> None:
    """Before anything is asked: gateways learn of it, whatever comes of it here."""
    AuditEntry.note(actor, "task.probed", task.account.team_id, task.upstream_id, after={"cid": cid.text})


def _links(cid: Cid, gateways: Sequence[Gateway]) -> dict[Gateway, str]:
    links = {gateway: gateway.link(cid.in_path, cid.base32) for gateway in gateways}
    return {gateway: url for gateway, url in links.items() if url}


def _read_from_first(links: dict[Gateway, str], patience: Patience) -> dict[Gateway, GatewayAnswer]:
    """The answers up to the first good one. Each but the last may use up half of the time that is left."""
    answers: dict[Gateway, GatewayAnswer] = {}
    for number, (gateway, url) in enumerate(links.items(), 1):
        seconds = patience.left if number == len(links) else patience.left / 2
        answers[gateway] = read_text(url, seconds, settings.ALLOW_PRIVATE_UPSTREAMS)
        if not answers[gateway].sentence:
            break
    return answers


def _keep(task: Task, cid: Cid, answers: dict[Gateway, GatewayAnswer]) -> None:
    now = now_ms()
    with transaction.atomic():
        _bump(task)
        for gateway, answer in answers.items():
            Probe.objects.update_or_create(
                account_id=task.account_id,
                cid=cid.text,
                gateway=gateway.template,
                defaults={"asked_at": now, **_told(answer)},
            )


def _keep_text(task: Task, cid: Cid, gateway: Gateway, answer: GatewayAnswer) -> None:
    """The text beside what was told of the gateway before. No two gateways' texts are kept for one CID."""
    now, text = now_ms(), redacted(answer.text, redactor_of(task.account))
    told = {"asked_at": now, **_told(answer)}
    del told["ranges"]  # the whole was asked for, which says nothing about parts
    with transaction.atomic():
        _bump(task)
        Probe.objects.filter(account=task.account_id, cid=cid.text).update(text="", read_at=None)
        Probe.objects.update_or_create(
            account_id=task.account_id,
            cid=cid.text,
            gateway=gateway.template,
            defaults={**told, "text": text, "read_at": now},
        )


def _told(answer: GatewayAnswer) -> dict[str, object]:
    return {
        "ms": answer.ms,
        "status": answer.status,
        "content_type": Redactor(None).text(answer.content_type),
        "length": answer.length,
        "ranges": answer.ranges,
        "sentence": answer.sentence,
    }


def _bump(task: Task) -> None:
    """The account first, because that locks it; and other tasks of it may name the same CID."""
    Account.objects.filter(pk=task.account_id).bump()
    Task.objects.filter(pk=task.pk).update(version=F("version") + 1)


def redacted(text: str, redactor: Redactor) -> str:
    """A JSON document by its places and indented, unless that makes it far larger; anything else as plain text."""
    try:
        document = redactor.document(parsed(text.encode("utf-8", "replace")))
    except ValueError:
        return redactor.text(text)
    drawn = json.dumps(document, ensure_ascii=False, indent=2)
    return drawn if len(drawn) <= LONGEST_DRAWN else json.dumps(document, ensure_ascii=False)
