"""Which function answers which interaction, which event redraws what, and who draws each card.

Each handler file has a `Router`; the composition root includes them all in one. The types tie class and handler
together: mypy rejects a handler registered for another class, or returning something that can't be performed.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

from bot.domain.brands import Role
from bot.domain.events import Event
from bot.slack.call import Call, Scene
from bot.slack.cards import Card, Draw, Sheet
from bot.slack.forms import Form, typed_fields
from bot.slack.reply import Reply
from bot.slack.wire import Interaction

P = TypeVar("P", bound=Interaction)
E = TypeVar("E", bound=Event)
F = TypeVar("F", bound=Form)
C = TypeVar("C", bound=Card)

Handler = Callable[[P, Call], Awaitable[Reply]]
Redraw = Callable[[E, Scene], Awaitable[Sequence[Draw]]]
Live = Callable[[F, str, Call], Awaitable[Reply]]
Drawer = Callable[[C, Scene], Awaitable[Sheet | None]]


@dataclass(frozen=True)
class Route:
    """A handler and the roles of which one is needed, in the brand that the interaction belongs to; none: anybody."""

    handler: Handler[Any]
    needs: tuple[Role, ...] = ()


@dataclass(frozen=True)
class Routes:
    """All that is registered, by class."""

    interactions: Mapping[type[Interaction], Route]
    live: Mapping[type[Form], Live[Any]]
    closed: Mapping[type[Form], Handler[Any]]
    events: Mapping[type[Event], Sequence[Redraw[Any]]]
    cards: Mapping[type[Card], Drawer[Any]]

    def ids(self, kind: type[Interaction]) -> frozenset[str]:
        """The ids of everything routed of one kind: `routes.ids(Command)`."""
        return frozenset(each.ID for each in self.interactions if issubclass(each, kind))


@dataclass
class Router:
    """A table of handlers; registering the same class twice is a TypeError at import."""

    _interactions: dict[type[Interaction], Route] = field(default_factory=dict)
    _live: dict[type[Form], Live[Any]] = field(default_factory=dict)
    _closed: dict[type[Form], Handler[Any]] = field(default_factory=dict)
    _events: dict[type[Event], list[Redraw[Any]]] = field(default_factory=dict)
    _cards: dict[type[Card], Drawer[Any]] = field(default_factory=dict)

    @overload
    def on(self, kind: type[P], *, needs: Role | Iterable[Role] = ()) -> Callable[[Handler[P]], Handler[P]]: ...

    @overload
    def on(self, kind: type[E]) -> Callable[[Redraw[E]], Redraw[E]]: ...

    def on(self, kind: type[Any], *, needs: Role | Iterable[Role] = ()) -> Callable[[Any], Any]:
        """Registers the handler of a button, form, command, shortcut or Slack event, or of one of our own events.

        needs is checked on the server at the moment of the press, in the brand found through the interaction's
        `brand`, `post`, `delivery`, `conversation` or `account`; where there is none, nobody is let through.
        """
        if issubclass(kind, Event):
            return self._redraws(kind)
        roles = (needs,) if isinstance(needs, Role) else tuple(sorted(needs))

        def register(handler: Handler[Any]) -> Handler[Any]:
            _once(self._interactions, kind, Route(handler, roles))
            return handler

        return register

    def _redraws(self, event: type[Event]) -> Callable[[Redraw[Any]], Redraw[Any]]:
        def register(redraw: Redraw[Any]) -> Redraw[Any]:
            self._events.setdefault(event, []).append(redraw)
            return redraw

        return register

    def live(self, form: type[F]) -> Callable[[Live[F]], Live[F]]:
        """Registers what follows a change of a form's live inputs: `(form as far as filled, field, call)`."""
        _with_defaults(form)

        def register(handler: Live[F]) -> Live[F]:
            _once(self._live, form, handler)
            return handler

        return register

    def closed(self, form: type[F]) -> Callable[[Handler[F]], Handler[F]]:
        """Registers what follows when somebody closes a form that was opened with `notify_on_close`."""
        _with_defaults(form)

        def register(handler: Handler[F]) -> Handler[F]:
            _once(self._closed, form, handler)
            return handler

        return register

    def draws(self, card: type[C]) -> Callable[[Drawer[C]], Drawer[C]]:
        """Registers who draws a card, from the records as they are now; None when there is nothing to draw."""

        def register(drawer: Drawer[C]) -> Drawer[C]:
            _once(self._cards, card, drawer)
            return drawer

        return register

    def include(self, *others: "Router") -> None:
        """Takes over all that others registered."""
        for other in others:
            for mine, theirs in (
                (self._interactions, other._interactions),
                (self._live, other._live),
                (self._closed, other._closed),
                (self._cards, other._cards),
            ):
                for kind, entry in theirs.items():
                    _once(mine, kind, entry)
            for event, redraws in other._events.items():
                self._events.setdefault(event, []).extend(redraws)

    def routes(self) -> Routes:
        """All that is registered now."""
        events = {event: tuple(redraws) for event, redraws in self._events.items()}
        return Routes(dict(self._interactions), dict(self._live), dict(self._closed), events, dict(self._cards))


def _once(table: dict[Any, Any], kind: type[Interaction], entry: object) -> None:
    if kind in table:
        raise TypeError(f"{kind.__qualname__} has a handler already")
    table[kind] = entry


def _with_defaults(form: type[Form]) -> None:
    required = [name for name in typed_fields(form) if form.model_fields[name].is_required()]
    if required:
        raise TypeError(f"{form.__qualname__} is read while it is open: {required} need defaults")
