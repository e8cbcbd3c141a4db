"""What /help NAME says beside the command's line.

Tested by tests/bot/handlers/test_commands.py.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


EXAMPLES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "scan": (
            "IB's top gainers, all quoted; a card offers the largest gain in $ and in %.",
            "Nothing is bought before you tap Yes, unless automatic mode is on.",
            "The offer ends by itself.",
        ),
        "quote": (
            "/quote MACV: bid, ask, the day's figures, and what you hold of it.",
        ),
        "chart": (
            "/chart MACV: today in candles, minute by minute in the first half hour,",
            "with VWAP, volume, both opens, and your own fills marked.",
        ),
        "sell": (
            "/sell QRVX: all of it; /sell QRVX half; /sell QRVX 40; or say “sell half qrvx”.",
            "A card asks first; never more is sold than is held.",
        ),
        "exits": (
            "Each holding and what protects it; /exits QRVX stop 5% target 10%.",
            "Also trail 3%, in $ (0.50), in ranges (2atr), close 2 for a session's close, none.",
        ),
        "buy": (
            "/buy QRVX 50: so many shares; /buy QRVX $500: for so much money.",
            "A card asks first, and the same limits apply as to a scan's.",
        ),
        "cancel": (
            "Lists what works; /cancel QRVX: orders of that stock; /cancel all.",
            "An order is called cancelled only when IB says so.",
        ),
        "history": (
            "The newest picks; /history QRVX: of one stock; /history 2: older ones.",
        ),
        "filled": (
            "/filled QRVX 40 4.81: of an order in doubt, 40 shares were filled at 4.81.",
            "It is shown as it was understood before it is written down.",
        ),
        "why": ("Of the newest card; as an answer to a card, of that one.",),
        "mute": (
            "/mute 2h, /mute 30m, /mute until 14:00 (New York), /mute off.",
            "What can wait comes afterwards in one message; doubts, alarms and halts ring.",
        ),
        "positions": (
            "Each holding, its gain, and buttons to sell a part of it.",
            "A button makes a card that asks first.",
        ),
        "orders": ("What works, what was filled today, and what is in doubt.",),
        "status": ("First what prevents a Yes from being sent, if anything does.",),
        "resume": ("Orders may leave again; it says what still prevents them.",),
        "report": (
            "Value, holdings, open orders, the last picks, and a card.",
            "In the morning it comes by itself; when, says /schedule.",
        ),
        "schedule": (
            "What runs by itself, and when next; it has buttons.",
            "/schedule scan 10:00; /schedule scan at noon on mondays; /schedule scan open+15.",
            "/schedule report close-30 fri; /schedule off fri; /schedule remove 2.",
        ),
        "settings": (
            "All of them, by groups; /settings shares 50; /settings reset shares.",
            "A question comes first; what loosens a limit is asked twice.",
        ),
        "people": (
            "Who may look or act; /people add 123456 viewer; /people remove 123456.",
            "The number is what @userinfobot tells that person.",
        ),
        "noise": ("What rings, and the quiet hours; /settings noise: changes them.",),
        "keyboard": ("/keyboard on: six keys below the message box; /keyboard off.",),
        "log": ("The last lines; /log errors: warnings and errors alone.",),
        "halt": (
            "No order leaves any more, also after a restart, until /resume.",
            "What works at IB goes on working, exits too; /cancel all: takes it back.",
        ),
        "panic": (
            "/panic, or just “stop”: nothing new leaves, and our orders are cancelled.",
            "A question then lists what would be sold; nothing is sold before you tap Yes.",
        ),
    }
)
