"""The inbox as a form that filters and turns pages: a line with its buttons for each, redrawn as one works."""

from bot.desk.inbox_list import COUNTED, PAGE, InboxPage
from bot.domain.conversations import Conversation
from bot.domain.inbox_views import View as List
from bot.domain.inbox_views import Wanted
from bot.slack.blocks import Block, Element, View, actions, context, divider, option, section, select, text_input
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button, Command
from bot.store.listing import MOST
from bot.text.relaying import relay
from bot.text.times import age, moment
from bot.text.words import Words
from handlers.views.faces import Names, account_label, account_mark, brand_face, face_mark, practice_mark
from handlers.views.inbox import AnswerInPublic, conversation_buttons
from handlers.views.private import private_mark
from handlers.views.work_presses import WorkThrough

ANY = "-"
"""The option for every brand, or every account."""


class InboxCommand(Command, id="inbox"):
    """`/vocero inbox`; words that follow are searched for."""


class ShowInbox(Button, id="inbox.show"):
    """The same from a menu or a card; `view` is the list that it opens with, the others narrow it."""

    view: List | None = None
    brand: str = ""
    account: str = ""
    crowd: str = ""


class TurnTo(Button, id="inbox.turn"):
    """Shows another page of the list that is open."""

    page: int


class InboxForm(Form, id="inbox.list"):
    """The list that is open: which, what narrows it, and its page, from 0. crowd: of those who say nearly the same."""

    page: int = 0
    crowd: str = ""
    shown: Typed[List] = List.MINE
    brand: Typed[str] = ANY
    account: Typed[str] = ANY
    words: Typed[str] = ""

    @property
    def wanted(self) -> Wanted:
        """What is to be listed."""
        brand, account = (each if each != ANY else "" for each in (self.brand, self.account))
        return Wanted(view=self.shown, brand=brand, account=account, words=self.words, crowd=self.crowd)


def inbox_view(form: InboxForm, page: InboxPage, words: Words, names: Names) -> View:
    """Filters on top, then the page, then the way to the next one."""
    wanted = page.wanted
    known = wanted.brand if wanted.brand in page.brands else ""
    blocks: list[Block] = [
        section(_counts(page, words), accessory=WorkThrough(brand=known).draw(words("work.title"))),
        *([context(f":busts_in_silhouette: {words('storms.list')}")] if wanted.crowd else []),
        *_filters(form, page, words),
        divider(),
    ]
    for talk in page.talks:
        blocks += _talk(talk, page, words, names)
    if not page.talks:
        blocks.append(section(words("inbox.none_here") if page.counts[List.ALL] else words("inbox.none")))
    return form.open(
        title=words("inbox.heading"),
        submit=words("audit.find"),
        close=words("button.close"),
        blocks=[*blocks, *_pages(page, words)],
    )


def _counts(page: InboxPage, words: Words) -> str:
    """`*Mine* 3 · *Nobody has these* 41 · …`, and how many fit what is asked for."""
    return " · ".join(f"{words(f'inbox.view.{view}')} *{page.counts[view]}*" for view in COUNTED)


def _filters(form: InboxForm, page: InboxPage, words: Words) -> list[Block]:
    lists = [option(words(f"inbox.view.{view}"), view.value) for view in List]
    brands = [option(words("inbox.all_brands"), ANY), *(option(brand_face(b), b.id) for b in page.brands.values())]
    accounts = [option(words("inbox.all_accounts"), ANY)]
    accounts += [option(account_label(each, page.titles), each.id) for each in page.accounts.values()]
    found = text_input(form.words, most=100, placeholder=words("inbox.search.example"))
    blocks: list[Block] = [
        InboxForm.input("shown", words("inbox.view"), select(lists, page.wanted.view.value), live=True),
    ]
    if len(page.brands) > 1:
        pick = select(brands[:100], page.wanted.brand or ANY)
        blocks.append(InboxForm.input("brand", words("inbox.brand"), pick, live=True))
    if len(accounts) > 2:
        pick = select(accounts[:100], page.wanted.account or ANY)
        fresh = page.wanted.brand if page.wanted.account == "" else ""
        blocks.append(InboxForm.input("account", words("audit.account"), pick, live=True, fresh=fresh))
    blocks.append(InboxForm.input("words", words("inbox.search"), found, optional=True, live=True))
    return blocks


def _talk(talk: Conversation, page: InboxPage, words: Words, names: Names) -> list[Block]:
    account, brand = page.accounts.get(talk.account), page.brands[talk.brand]
    line = words(
        "inbox.line",
        person=f"{face_mark(brand)} *{relay(talk.person.name, 60)}*",
        account=account_mark(account, page.titles) if account else relay(talk.account, 60),
        age=age(page.now - talk.latest.at, words),
        text=relay(talk.latest.text, 180),
    )
    status = words(f"conversation_status.{talk.status}", name=names.get(talk.owner, "")) + private_mark(talk, words)
    due = talk.targets.next
    late = [f":alarm_clock: {moment(due, brand.clock, words, page.now)}"] if due and due <= page.now else []
    flag = [f":triangular_flag_on_post: {words('ruling.flagged')}"] if talk.flagged else []
    waits = [f":raised_hand: {words('suggestion.mark')}"] if talk.suggested else []
    marks = [status, *flag, *late, *waits, *practice_mark(brand, words)]
    pressed = conversation_buttons(talk, words)
    if talk.brand in page.learns:
        pressed = [each for each in pressed if each["action_id"] == AnswerInPublic.ID]
    return [section(f"{line}\n{' · '.join(marks)}"), *([actions(*pressed)] if pressed else [])]


def _pages(page: InboxPage, words: Words) -> list[Block]:
    if page.total <= PAGE:
        return []
    key = "inbox.page_many" if page.total >= MOST and _narrowed(page.wanted) else "inbox.page"
    here = words(key, page=page.number + 1, pages=page.last + 1, total=page.total)
    ways: list[Element] = []
    if page.number > 0:
        ways.append(TurnTo(page=page.number - 1).draw(words("inbox.page.back"), suffix="back"))
    if page.number < page.last:
        ways.append(TurnTo(page=page.number + 1).draw(words("button.next"), suffix="next"))
    return [context(here), actions(*ways)]


def _narrowed(wanted: Wanted) -> bool:
    return bool(wanted.account or wanted.words.strip() or wanted.crowd)
