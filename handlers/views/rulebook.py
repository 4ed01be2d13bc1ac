"""A brand's rulebook as its admins see it: rules that moderate by themselves, with what they would have done."""

import hashlib
from collections.abc import Sequence

from bot.desk.rulebooks import Rehearsal
from bot.domain.brands import Brand
from bot.domain.rulebook import Rulebook
from bot.domain.ruled import ORDER, Strength
from bot.domain.ruling import NAME, TAGS, ModerationRule
from bot.slack.blocks import (
    Block,
    Element,
    View,
    actions,
    checkboxes,
    confirm,
    context,
    divider,
    option,
    plain,
    radio,
    rich,
    section,
    text_input,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import brand_face, practice_mark

QUOTED = 300
TYPED = 3000
"""Characters that Slack's input takes."""
SHARE = 4
"""A rule that fits one in so many comments is most likely a slip."""


class EditRulebook(Button, id="rulebook.edit"):
    """Opens a brand's rulebook."""

    brand: str


class NewRule(Button, id="rulebook.new_rule"):
    """Opens an empty rule's form."""

    brand: str


class EditRule(Button, id="rulebook.edit_rule"):
    """Opens a rule's form."""

    brand: str
    rule: str


class SwitchRule(Button, id="rulebook.switch"):
    """Switches a rule on, also after it stopped itself, or off."""

    brand: str
    rule: str
    on: bool


class DropRule(Button, id="rulebook.drop"):
    """Takes a rule or a route out."""

    brand: str
    rule: str


class RuleForm(Form, id="rulebook.rule_form"):
    """A moderation rule. `seen`: the rule of which it was shown what it would have done, by its digest."""

    brand: str
    rule: str
    channel: str = ""
    seen: str = ""
    name: Typed[str] = ""
    strength: Typed[Strength] = Strength.FLAG
    terms: Typed[str] = ""
    tags: Typed[str] = ""
    ticks: Typed[tuple[str, ...]] = ()

    @property
    def wanted(self) -> ModerationRule:
        """The rule as it was filled in."""
        return ModerationRule(
            id=self.rule,
            name=self.name[:NAME],
            strength=self.strength,
            words=split(self.terms),
            links="links" in self.ticks,
            tags=split(self.tags),
            on="on" in self.ticks,
        )

    @property
    def digest(self) -> str:
        """What was filled in, to tell whether it changed since it was rehearsed."""
        parts = (self.name, self.strength, self.terms, self.tags, *sorted(self.ticks))
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def split(text: str) -> tuple[str, ...]:
    """Words by comma or line."""
    return tuple(part.strip() for line in text.splitlines() for part in line.split(",") if part.strip())


def rulebook_view(brand: Brand, book: Rulebook, words: Words, more: Sequence[Block] = ()) -> View:
    """Every rule with its state and its presses; `more` are the other parts of the book."""
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        context(words("ruling.explain"), *practice_mark(brand, words)),
        section(f"*{words('ruling.heading')}*"),
    ]
    for rule in book.moderation:
        blocks += _rule(rule, brand, words)
    blocks.append(actions(NewRule(brand=brand.id).draw(words("ruling.new"))))
    return {
        "type": "modal",
        "title": plain(words("ruling.title"), 24),
        "close": plain(words("button.close"), 24),
        "blocks": [*blocks, *more],
    }


def _rule(rule: ModerationRule, brand: Brand, words: Words) -> list[Block]:
    state = words("ruling.on" if rule.on else "ruling.off")
    if rule.on and rule.paused_at is not None:
        when = moment(rule.paused_at, brand.clock, words)
        state = f":warning: {words('ruling.paused', when=when, count=rule.paused_for)}"
    head = f"*{relay(rule.name, 60)}* · {words(f'ruling.strength.{rule.strength}')} · {state}"
    about = {"brand": brand.id, "rule": rule.id}
    switch = SwitchRule(**about, on=not rule.acts)
    return [
        section(f"{head}\n{conditions(rule, words)}"),
        actions(
            EditRule(brand=brand.id, rule=rule.id).draw(words("button.edit"), suffix=rule.id),
            switch.draw(words("ruling.switch_on" if not rule.acts else "ruling.switch_off"), suffix=rule.id),
            drop_button(brand, rule.id, rule.name, words),
        ),
    ]


def drop_button(brand: Brand, id_: str, name: str, words: Words) -> Element:
    """Takes it out, after a second look."""
    sure = confirm(
        words("button.delete"), words("ruling.drop_sure", name=relay_plain(name, 60)), words("button.delete"),
        words("button.cancel"), danger=True,
    )  # fmt: skip
    return DropRule(brand=brand.id, rule=id_).draw(words("button.delete"), suffix=id_, style="danger", confirm=sure)


def conditions(rule: ModerationRule, words: Words) -> str:
    """What has to be so, in a line."""
    parts = [words("ruling.words_line", words=relay(", ".join(rule.words), 400))] if rule.words else []
    parts += [words("ruling.links_line")] if rule.links else []
    parts += [words("ruling.tags_line", tags=relay(", ".join(rule.tags), 200))] if rule.tags else []
    return " · ".join(parts)


def filled_rule(form: RuleForm, rule: ModerationRule | None) -> RuleForm:
    """The form as the rule is; a new one does the least and is off."""
    if rule is None:
        return form
    ticks = tuple(tick for tick, so in (("links", rule.links), ("on", rule.on)) if so)
    shown = {"name": rule.name, "strength": rule.strength, "terms": "\n".join(rule.words)}
    return form.model_copy(update={**shown, "tags": ",".join(rule.tags), "ticks": ticks})


def rule_view(form: RuleForm, brand: Brand, words: Words, rehearsal: Rehearsal | None = None) -> View:
    """The rule; once it was rehearsed, with what it would have done, and saved by the next press. How many it would
    have been stands at its head too: a form that changes stays where it was scrolled to."""
    strengths = [
        option(words(f"ruling.strength.{each}"), each.value, words(f"ruling.strength.{each}.hint")) for each in Strength
    ]
    ticks = [option(words("ruling.links"), "links"), option(words("ruling.switched_on"), "on")]
    terms = text_input(form.terms, lines=True, most=TYPED, placeholder=words("ruling.terms.example"))
    return form.open(
        title=words("ruling.rule"),
        submit=words("button.save" if rehearsal else "ruling.look"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(brand), 120)}*"),
            *(rehearsed(rehearsal, brand, words)[:1] if rehearsal else []),
            RuleForm.input("name", words("ruling.name"), text_input(form.name, most=NAME, focus=not form.name)),
            RuleForm.input("strength", words("ruling.does"), radio(strengths, form.strength.value)),
            RuleForm.input("terms", words("ruling.terms"), terms, hint=words("ruling.terms.hint"), optional=True),
            RuleForm.input(
                "tags", words("ruling.tags"), text_input(form.tags, most=300),
                hint=words("ruling.tags.hint", most=TAGS), optional=True,
            ),
            RuleForm.input("ticks", words("ruling.also"), checkboxes(ticks, form.ticks), optional=True),
            context(words("ruling.all_conditions")),
            *([divider(), *rehearsed(rehearsal, brand, words)] if rehearsal else []),
        ],
    )  # fmt: skip


def rehearsed(found: Rehearsal, brand: Brand, words: Words) -> list[Block]:
    """What it would have done in the last seven days: the most that it could, where it could do only less, samples."""
    if not found.count:
        return [section(f":mag: {words.n('ruling.rehearsed_none', found.heard)}"), context(words("ruling.press_save"))]
    most = max(found.done, key=ORDER.index)
    said = words.n("ruling.rehearsed", found.done[most], did=words(f"ruling.would.{most}"), heard=found.heard)
    blocks: list[Block] = [section(f":mag: *{said}*")]
    for strength, names in found.less.items():
        where = relay(", ".join(names), 300)
        blocks.append(context(words.n(f"ruling.less.{strength}", found.done[strength], where=where)))
    if found.count * SHARE >= found.heard and found.count > 1:
        blocks.append(section(f":warning: {words('ruling.much')}"))
    for talk, heard in found.samples:
        when = moment(heard.at, brand.clock, words)
        blocks.append(context(f"{relay(talk.person.name, 60)} · {when}"))
        blocks.append(rich(relay_plain(heard.text, QUOTED), quote=True))
    left = found.count - len(found.samples)
    blocks += [context(words.n("digest.more", left))] if left > 0 else []
    blocks += [context(words("ruling.newest_only"))] if found.cut else []
    return [*blocks, context(words("ruling.press_save"))]


def rule_saved(rule: ModerationRule, brand: Brand, words: Words) -> str:
    """Said to whoever saved it."""
    key = "ruling.saved_on" if rule.on else "ruling.saved_off"
    return words(key, rule=relay(rule.name, 60), brand=relay(brand_face(brand), 120))
