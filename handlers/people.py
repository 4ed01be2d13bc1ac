"""The people outside: find them, see what they said, note what helps, confirm who speaks well of us, forget them."""

from bot.domain.brands import Role
from bot.domain.people import Relationship
from bot.errors import FieldErrors, UserError
from bot.slack.call import Call
from bot.slack.reply import Open, Reply, Say, SendFile, Several, Update
from bot.slack.router import Router
from handlers.views.faces import names_of
from handlers.views.people import (
    ConfirmAdvocate,
    EditPerson,
    ExportPerson,
    ForgetPerson,
    LinkPeople,
    PeopleCommand,
    PersonForm,
    SameForm,
    SeekSame,
    SeePerson,
    ShowPeople,
    export_file,
    exported_view,
    forgotten_view,
    people_message,
    person_form,
    person_view,
    same_form,
    same_found,
)

router = Router()


@router.on(PeopleCommand)
async def people(command: PeopleCommand, call: Call) -> Reply:
    """Whom I am looking for, or who spoke last."""
    return await _found(command.text, call)


@router.on(ShowPeople)
async def show(_: ShowPeople, call: Call) -> Reply:
    """The same from a menu."""
    return await _found("", call)


async def _found(words: str, call: Call) -> Reply:
    found = await call.desk.people.find(words, call.who)
    return Say(people_message(found, call.desk.pages.titles(), call.words))


@router.on(SeePerson, needs=Role.MODERATOR)
async def see(press: SeePerson, call: Call) -> Reply:
    """Their page."""
    page = await call.desk.people.page(press.outsider, call.who)
    return Open(person_view(page, call.words, await names_of(call.desk.member, page.people)))


@router.on(EditPerson, needs=Role.MODERATOR)
async def edit(press: EditPerson, call: Call) -> Reply:
    """The form."""
    return Open(person_form(await call.desk.people.page(press.outsider, call.who), call.words))


@router.on(PersonForm, needs=Role.MODERATOR)
async def save(form: PersonForm, call: Call) -> Reply:
    """What was written is kept, and their page shown."""
    try:
        relationship = Relationship(form.relationship)
    except ValueError as error:
        raise FieldErrors({"relationship": UserError("error.field")}) from error
    people = call.desk.people
    await people.describe(form.outsider, call.who, form.tags.split(","), form.note, relationship)
    return await _page(form.outsider, call)


@router.on(ConfirmAdvocate, needs=Role.MODERATOR)
async def advocate(press: ConfirmAdvocate, call: Call) -> Reply:
    """Somebody says so; it can be taken back."""
    people = call.desk.people
    await (people.confirm if press.yes else people.unconfirm)(press.outsider, call.who)
    return await _page(press.outsider, call)


@router.on(SeekSame, needs=Role.MODERATOR)
async def seek_same(press: SeekSame, call: Call) -> Reply:
    """Another profile of the same human is looked for."""
    return Open(same_form(await call.desk.people.page(press.outsider, call.who), call.words))


@router.on(SameForm, needs=Role.MODERATOR)
async def found_same(form: SameForm, call: Call) -> Reply:
    """Those it may be."""
    page = await call.desk.people.page(form.outsider, call.who)
    return Update(same_found(page, await call.desk.people.find(form.words, call.who), call.words))


@router.on(LinkPeople, needs=Role.MODERATOR)
async def link(press: LinkPeople, call: Call) -> Reply:
    """One human, or two after all."""
    await call.desk.people.link(press.outsider, press.other, call.who, apart=press.apart)
    return await _page(press.outsider, call)


@router.on(ExportPerson, needs=Role.ADMIN)
async def export(press: ExportPerson, call: Call) -> Reply:
    """One file, in the direct messages of whoever asked; that it was given out is on record."""
    person = await call.desk.people.get(press.outsider)
    text = await call.desk.exporting.person(press.outsider, call.who)
    file = export_file(person, text, call.words)
    return Several.of(Update(exported_view(call.words)), SendFile(file))


@router.on(ForgetPerson, needs=Role.ADMIN)
async def forget(press: ForgetPerson, call: Call) -> Reply:
    """What they said goes from records, cards and store; that it happened is on record."""
    count = await call.desk.people.forget(press.outsider, call.who)
    return Update(forgotten_view(count, call.words))


async def _page(person: str, call: Call) -> Reply:
    page = await call.desk.people.page(person, call.who)
    return Update(person_view(page, call.words, await names_of(call.desk.member, page.people)))
