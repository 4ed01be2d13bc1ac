"""What the gallery shows: a workspace and a public in mid-morning, with every element of Block Kit that we use."""

import io
from typing import Any

from PIL import Image, ImageDraw

from bot.sandbox import world

Json = dict[str, Any]

HOSTILE = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
SHORTCUTS = [
    {"callback_id": "new_post", "name": "Nueva publicación", "type": "global"},
    {"callback_id": "reply_in_public", "name": "Responder en público", "type": "message"},
]
ANA, BRUNO, CARLA = (user.id for user in world.USERS[:3])
REVIEW, INBOX, GENERAL = "C01AGORREV1", "C01AGORINB1", "C01GENERAL1"


def picture(top: str = "#f3d3ae", bottom: str = "#a9512f") -> bytes:
    """A drawn still life: a cup on a table."""
    image = Image.new("RGB", (800, 520), top)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 360, 800, 520), fill=bottom)
    draw.ellipse((250, 330, 560, 420), fill="#fffaf2")
    draw.rounded_rectangle((310, 210, 500, 380), 40, fill="#ffffff")
    draw.ellipse((310, 185, 500, 245), fill="#6b3a22")
    draw.arc((470, 240, 560, 330), -90, 90, fill="#ffffff", width=16)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def plain(text: str) -> Json:
    """plain_text."""
    return {"type": "plain_text", "text": text, "emoji": True}


def md(text: str) -> Json:
    """mrkdwn."""
    return {"type": "mrkdwn", "text": text}


def section(text: str, **more: Any) -> Json:
    """A section of mrkdwn."""
    return {"type": "section", "text": md(text), **more}


def button(text: str, action: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action, "value": "1", **more}


def option(text: str, value: str, description: str = "") -> Json:
    """An option."""
    return {"text": plain(text), "value": value, **({"description": plain(description)} if description else {})}


def field(label: str, element: Json, **more: Any) -> Json:
    """An input block; its id is that of its element."""
    return {"type": "input", "block_id": element["action_id"], "label": plain(label), "element": element, **more}


def context(*texts: str) -> Json:
    """A line of small print."""
    return {"type": "context", "elements": [md(text) for text in texts]}


SURE = {
    "title": plain("¿Aprobar y publicar?"),
    "text": md("Sale ahora mismo en *Café Ágora* (X)."),
    "confirm": plain("Aprobar y publicar"),
    "deny": plain("Volver"),
}
CHOICES = [
    option("Vender", "sell"),
    option("Ayudar", "help"),
    option("Conversar", "talk"),
    option("Comunidad", "community"),
]
WHY = [option("Ortografía", "spelling", "acentos, comas"), option("Tono", "tone"), option("Dato dudoso", "fact")]

CARD: list[Json] = [
    {"type": "header", "text": plain("Café Ágora · En revisión")},
    section(
        "Este jueves estrenamos rollos de canela, calientes desde las ocho :coffee:\nTe guardamos uno si lo pides hoy.",
        accessory={"type": "image", "slack_file": {"id": "F01"}, "alt_text": "Una taza de café sobre una mesa"},
    ),
    {
        "type": "section",
        "fields": [md("*Cuentas*\n𝕏 Café Ágora\nFacebook Café Ágora"), md("*Cuándo*\njueves 8:00 (Madrid)")],
    },
    context(":eyes: Pide revisión Ana Ruiz", ":warning: Falta el texto alternativo de una imagen"),
    {
        "type": "actions",
        "elements": [
            button("Aprobar", "review.approve", style="primary", confirm=SURE),
            button("Pedir cambios", "review.changes"),
            button("Rechazar", "review.reject", style="danger"),
            {
                "type": "overflow",
                "action_id": "review.more",
                "options": [option("Editar", "edit"), option("Ver cambios", "diff"), option("Pausar", "hold")],
            },
        ],
    },
]

RICH: Json = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Plan del jueves ", "style": {"bold": True}},
                {"type": "emoji", "name": "calendar"},
                {"type": "text", "text": ": lo lleva "},
                {"type": "user", "user_id": BRUNO},
                {"type": "text", "text": " en "},
                {"type": "channel", "channel_id": INBOX},
                {"type": "text", "text": ". "},
                {"type": "link", "url": "https://cafe-agora.example/carta", "text": "La carta"},
                {"type": "text", "text": " "},
                {"type": "text", "text": "tachado", "style": {"strike": True}},
                {"type": "text", "text": " "},
                {"type": "text", "text": "utm_source", "style": {"code": True}},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Foto con luz de mañana"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "Precio en la primera línea"}]},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "sin gluten, aparte"}]}],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "¿Habrá también sin gluten?"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "2026-11-26  08:00  x, facebook"}]},
    ],
}

GALLERY: list[Json] = [
    {"type": "header", "text": plain("Everything a card can hold")},
    section(
        "*bold* _italic_ ~strike~ `code` <https://example.org|a link> :tada: :octagonal_sign: :large_green_circle:"
    ),
    section("&gt; quoted &amp; escaped &lt;b&gt;\n&gt; two lines\nthen <@U01BRUNO001> in <#C01AGORINB1|agora-inbox>"),
    section("Due <!date^1795600800^{date_short_pretty} at {time}|26 November>\n```def post():\n    return '<once>'```"),
    section(f"Foreign: {HOSTILE}"),
    {"type": "divider"},
    {"type": "image", "image_url": "/human/files/F01", "alt_text": "A cup of coffee", "title": plain("A picture")},
    RICH,
    {
        "type": "markdown",
        "text": "## Markdown\nSome **bold**, *italic*, `code` and [a link](https://example.org)\n\n- one\n- two",
    },
    section(
        "Pick a kind",
        accessory={"type": "static_select", "action_id": "kind", "options": CHOICES, "placeholder": plain("Kind")},
    ),
    {
        "type": "actions",
        "elements": [
            button("Open", "gallery.link", url="https://example.org"),
            {"type": "users_select", "action_id": "who", "placeholder": plain("Assign to…")},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-26"},
            {"type": "timepicker", "action_id": "hour", "initial_time": "08:00"},
        ],
    },
    section("Reasons", accessory={"type": "checkboxes", "action_id": "why", "options": WHY}),
    section(
        "One of these",
        accessory={"type": "radio_buttons", "action_id": "one", "options": WHY, "initial_option": WHY[1]},
    ),
    context("Small print with `code`", "and *bold*"),
]

FORM: Json = {
    "id": "V01",
    "type": "modal",
    "title": plain("Nueva publicación"),
    "submit": plain("Enviar a revisión"),
    "close": plain("Cerrar"),
    "errors": {},
    "error": None,
    "blocks": [
        context("Café Ágora · próximo horario libre: *jueves 8:00* (Madrid)"),
        field(
            "Cuentas",
            {
                "type": "multi_static_select",
                "action_id": "accounts",
                "options": [option("𝕏 Café Ágora", "x"), option("Facebook Café Ágora", "fb"), option("Ensayo", "p")],
                "initial_options": [option("𝕏 Café Ágora", "x"), option("Facebook Café Ágora", "fb")],
            },
        ),
        field(
            "Texto",
            {
                "type": "plain_text_input",
                "action_id": "text",
                "multiline": True,
                "max_length": 280,
                "initial_value": "Este jueves estrenamos rollos de canela, calientes desde las ocho ☕",
                "dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]},
            },
            dispatch_action=True,
            hint=plain("Se publica tal como está escrito."),
        ),
        field(
            "Imágenes",
            {"type": "file_input", "action_id": "files", "filetypes": ["png", "jpg"], "max_files": 4},
            optional=True,
        ),
        field("Cuándo", {"type": "datetimepicker", "action_id": "when", "initial_date_time": 1795676400}),
        field(
            "Tipo",
            {"type": "static_select", "action_id": "kind", "options": CHOICES, "placeholder": plain("Elegir tipo")},
            optional=True,
        ),
        field("Quién revisa", {"type": "users_select", "action_id": "reviewer", "initial_user": BRUNO}),
        field("Canal", {"type": "conversations_select", "action_id": "channel", "initial_conversation": REVIEW}),
        field("Avisos", {"type": "checkboxes", "action_id": "notices", "options": WHY}, optional=True),
        field("Alcance", {"type": "radio_buttons", "action_id": "reach", "options": WHY, "initial_option": WHY[0]}),
        {"type": "actions", "block_id": "extra", "elements": [button("Más opciones", "compose.more")]},
    ],
}

HOME: Json = {
    "id": "VHOME",
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Buenos días, Ana")},
        context("domingo 22 de noviembre · Café Ágora, Northwind Books"),
        {
            "type": "actions",
            "elements": [
                button("Nueva publicación", "home.new", style="primary"),
                button("Semana", "home.week"),
                button("Parar publicaciones", "home.stop", style="danger"),
            ],
        },
        {"type": "divider"},
        {"type": "header", "text": plain("Por aprobar")},
        section("*Café Ágora* · rollos de canela\njueves 8:00 · pide Ana Ruiz", accessory=button("Abrir", "home.open")),
        section(
            "*Northwind Books* · club de lectura\nviernes 18:30 · pide Diego Park",
            accessory=button("Abrir", "home.open2"),
        ),
        {"type": "header", "text": plain("Conversaciones mías")},
        section(
            ":speech_balloon: *Lucía Prado* pregunta por opciones sin gluten\nhace 12 min · Café Ágora · 𝕏",
            accessory=button("Responder", "home.reply"),
        ),
        context(":white_check_mark: Todo lo programado para hoy salió a su hora"),
    ],
}


def messages(now: float) -> dict[str, list[Json]]:
    """Each channel's messages, oldest first; `now` in seconds."""

    def at(minutes: float) -> str:
        return f"{now - minutes * 60:.6f}"

    bot = {"bot_id": world.BOT_ID, "user": world.BOT_USER_ID, "username": "Vocero", "reactions": [], "files": []}
    human: Json = {"blocks": [], "reactions": [], "files": []}
    parent = at(46)
    return {
        REVIEW: [
            {**human, "ts": at(1500), "user": BRUNO, "text": "Buenas tardes. Mañana reviso lo del puente :coffee:"},
            {**human, "ts": at(52), "user": ANA, "text": "He dejado lista la de los rollos de canela"},
            {**human, "ts": at(51), "user": ANA, "text": "<@U01BRUNO001> cuando puedas, *sale el jueves*"},
            {
                **bot,
                "ts": parent,
                "text": "En revisión",
                "blocks": CARD,
                "reactions": [{"name": "eyes", "users": [BRUNO], "count": 1}],
            },
            {
                **human,
                "ts": at(30),
                "user": BRUNO,
                "thread_ts": parent,
                "text": "¿«estrenamos» o «llegan»? Lo demás, perfecto",
            },
            {**human, "ts": at(28), "user": ANA, "thread_ts": parent, "text": "Prefiero estrenamos :smile:"},
            {
                **bot,
                "ts": at(20),
                "text": "ok",
                "blocks": [
                    section(":white_check_mark: *Aprobada* por Bruno Vidal · sale el jueves a las 8:00 (Madrid)")
                ],
            },
            {
                **bot,
                "ts": at(2),
                "text": "solo tú",
                "blocks": [section("Tu borrador de ayer sigue aquí.", accessory=button("Continuar", "draft.open"))],
                "ephemeral": {"user": ANA},
            },
        ],
        INBOX: [
            {
                **bot,
                "ts": at(12),
                "text": "Nueva",
                "blocks": [
                    section("*Lucía Prado* en 𝕏 · Café Ágora\n&gt; ¿Habrá también sin gluten?"),
                    context(":large_green_circle: Nueva", "segunda vez que escribe", "es"),
                    {
                        "type": "actions",
                        "elements": [
                            button("Responder en público", "inbox.reply", style="primary"),
                            button("Me encargo", "inbox.claim"),
                            button("No hace falta", "inbox.close"),
                        ],
                    },
                ],
            }
        ],
        GENERAL: [
            {**bot, "ts": at(5), "text": "gallery", "blocks": GALLERY},
            {**human, "ts": at(4), "user": CARLA, "text": f"Hostile: {HOSTILE} & *fine*"},
        ],
    }


def posts(now: float) -> dict[str, Json]:
    """What the public sees, by account id."""
    reply = {"media": [], "hidden": False, "by_account": False, "replies": []}
    post: Json = {
        "id": "9001",
        "account": "1500000000000000001",
        "author": "Café Ágora",
        "by_account": True,
        "text": "Este jueves estrenamos rollos de canela, calientes desde las ocho ☕\n"
        "Te guardamos uno si lo pides hoy: https://cafe-agora.example/rollos #desayuno",
        "media": [
            {
                "id": "M1",
                "alt": "Una taza de café con leche sobre una mesa de madera",
                "name": "taza.png",
                "type": "image/png",
                "url": "/audience/media/M1",
            }
        ],
        "at": now - 3000,
        "hidden": False,
        "permalink": "/x/cafe_agora/status/9001",
        "replies": [
            {
                **reply,
                "id": "9002",
                "author": "Lucía Prado",
                "text": "¿Habrá también sin gluten?",
                "at": now - 720,
                "replies": [
                    {
                        **reply,
                        "id": "9003",
                        "author": "Café Ágora",
                        "by_account": True,
                        "text": "¡Sí! Los hacemos aparte los viernes. ^Carla",
                        "at": now - 300,
                    }
                ],
            },
            {
                **reply,
                "id": "9004",
                "author": "oferta_real",
                "text": "Gana dinero desde casa, mira mi perfil",
                "at": now - 600,
                "hidden": True,
            },
            {**reply, "id": "9005", "author": HOSTILE[:40], "text": f"Qué rico {HOSTILE}", "at": now - 200},
        ],
    }
    second = {
        **post,
        "id": "8990",
        "text": "Domingo de lluvia, ventana y libro. ¿Qué estás leyendo?",
        "media": [],
        "replies": [],
        "at": now - 90000,
        "permalink": "/x/cafe_agora/status/8990",
    }
    mention = {
        **reply,
        "id": "9100",
        "account": "1500000000000000001",
        "author": "Tom Weaver",
        "text": "@cafe_agora best flat white in Madrid, no contest",
        "at": now - 5000,
        "permalink": "/x/tom/status/9100",
    }
    facebook = {**post, "id": "103_1", "account": "103000000000001", "replies": post["replies"]}
    return {
        "1500000000000000001": {"posts": [post, second], "mentions": [mention]},
        "103000000000001": {"posts": [facebook], "mentions": []},
        "ensayo": {
            "posts": [
                {
                    **second,
                    "id": "p1",
                    "author": "Ensayo",
                    "account": "ensayo",
                    "replies": [{**reply, "id": "p2", "author": "Vera", "text": "¡Probando!", "at": now - 60}],
                }
            ],
            "mentions": [],
        },
    }
