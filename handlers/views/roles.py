"""Who holds what in a brand: the form in which an admin ticks one member's roles, and what is said afterwards."""

from collections.abc import Mapping

from bot.domain.brands import Brand, Role
from bot.domain.records import MemberId
from bot.slack.blocks import Block, View, checkboxes, context, option, section, user
from bot.slack.forms import Form, Typed
from bot.slack.wire import Button
from bot.text.relaying import relay
from bot.text.words import Words
from handlers.views.faces import Names, brand_face, mention
from handlers.views.proposing import two_people


class EditRoles(Button, id="settings.edit_roles"):
    """Opens a brand's roles."""

    brand: str


class RolesForm(Form, id="settings.roles"):
    """One member's roles in a brand; `drawn` is the user whose roles are ticked. `proposal` is the id of what
    the change would be, `reason` why."""

    brand: str
    proposal: str = ""
    channel: str = ""
    drawn: str = ""
    person: Typed[str] = ""
    roles: Typed[tuple[str, ...]] = ()
    reason: Typed[str] = ""


def roles_view(form: RolesForm, brand: Brand, words: Words) -> View:
    """Who holds what in a brand, and one member's roles to be ticked; they are filled in when the member is chosen."""
    person = user(form.person or None, placeholder=words("settings.roles.person"))
    blocks: list[Block] = [
        section(f"*{relay(brand_face(brand), 120)}*"),
        context(roles_line(brand.roles, words)),
        RolesForm.input("person", words("settings.roles.person"), person, live=True),
    ]
    if form.drawn:
        options = [option(words(f"role.{role}"), role.value, words(f"role_hint.{role}")) for role in Role]
        ticks = checkboxes(options, form.roles)
        blocks.append(RolesForm.input("roles", words("settings.roles"), ticks, optional=True, fresh=form.drawn))
        if not brand.practice:
            blocks += two_people(RolesForm, form.reason, words("proposal.roles_hint"), words)
    return form.open(
        title=words("settings.roles.title"), submit=words("button.save"), close=words("button.cancel"), blocks=blocks
    )


def roles_line(roles: Mapping[MemberId, frozenset[Role]], words: Words) -> str:
    """`@Ana: Author, Approver`, a line a member."""
    lines = [f"{mention(member)}: {role_names(roles[member], words)}" for member in sorted(roles)][:30]
    return "\n".join(lines) or words("settings.roles.none")


def role_names(roles: frozenset[Role], words: Words) -> str:
    """`Author, Approver`; an admin holds every role."""
    shown = [Role.ADMIN] if Role.ADMIN in roles else [role for role in Role if role in roles]
    return ", ".join(words(f"role.{role}") for role in shown)


def roles_saved(member: MemberId, roles: frozenset[Role], brand: Brand, words: Words, names: Names) -> str:
    """Said to whoever changed somebody's roles."""
    name = names.get(member, mention(member))
    if not roles:
        return words("settings.roles.removed", name=name, brand=relay(brand.name, 80))
    return words("settings.roles.saved", name=name, roles=role_names(roles, words), brand=relay(brand.name, 80))
