"""The stages of a review in words: who signed, whom it waits for, what comes afterwards."""

from bot.desk.pages import PostPage
from bot.domain.brands import Stage
from bot.domain.records import MemberId
from bot.domain.reviewing import ALL
from bot.slack.blocks import Message, actions, context, section
from bot.slack.cards import Card
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.decisions import approve_button, excerpt
from handlers.views.faces import Names, face_mark, mention, practice_mark

NAMED = 5
"""People that a line names, and who are told that it is their turn."""


class StageCard(Card, id="review.stage"):
    """Tells somebody, once, that a review has come to their stage. `stage` counts those that are complete."""

    post: str
    revision: int
    stage: int
    to: str


def your_turn(page: PostPage, words: Words, names: Names) -> Message:
    """Who asks, which post it is, and the one press; the rest stands on the card."""
    brand = f"{face_mark(page.brand)} {relay(page.brand.name, 80)}"
    place = words("reviewing.place", number=page.review.done + 1, total=len(page.review.stages))
    text = words("reviewing.your_turn", brand=brand, author=names[page.post.author], place=place)
    may = not any(each.blocks for each in page.findings)
    where = words("publish.card_in", channel=f"<#{page.brand.channel('review')}>")
    return Message(
        text,
        [
            section(text),
            *excerpt(page.post.current.text),
            *([actions(approve_button(page, words))] if may else []),
            context(where, *practice_mark(page.brand, words)),
        ],
    )


def stage_line(stage: Stage, words: Words, names: Names) -> str:
    """`2 of Approver, Ana · deputy Bea`."""
    who = ", ".join([*(words(f"role.{role}") for role in stage.roles), *(_name(each, names) for each in stage.people)])
    if stage.many == ALL:
        who = words("reviewing.all_of", who=who)
    elif stage.many > 1:
        who = words("reviewing.some_of", many=stage.many, who=who)
    return f"{who} · {words('reviewing.deputy', name=_name(stage.deputy, names))}" if stage.deputy else who


def _name(member: MemberId, names: Names) -> str:
    return names.get(member, mention(member))


def progress_lines(page: PostPage, words: Words, names: Names) -> list[str]:
    """A line a stage: `✅ 1 of 2 · Approver: approved by Bruno`. None where one approver is all that it takes."""
    review = page.review
    if review.simple:
        return []
    lines = []
    for number, (stage, signed) in enumerate(zip(review.stages, review.signed, strict=True)):
        by = ", ".join(dict.fromkeys(_name(each.by, names) for each in signed))
        said = [words("reviewing.signed_by", names=by)] if by else []
        if number == review.done:
            asked = ", ".join(_name(each, names) for each in review.asked[:NAMED])
            said.append(words("reviewing.waits_for", names=asked) if asked else words("reviewing.waits_in_vain"))
        elif number > review.done:
            said.append(words("reviewing.afterwards"))
        mark = "✅" if number < review.done else "⏳" if number == review.done else "▫️"
        place = words("reviewing.place", number=number + 1, total=len(review.stages))
        lines.append(f"{mark} {place} · {stage_line(stage, words, names)}: {' · '.join(said)}")
    return lines


def stage_people(page: PostPage) -> list[MemberId]:
    """Everyone whose name those lines say."""
    review = page.review
    named = [member for stage in review.stages for member in (*stage.people, stage.deputy) if member]
    return [*named, *review.asked, *(each.by for stage in review.signed for each in stage)]
