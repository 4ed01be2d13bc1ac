"""The digest as a message, for a person or for a brand's channel, and the one post that it opens whole."""

from zoneinfo import ZoneInfo

from bot.desk.days import DayPage
from bot.desk.pages import PostPage
from bot.domain.brands import WRITING
from bot.slack.blocks import Block, Message, View, context, header, section
from bot.slack.cards import Card
from bot.slack.forms import Form
from bot.slack.wire import Button, Command
from bot.text.relaying import relay
from bot.text.times import day
from bot.text.words import Words
from handlers.views.day import MESSAGE, day_blocks, waiting_total
from handlers.views.duty import duty_lines, hand_over_button
from handlers.views.faces import Names, brand_face
from handlers.views.review import review_message
from handlers.views.ringing import open_alarms_line


class TodayCommand(Command, id="today"):
    """`/vocero today`."""


class ShowToday(Button, id="digest.show"):
    """The same from a menu."""


class PostSheet(Form, id="digest.post"):
    """A post's card as a view: looked at, with the card's own buttons."""

    post: str


class DigestCard(Card, id="digest"):
    """One day's digest, said once: to a member, or in a brand's channel."""

    day: str
    member: str = ""
    brand: str = ""


def digest_message(page: DayPage, words: Words, names: Names) -> Message:
    """The digest as a message: for a person in their language, for a channel in its brand's."""
    shown = day(page.day.at.astimezone(ZoneInfo(page.day.zone)).date(), words)
    if page.me is None:
        title = words("digest.channel_heading", brand=brand_face(page.day.brands[0].brand), day=shown)
    else:
        title = words("digest.heading", day=shown)
    urgent = open_alarms_line(page.alarms, words, names)
    duty = _duty(page, words, names)
    lines = [*urgent, *day_blocks(page, words, names, MESSAGE)]
    if not lines:
        nothing = words("digest.nothing_brand") if page.me is None else words("digest.nothing")
        return Message(f"{relay(title, 200)}. {nothing}", [header(title), section(nothing), *duty])
    summary = _summary(page, words)
    return Message(f"{relay(title, 200)}. {summary}", [header(title), context(summary), *lines, *duty])


def _duty(page: DayPage, words: Words, names: Names) -> list[Block]:
    """Who is on duty, and the way to hand the shift over for whoever may have one."""
    lines = duty_lines(page.watches, words, names, page.day.at)
    writes = page.me is not None and any(page.may(brand, *WRITING) for brand, _ in page.watches)
    return [section("\n".join(lines), accessory=hand_over_button(words) if writes else None)] if lines else []


def post_view(form: PostSheet, page: PostPage, words: Words, names: Names) -> View:
    """A post's card as a view."""
    blocks = review_message(page, words, names).blocks
    return form.open(title=words("digest.post_title"), close=words("button.close"), blocks=blocks)


def _summary(page: DayPage, words: Words) -> str:
    parts = [part for part in page.day.brands if not part.brand.practice] or page.day.brands
    return words(
        "digest.summary",
        approve=sum(len(part.to_approve) for part in parts),
        unanswered=sum(waiting_total(part, page) for part in parts),
        today=sum(len({each.post for each in part.out_today}) for part in parts),
    )
