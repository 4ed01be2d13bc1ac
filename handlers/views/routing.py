"""A brand's routes as its admins see them: in their order, each with where it leads; and the form of one."""

import hashlib
from collections.abc import Mapping, Sequence

from bot.desk.rulebooks import Rehearsal
from bot.domain.brands import Account, Brand, Role
from bot.domain.moods import SURE, Tone
from bot.domain.routing import LANGUAGES, Place, Route
from bot.domain.rulebook import Rulebook
from bot.domain.ruling import NAME, TAGS
from bot.slack.blocks import (
    Block,
    View,
    actions,
    channel,
    checkboxes,
    context,
    divider,
    multi_select,
    option,
    rich,
    section,
    select,
    text_input,
    user,
)
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay, relay_plain
from bot.text.times import moment
from bot.text.words import Words
from handlers.views.faces import Names, account_label, brand_face, practice_mark
from handlers.views.rulebook import QUOTED, TYPED, drop_button, split

ANY = "-"
"""The option for every language, and for no role."""
ASKED = (Role.MODERATOR, Role.APPROVER, Role.ADMIN)
"""Roles whose holders can be asked to take a conversation."""


class NewRoute(Button, id="routing.new"):
    """Opens an empty route's form."""

    brand: str


class EditRoute(Button, id="routing.edit"):
    """Opens a route's form."""

    brand: str
    rule: str


class EarlierRoute(Button, id="routing.earlier"):
    """Moves a route one place to the front, where the first that fits wins."""

    brand: str
    rule: str


class RouteForm(Form, id="routing.form"):
    """A route. `seen`: the route of which it was shown what it would have taken, by its digest."""

    brand: str
    rule: str
    channel: str = ""
    seen: str = ""
    name: Typed[str] = ""
    accounts: Typed[tuple[str, ...]] = ()
    terms: Typed[str] = ""
    spoken: Typed[str] = ANY
    moods: Typed[tuple[Tone, ...]] = ()
    tags: Typed[str] = ""
    place: Typed[str] = ""
    person: Typed[str] = ""
    role: Typed[str] = ANY

    def wanted(self, member: str) -> Route:
        """The route as it was filled in; `member` is the person, as a member of the team."""
        return Route(
            id=self.rule,
            name=self.name[:NAME],
            accounts=self.accounts,
            words=split(self.terms),
            language="" if self.spoken == ANY else self.spoken,
            moods=self.moods,
            tags=split(self.tags),
            channel=self.place,
            member=member,
            role=next((role for role in ASKED if role.value == self.role), None),
        )

    @property
    def digest(self) -> str:
        """What was filled in, to tell whether it changed since it was rehearsed."""
        parts = (self.name, *self.accounts, self.terms, self.spoken, *self.moods, self.tags, self.place, self.person)
        return hashlib.sha256("\0".join((*parts, self.role)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def routes_blocks(brand: Brand, book: Rulebook, places: Mapping[str, Place], words: Words, names: Names) -> list[Block]:
    """All of them, in their order."""
    blocks: list[Block] = [divider(), section(f"*{words('routing.heading')}*\n{words('routing.explain')}")]
    for number, route in enumerate(book.routes, 1):
        lines = [f"*{number}. {relay(route.name, 60)}* → {_to(route, words, names)}", _conditions(route, words)]
        place = places.get(route.channel)
        if route.channel and (place is None or not place.usable):
            lines.append(f":warning: {words('routing.unusable' if place else 'routing.unknown')}")
        about = {"brand": brand.id, "rule": route.id}
        blocks.append(section("\n".join(lines)))
        blocks.append(
            actions(
                EditRoute(**about).draw(words("button.edit"), suffix=route.id),
                EarlierRoute(**about).draw(words("routing.earlier"), suffix=route.id) if number > 1 else None,
                drop_button(brand, route.id, route.name, words),
            )
        )
    return [*blocks, actions(NewRoute(brand=brand.id).draw(words("routing.new")))]


def _to(route: Route, words: Words, names: Names) -> str:
    parts = [f"<#{route.channel}>"] if route.channel else []
    parts += [names.get(route.member, "")] if route.member else []
    parts += [words(f"role.{route.role}")] if route.role else []
    return " · ".join(parts)


def _conditions(route: Route, words: Words) -> str:
    parts = [words.n("routing.accounts_line", len(route.accounts))] if route.accounts else []
    parts += [words("ruling.words_line", words=relay(", ".join(route.words), 300))] if route.words else []
    parts += [words(f"routing.language.{route.language}")] if route.language else []
    parts += [", ".join(words(f"mood.{tone}") for tone in route.moods)] if route.moods else []
    parts += [words("ruling.tags_line", tags=relay(", ".join(route.tags), 200))] if route.tags else []
    return " · ".join(parts)


def filled_route(form: RouteForm, route: Route | None) -> RouteForm:
    """The form as the route is."""
    if route is None:
        return form
    shown = {
        "name": route.name,
        "accounts": route.accounts,
        "terms": "\n".join(route.words),
        "spoken": route.language or ANY,
        "moods": route.moods,
        "tags": ",".join(route.tags),
        "place": route.channel,
        "person": route.member.partition(":")[2],
        "role": route.role.value if route.role else ANY,
    }
    return form.model_copy(update=shown)


def route_view(
    form: RouteForm,
    brand: Brand,
    accounts: Sequence[Account],
    titles: Mapping[str, str],
    words: Words,
    found: Rehearsal | None = None,
) -> View:
    """Conditions, then where it leads; once it was rehearsed, what it would have taken (how many at its
    head too), and the next press saves it."""
    languages = [option(words("routing.any"), ANY), *(option(words(f"routing.language.{x}"), x) for x in LANGUAGES)]
    moods = [option(words(f"mood.{tone}"), tone.value) for tone in SURE]
    roles = [option(words("routing.nobody"), ANY), *(option(words(f"role.{role}"), role.value) for role in ASKED)]
    listed = [option(account_label(each, titles), each.id) for each in accounts[:100]]
    terms = text_input(form.terms, lines=True, most=TYPED)
    tags = text_input(form.tags, most=300)
    return form.open(
        title=words("routing.route"),
        submit=words("button.save" if found else "ruling.look"),
        close=words("button.cancel"),
        blocks=[
            section(f"*{relay(brand_face(brand), 120)}*"),
            *(_rehearsed(found, brand, words)[:1] if found else []),
            RouteForm.input("name", words("ruling.name"), text_input(form.name, most=NAME, focus=not form.name)),
            *(
                [
                    RouteForm.input(
                        "accounts", words("routing.accounts"), multi_select(listed, form.accounts), optional=True
                    )
                ]
                if listed
                else []
            ),
            RouteForm.input("terms", words("routing.terms"), terms, hint=words("ruling.terms.hint"), optional=True),
            RouteForm.input("spoken", words("routing.language"), select(languages, form.spoken)),
            RouteForm.input("moods", words("routing.moods"), checkboxes(moods, form.moods), optional=True),
            RouteForm.input(
                "tags", words("ruling.tags"), tags, hint=words("ruling.tags.hint", most=TAGS), optional=True
            ),
            divider(),
            RouteForm.input(
                "place", words("routing.place"), channel(form.place or None), hint=words("routing.place.hint"),
                optional=True,
            ),
            RouteForm.input("person", words("routing.person"), user(form.person or None), optional=True),
            RouteForm.input("role", words("routing.role"), select(roles, form.role)),
            context(words("ruling.all_conditions"), *practice_mark(brand, words)),
            *([divider(), *_rehearsed(found, brand, words)] if found else []),
        ],
    )  # fmt: skip


def _rehearsed(found: Rehearsal, brand: Brand, words: Words) -> list[Block]:
    blocks: list[Block] = [section(f":mag: *{words.n('routing.rehearsed', found.count, begun=found.heard)}*")]
    for talk, heard in found.samples:
        when = moment(heard.at, brand.clock, words)
        blocks.append(context(f"{relay(talk.person.name, 60)} · {when}"))
        blocks.append(rich(relay_plain(heard.text, QUOTED), quote=True))
    blocks += [context(words("ruling.newest_only"))] if found.cut else []
    return [*blocks, context(words("ruling.press_save"))]


def route_saved(route: Route, brand: Brand, words: Words) -> str:
    """Said to whoever saved it."""
    return words("routing.saved", route=relay(route.name, 60), brand=relay(brand_face(brand), 120))
