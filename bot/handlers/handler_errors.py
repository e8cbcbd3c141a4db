"""Answers a sender whose update's handler raised an error."""

from collections.abc import Callable
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext

from bot.outgoing.chat import OwnersChat, always
from bot.outgoing.page import Page
from bot.views import trouble
from core.model.errors import Contradiction, NotifierAway, StoreError


def report_handler_errors(
    application: Application[Any, Any, Any, Any, Any, Any],
    chat_of: Callable[[int], OwnersChat],
) -> None:
    """Have *application* tell the sender of an update that its handler raised an error.
    An error that ends the process is told at the next start instead.
    """

    async def on_failure(
        update: object, context: CallbackContext[Any, Any, Any, Any]
    ) -> None:
        is_ending = isinstance(context.error, Contradiction | StoreError)
        if isinstance(update, Update) and update.effective_user and not is_ending:
            page = Page(text=_said(context.error))
            chat = chat_of(update.effective_user.id)
            await chat.post(f"apology:{update.update_id}", always(page))

    application.add_error_handler(on_failure)


def _said(error: Exception | None) -> str:
    if isinstance(error, NotifierAway):
        return trouble.no_place(str(error))
    return trouble.failed_page()
