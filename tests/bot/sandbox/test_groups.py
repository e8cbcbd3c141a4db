"""The bot in groups and channels: what it is told of, and how it leaves."""

from telegram import Bot
from telegram.constants import ChatMemberStatus

from bot.sandbox.api_types import Chat, User
from bot.sandbox.groups import add_bot
from bot.sandbox.server import BOT, BotApiServer
from tests.bot.sandbox.conftest import MORNING, Api


EVE = User(id=2002, first_name="Eve")
CLUB = Chat(id=-5, kind="group", name="Club")
NEWS = Chat(id=-1006, kind="channel", name="News")
US = {
    "id": BOT.id,
    "is_bot": True,
    "first_name": "Openbell",
    "username": "openbell_sandbox_bot",
}


async def test_who_puts_the_bot_into_a_group_is_told_as_telegram_tells_it(
    api: Api, server: BotApiServer
) -> None:
    add_bot(server.chats, CLUB, by=EVE)

    standing, said = (await api("getUpdates"))["result"]

    assert standing["my_chat_member"] == {
        "chat": {"id": -5, "type": "group", "title": "Club"},
        "from": {"id": 2002, "is_bot": False, "first_name": "Eve"},
        "date": int(MORNING.timestamp()),
        "old_chat_member": {"user": US, "status": "left"},
        "new_chat_member": {"user": US, "status": "member"},
    }
    assert said["message"]["new_chat_members"] == [US]


async def test_a_channel_takes_the_bot_as_an_administrator(
    bot: Bot, server: BotApiServer
) -> None:
    add_bot(server.chats, NEWS, by=EVE)

    [update] = await bot.get_updates()

    assert update.my_chat_member
    standing = update.my_chat_member.new_chat_member
    assert standing.status == ChatMemberStatus.ADMINISTRATOR


async def test_the_bot_hears_of_its_own_leaving_and_cannot_leave_twice(
    api: Api, server: BotApiServer
) -> None:
    server.chats.join(CLUB)

    assert (await api("leaveChat", chat_id=CLUB.id))["ok"]

    [update] = (await api("getUpdates"))["result"]
    assert update["my_chat_member"]["from"] == US
    assert update["my_chat_member"]["new_chat_member"]["status"] == "left"
    assert await api.says("leaveChat", chat_id=CLUB.id) == (
        "Forbidden: bot is not a member of the group chat"
    )


async def test_a_bot_that_is_put_into_a_group_again_may_speak_there(
    api: Api, server: BotApiServer
) -> None:
    server.chats.join(CLUB)
    await api("leaveChat", chat_id=CLUB.id)

    add_bot(server.chats, CLUB, by=EVE)

    assert (await api("sendMessage", chat_id=CLUB.id, text="hello"))["ok"]
