"""One text on many accounts: how long it is on each, another text for one, our own first comment, a thread out of one.

A post's form shows none of it until somebody asks, or the text is too long.
"""

from collections.abc import Mapping, Sequence

from bot.desk.pages import Length, Written
from bot.domain import threads, variants
from bot.domain.brands import Account
from bot.domain.posts import Revision
from bot.slack.blocks import Block, actions, context, multi_select, option, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import account_label, account_mark

PART = 3000
"""Characters in one of Slack's text fields."""
OWN = ("own1", "own2", "own3", "own4", "own5")
_EXACT = 30
"""So near its limit a text's length is told sign by sign, before that in tens: each telling costs a call."""
_LONG = 500
"""From this limit on a length is only told once it comes near."""


class SplitText(Button, id="compose.split"):
    """Makes a thread of a text that is too long; `numbered` ends each part with its number."""

    numbered: bool


class VariantsForm(Form):
    """The part of a form that says what differs where. versions: the accounts that `own1`, `own2`, … stand for as it is
    drawn. gauge: the lengths that it shows. recut counts how often we, not the person, changed a text."""

    versions: tuple[str, ...] = ()
    gauge: str = ""
    recut: int = 0
    differ: Typed[tuple[str, ...]] = ()
    own1: Typed[str] = ""
    own2: Typed[str] = ""
    own3: Typed[str] = ""
    own4: Typed[str] = ""
    own5: Typed[str] = ""
    comment: Typed[str] = ""

    @property
    def owns(self) -> Mapping[str, threads.Texts]:
        """What was written for one account alone, by its id."""
        typed = {account: str(getattr(self, field)) for account, field in zip(self.versions, OWN, strict=False)}
        return {id_: threads.split(text) or (text,) for id_, text in typed.items() if id_ in self.differ}

    def place(self, field: str) -> str:
        """The field in which a finding's text stands: an account's own (`own:<account>`) is in one by its number."""
        own = {f"own:{account}": name for account, name in zip(self.versions, OWN, strict=False)}
        return own.get(field, field)


def with_own(form: VariantsForm, owns: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """An update of the form: the accounts that have a text of their own, and what it is."""
    shown = list(owns)[: variants.MOST]
    texts = [threads.joined(tuple(owns[id_])) for id_ in shown] + [""] * len(OWN)
    return {"versions": tuple(shown), "differ": tuple(shown), **dict(zip(OWN, texts, strict=False))}


def of_revision(revision: Revision) -> dict[str, object]:
    """The same for what a post holds."""
    return with_own(VariantsForm(), revision.own) | {"comment": revision.comment}


def gauge_blocks(form: VariantsForm, split: bool, words: Words) -> list[Block]:
    """How long the text is; where it is too long for one post, the way to a thread."""
    blocks: list[Block] = [context(form.gauge)] if form.gauge else []
    if split:
        plain = SplitText(numbered=False).draw(words("compose.split"), suffix="plain")
        numbered = SplitText(numbered=True).draw(words("compose.split_numbered"), suffix="numbered")
        blocks.append(actions(plain, numbered))
    return blocks


def gauge(written: Sequence[Written], words: Words) -> str:
    """`X 270+/280`, what is too long marked; each network's longest."""
    longest: dict[str, Length] = {}
    for length in (each.length for each in written):
        if length.title not in longest or longest[length.title].count < length.count:
            longest[length.title] = length
    return " · ".join(filter(None, (_told(each, words) for each in longest.values())))


def _told(length: Length, words: Words) -> str:
    left = length.limit - length.count
    if not length.count or (length.limit > _LONG and left > length.limit // 10):
        return ""
    said = str(length.count) if left <= _EXACT else f"{length.count // 10 * 10}+"
    line = f"{length.title} {said}/{length.limit}"
    return f"⛔ *{line}*: {words('compose.over', count=-left)}" if left < 0 else line


def variant_blocks(
    form: VariantsForm, kind: type[VariantsForm], accounts: Sequence[Account], titles: Mapping[str, str], words: Words
) -> list[Block]:
    """Where the text differs, and those texts; `kind` is the form that they are fields of."""
    known = {account.id: account for account in accounts}
    blocks: list[Block] = []
    if len(accounts) > 1 or form.differ:
        options = [option(account_label(each, titles), each.id) for each in accounts[:100]]
        chosen = multi_select(options, form.differ, placeholder=words("compose.differ.placeholder"))
        chosen["max_selected_items"] = variants.MOST
        hint = words("compose.differ.hint")
        label = words("compose.differ")
        blocks.append(
            kind.input("differ", label, chosen, hint=hint, optional=True, live=True, fresh=str(form.recut or ""))
        )
    for id_, field in zip(form.versions, OWN, strict=False):
        if id_ in known:
            text = text_input(str(getattr(form, field)), lines=True, most=PART)
            label = words("compose.own", account=account_label(known[id_], titles))
            blocks.append(kind.input(field, label, text, optional=True, typing=True, fresh=f"{id_}.{form.recut}"))
    return blocks


def comment_blocks(form: VariantsForm, kind: type[VariantsForm], networks: str, words: Words) -> list[Block]:
    """Our own first comment, where a network of the brand's takes one, or somebody wrote one already."""
    if not networks and not form.comment:
        return []
    comment = text_input(form.comment, lines=True, most=PART, placeholder=words("compose.comment.placeholder"))
    hint = words("compose.comment.hint", networks=networks) if networks else words("check.comment_nowhere")
    label = words("compose.comment")
    return [kind.input("comment", label, comment, hint=hint, optional=True, typing=True)]


def places(ids: Sequence[str], accounts: Mapping[str, Account], titles: Mapping[str, str]) -> str:
    """The accounts on which one version goes out, for mrkdwn."""
    return ", ".join(f"*{account_mark(accounts[id_], titles)}*" if id_ in accounts else relay(id_, 80) for id_ in ids)
