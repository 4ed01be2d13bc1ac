"""Small real pictures."""

import base64

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def picture_of(name: str, alt: str = "") -> dict[str, str]:
    """The same, as the audience API takes it."""
    return {"name": name, "base64": base64.b64encode(PNG).decode(), "alt": alt}
