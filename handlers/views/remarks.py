"""What the team said about each revision of a post, in its thread."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from bot.domain.brands import Brand
from bot.domain.remarks import Remark
from bot.slack.blocks import Block, context, section
from bot.text.relaying import relay
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names

_SAID = 400
_PAGE = 2600


def remark_blocks(remarks: Sequence[Remark], brand: Brand, now: datetime, words: Words, names: Names) -> list[Block]:
    """Revision by revision, oldest first."""
    blocks: list[Block] = []
    for number, group in groupby(remarks, key=lambda each: each.revision):
        blocks.append(context(f"*{words('remarks.about', revision=number)}*"))
        held: list[str] = []
        for each in group:
            when = moment(each.at, brand.clock, words, now)
            line = f"*{names.get(each.by, '')}* · {when}: {relay(each.text, _SAID)}"
            if held and sum(map(len, held)) + len(line) > _PAGE:
                blocks.append(section("\n".join(held)))
                held = []
            held.append(line)
        blocks.append(section("\n".join(held)))
    return blocks
