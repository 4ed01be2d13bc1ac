"""What a person's hands do in the demo's page: become somebody, open a channel, type, and go by the keyboard alone."""

from tests.browser.chromium import Page
from tests.walks.people import Demo

PATIENCE = 60.0
"""Seconds for what waits for a poll, or for the twenty seconds in which an answer can be undone."""

MOST = 120
"""Presses of Tab."""

_AT = """(() => {
  const at = document.activeElement, label = at.closest('label') ?? at.labels?.[0];
  const block = at.closest('.block')?.querySelector('.b-label');
  const own = at.getAttribute('aria-label') ?? (['BUTTON', 'SUMMARY', 'A'].includes(at.tagName) ? at.innerText : '');
  return [own, label?.innerText, block?.innerText].map((each) => (each ?? '').replace(/\\s+/g, ' ').trim());
})()"""


async def become(page: Page, name: str) -> None:
    """Act as somebody else."""
    await page.click(role="radio", name=name)
    await page.find(".who.on", text=name.partition(" ")[0] if name != "Alma Reyes" else "Admin")


async def go(page: Page, channel: str) -> None:
    """Open a channel."""
    await page.click(".side-label", text=channel, exact=True)
    await page.find("h1", text=channel, exact=True)


async def say(page: Page, words: str) -> None:
    """Type into the open conversation and send."""
    await page.fill(words, '[data-composer="main"]')
    await page.press("Enter")


async def tab_to(page: Page, label: str, *, back: bool = False, whole: bool = False) -> None:
    """Press Tab until what has the focus is called so: by its own words, its label, or the label of its field;
    `whole`: by no more than that, and what it holds."""
    met = []
    for _ in range(MOST):
        names = await page.run(_AT)
        if any(name == label or name.startswith(f"{label}:" if whole else label) for name in names):
            return
        met.append(next(filter(None, names), ""))
        await page.press("Tab", *(["Shift"] if back else []))
    raise AssertionError(f"the keyboard doesn't reach {label!r}, only {list(dict.fromkeys(met))}")


async def enter(page: Page, label: str, *, back: bool = False) -> None:
    """Go to a button by the keyboard, and press it."""
    await tab_to(page, label, back=back)
    await page.press("Enter")


async def send(page: Page, label: str) -> None:
    """Send the open form by the keyboard, once it can be sent: while its button is busy with what was sent before, a
    press does nothing."""
    await page.find(".modal-submit:not([disabled]):not([aria-busy=true])", text=label)
    await tab_to(page, label, whole=True)  # "Guardar" is not "Guardarlo"
    await page.press("Enter")


async def pick(page: Page, menu: str, option: str, *, back: bool = False) -> None:
    """Open a menu by the keyboard, type what is looked for, and take it."""
    await tab_to(page, menu, back=back, whole=True)
    await page.press("Enter")
    await page.find(role="option", name=option)
    await page.type(option)
    await page.press("Enter")


async def comment(town: Demo, account: str, author: str, text: str) -> None:
    """Somebody outside speaks to an account."""
    answer = await town.post("/audience/comment", account=account, author=author, text=text)
    assert answer["ok"], answer


async def settings(page: Page, brand: str, button: str) -> None:
    """Open a part of a brand's settings, by the keyboard: its row is reached from the composer, backwards."""
    await page.find(".message.only", text=brand)
    await enter(page, button, back=True)
