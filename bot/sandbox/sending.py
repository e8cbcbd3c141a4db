"""Bot API methods that send messages.

What the real server refuses raises ApiError, with 400 ApiRefused.

Tested by tests/bot/sandbox/test_client.py.
"""

from typing import Any, Final

from bot.sandbox.api_types import Content, ContentKind, Json, Message
from bot.sandbox.chats import Chats
from bot.sandbox.errors import ApiRefused
from bot.sandbox.files import file_of
from bot.sandbox.keyboards import reply_markup
from bot.sandbox.params import Params, formatted


TEXT_MOST: Final = 4096  # characters after parsing
CAPTION_MOST: Final = 1024
GROUP_SIZES: Final = range(2, 11)
CHAT_ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def send_message(chats: Chats, params: Params) -> Json:
    """Send a text."""
    source = params.text("text")
    if not source:
        raise ApiRefused("message text is empty")
    text, entities = formatted(source, params)
    if not text:
        raise ApiRefused("text must be non-empty")
    if len(text) > TEXT_MOST:
        raise ApiRefused("message is too long")
    return _say(chats, params, Content(text=text, entities=entities)).to_json()


def send_photo(chats: Chats, params: Params) -> Json:
    """Send a picture."""
    return _say(chats, params, _with_file(chats, params, ContentKind.PHOTO)).to_json()


def send_document(chats: Chats, params: Params) -> Json:
    """Send a file."""
    return _say(
        chats, params, _with_file(chats, params, ContentKind.DOCUMENT)
    ).to_json()


def send_media_group(chats: Chats, params: Params) -> list[Json]:
    """Send an album."""
    media = params.json("media", what="media")
    if not isinstance(media, list):
        raise ApiRefused("can't parse media JSON object")
    if len(media) not in GROUP_SIZES:
        raise ApiRefused("too much messages to send as an album")
    contents = [from_input_media(chats, params, item) for item in media]
    group = f"{chats.bot.id}{len(chats.files):06d}"
    posted = [chats.say(params.chat_id(), c, group=group) for c in contents]
    return [message.to_json() for message in posted]


def chat_action(chats: Chats, params: Params) -> bool:
    """Show that the bot is typing."""
    chat = chats.chat(params.chat_id())
    action = params.text("action").lower()
    if action not in CHAT_ACTIONS:
        raise ApiRefused("wrong parameter action in request")
    chats.tell("action", chat_id=chat.id, action=action)
    return True


def _say(chats: Chats, params: Params, content: Content) -> Message:
    reply = params.json("reply_parameters", what="reply parameters") or {}
    lenient = bool(reply.get("allow_sending_without_reply"))
    reply_to = reply.get("message_id")
    if lenient and not chats.has(params.chat_id(), reply_to):
        reply_to = None
    return chats.say(
        params.chat_id(),
        content,
        markup=reply_markup(params.raw("reply_markup")),
        silent=params.flag("disable_notification"),
        reply_to=reply_to,
    )


def caption_of(params: Params, *, too_long: str) -> tuple[str, Any]:
    text, entities = formatted(
        params.text("caption"), params, entities="caption_entities"
    )
    if len(text) > CAPTION_MOST:
        raise ApiRefused(too_long)
    return text, entities


def _with_file(chats: Chats, params: Params, kind: ContentKind) -> Content:
    text, entities = caption_of(params, too_long="message caption is too long")
    chats.chat(params.chat_id())
    file = file_of(chats, params, kind, params.text(kind.value))
    return Content(kind=kind, text=text, entities=entities, file=file)


def from_input_media(chats: Chats, params: Params, media: Json) -> Content:
    if media.get("type") not in {ContentKind.PHOTO, ContentKind.DOCUMENT}:
        raise ApiRefused("unsupported media type specified")
    kind = ContentKind(media["type"])
    text, entities = caption_of(Params(media), too_long="MEDIA_CAPTION_TOO_LONG")
    file = file_of(chats, params, kind, str(media.get("media", "")))
    return Content(kind=kind, text=text, entities=entities, file=file)
