"""Addresses in a text: whether they lead anywhere, and what they cost."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.domain.checks.findings import Finding
from bot.domain.checks.folding import links
from bot.domain.checks.subject import Subject

DEARER_WITH_LINK = {"x": 13}
"""How many times as much a network charges for a post with a link: X $0.200 against $0.015, https://docs.x.com/x-api/getting-started/pricing,
seen 2026-11."""


def dead_links(subject: Subject) -> Iterator[Finding]:
    """What somebody who follows it would meet; only a warning, because sites answer machines differently."""
    for link in links(subject.text):
        trouble = subject.links.get(link)
        if trouble:
            host = urlsplit(link).hostname or link
            yield Finding(key=f"check.link_{trouble}", blocks=False, field="text", args={"link": host})


def cost(subject: Subject) -> Iterator[Finding]:
    """Some networks charge more for a post with a link."""
    if subject.brand.practice:
        return
    dear = [each for each in subject.accounts if each.network in DEARER_WITH_LINK and links(subject.on(each.id))]
    for network, account in {each.network: each for each in reversed(dear)}.items():
        args = {"account": subject.names.get(account.id, network), "times": DEARER_WITH_LINK[network]}
        yield Finding(key="check.cost", blocks=False, note=True, field="text", args=args)
