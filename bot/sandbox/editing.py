"""Bot API methods that edit or delete messages.

What the real server refuses (400) raises ApiRefused.

Tested by tests/bot/sandbox/test_client.py.
"""

from bot.sandbox.api_types import Content, ContentKind, Json, Message
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiRefused
from bot.sandbox.keyboards import reply_markup
from bot.sandbox.params import Params, formatted
from bot.sandbox.sending import TEXT_MOST, caption_of, from_input_media


def edit_text(chats: Chats, params: Params) -> Json:
    """Edit the text of a message."""
    source = params.text("text")
    if not source:
        raise ApiRefused("message text is empty")
    text, entities = formatted(source, params)
    message = _editable(chats, params)
    if message.content.kind is not ContentKind.TEXT:
        raise ApiRefused("there is no text in the message to edit")
    if not text:
        raise ApiRefused("text must be non-empty")
    if len(text) > TEXT_MOST:
        raise ApiRefused("MESSAGE_TOO_LONG")
    return _edit(chats, params, message, Content(text=text, entities=entities))


def edit_caption(chats: Chats, params: Params) -> Json:
    """Edit the caption of a picture or a file."""
    text, entities = caption_of(params, too_long="MEDIA_CAPTION_TOO_LONG")
    message = _editable(chats, params)
    old = message.content
    if old.kind is ContentKind.TEXT:
        raise ApiRefused("there is no caption in the message to edit")
    content = Content(kind=old.kind, text=text, entities=entities, file=old.file)
    return _edit(chats, params, message, content)


def edit_media(chats: Chats, params: Params) -> Json:
    """Replace the picture or file of a message."""
    media = params.json("media", what="input media")
    if not isinstance(media, dict):
        raise ApiRefused("input media is not specified")
    message = _editable(chats, params)
    content = from_input_media(chats, params, media)
    return _edit(chats, params, message, content)


def edit_markup(chats: Chats, params: Params) -> Json:
    """Change only the buttons of a message."""
    message = _editable(chats, params)
    return _edit(chats, params, message, message.content)


def delete_message(chats: Chats, params: Params) -> bool:
    """Delete a message."""
    chats.delete(params.chat_id(), params.message_id())
    return True


def delete_messages(chats: Chats, params: Params) -> bool:
    """Delete several messages; those that do not exist are skipped."""
    numbers = params.json("message_ids", what="message identifiers")
    if not isinstance(numbers, list) or not numbers:
        raise ApiRefused("message identifiers are not specified")
    chat_id = params.chat_id()
    for number in numbers:
        if chats.has(chat_id, int(number)):
            chats.delete(chat_id, int(number))
    return True


def _editable(chats: Chats, params: Params) -> Message:
    if params.text("inline_message_id"):
        raise ApiRefused("MESSAGE_ID_INVALID")
    return chats.editable(params.chat_id(), params.message_id())


def _edit(chats: Chats, params: Params, message: Message, content: Content) -> Json:
    markup = reply_markup(params.raw("reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise ApiRefused("inline keyboard expected")
    return chats.edit(message, content, markup=markup).to_json()
