"""Pictures, files and albums by hand."""

import json

import pytest
from aiohttp import ClientSession, FormData

from bot.sandbox.server import BotApiServer
from tests.bot.sandbox.conftest import Api


async def test_a_picture_changes_its_words_and_its_kind(
    session: ClientSession, api: Api, server: BotApiServer
) -> None:
    form = FormData({"chat_id": "1001", "caption": "a"})
    jpeg = bytes.fromhex("ffd8ffe000040000ffc0000b08003200640111ffd9")
    form.add_field("photo", jpeg, filename="c.jpg", content_type="image/jpeg")
    address = f"{server.base_url}{server.token}/sendPhoto"
    async with session.post(address, data=form) as answer:
        sent = (await answer.json())["result"]
    where = {"chat_id": 1001, "message_id": sent["message_id"]}

    too_long = await api.says("editMessageCaption", caption="x" * 1025, **where)
    no_text = await api.says("editMessageText", text="x", **where)
    await api("editMessageCaption", caption="<i>b</i>", parse_mode="HTML", **where)
    media = {"type": "document", "media": sent["photo"][0]["file_id"], "caption": "c"}
    changed = (await api("editMessageMedia", media=media, **where))["result"]

    assert (sent["photo"][0]["width"], sent["photo"][0]["height"]) == (100, 50)
    assert too_long == "Bad Request: MEDIA_CAPTION_TOO_LONG"
    assert no_text == "Bad Request: there is no text in the message to edit"
    assert (changed["document"]["file_name"], changed["caption"]) == ("c.jpg", "c")
    assert server.phone.received[0].edits == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "file must be non-empty"),
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (
            b"\x89PNG\r\n\x1a\n" + bytes(8) + b"\0\0\x20\0\0\0\x20\0",
            "PHOTO_INVALID_DIMENSIONS",
        ),
    ],
)
async def test_what_is_no_picture_is_no_photo(
    session: ClientSession, server: BotApiServer, data: bytes, words: str
) -> None:
    form = FormData({"chat_id": "1001"})
    form.add_field("photo", data, filename="c.png", content_type="image/png")

    async with session.post(
        f"{server.base_url}{server.token}/sendPhoto", data=form
    ) as answer:
        body = await answer.json()

    assert body["description"] == f"Bad Request: {words}"


async def test_an_album_is_several_messages_of_one_group(
    session: ClientSession, server: BotApiServer
) -> None:
    media = [{"type": "document", "media": f"attach://{name}"} for name in ("a", "b")]
    form = FormData({"chat_id": "1001", "media": json.dumps(media)})
    for name in ("a", "b"):
        form.add_field(name, b"x,y", filename=f"{name}.csv", content_type="text/csv")

    async with session.post(
        f"{server.base_url}{server.token}/sendMediaGroup", data=form
    ) as answer:
        posted = (await answer.json())["result"]

    assert len({message["media_group_id"] for message in posted}) == 1
    assert [m.content.file.name for m in server.phone.received if m.content.file] == [
        "a.csv",
        "b.csv",
    ]
