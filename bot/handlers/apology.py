"""What the program itself failed at is said, whatever it was."""

from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext

from bot.outgoing.chat import OwnersChat
from bot.outgoing.page import Page
from bot.views import trouble
from core.model.errors import Contradiction, NotifierAway, StoreError


def apologise(
    application: Application[Any, Any, Any, Any, Any, Any], chat: OwnersChat
) -> None:
    """Have *application* say in *chat* that an update's handler raised. What ends the
    process is told by the next start instead."""

    async def on_failure(
        update: object, context: CallbackContext[Any, Any, Any, Any]
    ) -> None:
        is_ending = isinstance(context.error, Contradiction | StoreError)
        if isinstance(update, Update) and not is_ending:
            page = Page(text=_said(context.error))
            await chat.post(f"apology:{update.update_id}", lambda: page)

    application.add_error_handler(on_failure)


def _said(error: Exception | None) -> str:
    if isinstance(error, NotifierAway):
        return trouble.no_place(str(error))
    return trouble.mishap()
