"""A page as text, kept on disk so that a sent message can be found after a stop."""

import json

from telegram import InlineKeyboardMarkup

from bot.outgoing.page import Page, Picture


def packed(page: Page) -> str:
    return json.dumps(
        {
            "text": page.text,
            "keyboard": page.keyboard.to_dict() if page.keyboard else None,
            "attached": page.attached is not None,
        }
    )


def unpacked(body: str) -> Page:
    """The page, as far as an edit needs it."""
    kept = json.loads(body)
    keyboard = kept["keyboard"]
    return Page(
        text=kept["text"],
        keyboard=keyboard and InlineKeyboardMarkup.de_json(keyboard, None),
        attached=Picture(data=b"") if kept["attached"] else None,
    )
