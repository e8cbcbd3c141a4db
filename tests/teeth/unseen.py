"""Why no simulated day shows a seeded bug: read in the code, and played where it says so.

Each has a test that catches it (``make teeth``).
"""

from collections.abc import Mapping
from typing import Final


_ONE_PROCESS: Final = (
    "one process on one loop: nothing runs between the read and the write; make races has"
    " four processes"
)
_KEEPS_BACK: Final = (
    "it keeps back more than it must: nothing false is sent, and the auditor does not judge"
    " what is refused"
)
_WRONG_TICKS: Final = "no simulated gateway sends a size or a level that is no number"
_PART_FILLS: Final = "how often a fill rings while its rest works is not judged"
_FIGURES: Final = "figures of the account for the eye are not judged"
_TWO_BOTS: Final = (
    "it takes two bots: the test that catches it plays them in simulated time"
    " (tests/simulation/test_two_bots.py)"
)
_TOO_YOUNG: Final = (
    "what is forgotten is a month old or two years; a day has nothing of that age"
)
_AS_IT_LEAVES: Final = (
    "the auditor counts messages as they leave, and not as a frozen gateway reads them"
)
_BY_A_BUTTON: Final = "the owner of these days says by a button that all of it was filled, and types no part"
_READ_ONLY: Final = "no day's gateway is in Read-Only mode"
_RESUMED: Final = (
    "the auditor takes the owner's word that orders are allowed again for every reason to"
    " halt"
)
_OWN_GATEWAY: Final = (
    "the gateway itself is what is wrong, and the auditor takes the gateway's word"
)
_ONE_GATEWAY: Final = "the gateway of these days is always the simulated one"
_OTHERS_IDS: Final = (
    "other tools' orders have negative ids on these days, as those typed into TWS do"
)
_LISTS_AT_ONCE: Final = (
    "the simulated gateway lists what is held at the moment in which it answers"
)
_LISTS_NO_INACTIVE: Final = (
    "the simulated gateway lists no inactive order among the open ones"
)
_LONDON: Final = "nobody holds a stock of London's on these days"
_ASKED_ANEW: Final = (
    "a quote is asked for anew at the Yes, and without an answer nothing is sent: played"
    " (day 479)"
)
_ONE_LISTING: Final = (
    "each stock that the owner of these days buys by its name has one listing"
)
_DOLLARS: Final = "all that is held is in dollars"
_ONE_ACCOUNT: Final = "the settings name one account all day"
_PLAIN: Final = "the owner of these days asks whether to stop with a question mark, and not in words"
_NO_SPLIT: Final = "the simulated gateway restates every price at a split"

UNSEEN: Final[Mapping[str, str]] = {
    # the process and its surroundings
    "know this machine by one spelling only": "every name is this machine",
    "ask a proxy for the way to this machine": "no proxy stands in the simulated network",
    "take a pause of the process for a loop that is stuck": "the watchdog's thread and the"
    " process's clock are not simulated",
    "let pages of other sites speak to the local server": "the chat page has no browser"
    " here",
    "take a death in the inbox for a clean end": "no fault of these days ends one task of"
    " the bot and leaves the others alive",
    "end for good when another program locks the journal": "no other program locks the"
    " journal here",
    "guard the journal by a file that anybody may delete": "no second process",
    "go on with a pool that is exhausted": "the bot has fewer requests on their"
    " way on these days than the pool has connections",
    "take the tap of who may only look": "nobody is admitted to look on these days: there"
    " are the owner and strangers",
    "halt where it is only asked whether to": _PLAIN,
    "cancel each order where it is asked how to": _PLAIN,
    "tell what is being given once more by itself": "no day has hours of quiet, so that"
    " nothing is held for later",
    "forget a card of which something was filled": _TOO_YOUNG,
    "forget an update that waits": _TOO_YOUNG,
    "clean up while an order leaves": _TOO_YOUNG,
    "export a fill without its price": "nobody reads the exported file on these days",
    "commit without syncing": "each transaction sets the level of its own commit first, so"
    " that what a connection was opened with holds for none: played (day 1)",
    # who else is there
    "look at another account's exits as this one's": _ONE_ACCOUNT,
    "list the orders of the login's other accounts": "each login of these days has one"
    " account",
    "let an answer end the spell of another reader": _TWO_BOTS,
    "take a client id in use for a gateway that is away": _TWO_BOTS,
    "start under another client id while an order works": "the settings name one client"
    " id all day",
    "know an order by its id alone": _OTHERS_IDS,
    "cancel whatever has the order's id": _OTHERS_IDS,
    "hide another client's order behind a question of ours": _OTHERS_IDS,
    "send to a gateway that may be a real one in sandbox mode": _ONE_GATEWAY,
    "trust the mode, and not the gateway": _ONE_GATEWAY,
    "keep one reason to halt only": _RESUMED,
    "end halts that nobody named": _RESUMED,
    "leave a gateway that lists nothing in Read-Only mode": _READ_ONLY,
    "ready to trade while the gateway takes no orders": _READ_ONLY,
    # an order that leaves
    "no compare-and-set on orders": _ONE_PROCESS,
    "no compare-and-set on taps": _ONE_PROCESS,
    "send what was cancelled after it was judged": "the guards ask for the cancel again in"
    " that transaction: played, and not sent",
    "a tap counts after the offer's end": "the decision ends what is over before it looks;"
    " the statement's own check is for a second process",
    "do not wait for the first leg's answer": "the guards refuse a leg while another is in"
    " doubt: played, and not sent",
    "a tap counts wherever it comes from": "the statement that decides (W1) names the"
    " message, too: played, and refused",
    "absence without a fence": "R15 drops the line after ten seconds; two passes on it take"
    " twenty",
    "ignore the position": "the simulated gateway lists every fill on its day, so nothing"
    " false is told",
    "judge a sale by a moment before IB has listed": "the sale is only judged again",
    "sell what was sold and is still listed": _LISTS_AT_ONCE,
    "trust what was held when a stop was sent hours ago": _LISTS_AT_ONCE,
    "trust a listing that lacked the sale before": _KEEPS_BACK,
    "trust the first of two sales about what was held": _LISTS_AT_ONCE,
    "trust a listing that lacked what a stop had sold": _LISTS_AT_ONCE,
    "count exits of later purchases as held before": _LISTS_AT_ONCE,
    "send a sale upon what the account window says": _LISTS_AT_ONCE,
    "count what an exit sells from the account window": _LISTS_AT_ONCE,
    "free shares twice where the clock of IB is ahead": _LISTS_AT_ONCE,
    "believe the second that IB stamps a sale with": _LISTS_AT_ONCE,
    "count a standing exit that was closed by word for its first day alone": "it takes an"
    " exit of an earlier day that is closed by word; these days begin without any",
    "keep the room of an exit that others were approved for": "no day has both an exit that"
    " is closed by word and others that are approved for its stock then",
    "do not say what becomes of a sale that was closed by word": "what a message advises is"
    " not judged",
    "tell no fill before the card's end": _PART_FILLS,
    "tell no fill of an exit before its end": _PART_FILLS,
    "tell each execution of an order that works": _PART_FILLS,
    "say live over rows without both sides": "what a scan says of its rows is not judged",
    "take any HTTP 200 for an answer of Telegram's": "the message is sent again all the"
    " same: played (day 446)",
    "send again what nobody answered": "what arrives behind its copy is looked for after six"
    " seconds, and deleted: played (day 442)",
    "let a side that goes away make the last price new": "no side of the simulated market"
    " goes away while prices stop to come",
    "count what left, and not what the gateway may still have to read": _AS_IT_LEAVES,
    "send requests into a socket that nobody reads": _AS_IT_LEAVES,
    "let an order leave as early behind a burst as anything else": _AS_IT_LEAVES,
    "take an answer for the proof of all that left": _AS_IT_LEAVES,
    "leave a part that the owner told out of the books": _BY_A_BUTTON,
    "count what the owner says on top of what IB listed": _BY_A_BUTTON,
    "hand on a line that has been silent": _ASKED_ANEW,
    "send on a price that was received long ago": _ASKED_ANEW,
    "let a size make a price new": _ASKED_ANEW,
    "keep no record of the id of a question": "the connection's own count of ids has it too:"
    " played (day 440)",
    "give up what Telegram refuses": "what Telegram refuses on these days stands for a"
    " result that comes all the same: played (day 445)",
    "read in a copy's row whether an exit has sold": "nobody copies an exit in TWS on these"
    " days",
    "know Read-Only API in English only": _READ_ONLY,
    "take any 321 without a number for Read-Only API": _READ_ONLY,
    "ask for a cancel that a power failure may lose": "the auditor reads what a power"
    " failure would leave as an order leaves, not as a cancel does",
    # the exits
    "leave a target without its stop": "a stop that is missing beside a target is placed by"
    " itself: played (day 400)",
    "give what is bought anew the exits of the holding before": "the plan has ended once all"
    " that it was for is sold: played (day 584)",
    # the limits
    "let a card of two take the last buy twice": "the guards judge the second order again"
    " as it is sent: played (day 421), and not sent",
    "send a limit order whose limit could not be set": "no Yes is offered before the limit"
    " is known: played (day 434)",
    "count buys by the calendar": _KEEPS_BACK,
    "do not say that the rate of the account is what lacks": _FIGURES,
    "say that the account's value lacks where only the rate does": "the account is in dollars",
    "take what a sale brought by the ask of its card": _FIGURES,
    "let an order of the simulated gateway trade before its condition is true": _OWN_GATEWAY,
    "leave the others of a group whole where one has sold a part": _OWN_GATEWAY,
    "let what was approved later keep an order back": _KEEPS_BACK,
    "count an order at any hours for the day on which it is sent": _KEEPS_BACK,
    "what a sale brings makes room in the day's limit": _KEEPS_BACK,
    "size by the further of two stops": "the card buys fewer shares than the risk allows,"
    " and says how many",
    "keep the token of a card without a limit": "no Yes is offered before the limit is"
    " known, so that no phone shows an old one",
    "give what is bought in the evening the next session's room": "nobody trades outside of"
    " regular hours on these days",
    # the market
    "keep the values of a line that IB has ended": "no other session of the login takes the"
    " market data on these days",
    "overlook a bid beyond the band": "the simulated market has no bid above its ask",
    "take the silence of SPY for a quiet stock's": "an order asks for its own stock's quote"
    " again, and never relies on SPY's",
    "sell an option as its stock": "the account holds stocks alone",
    "let a warrant take a place of the five": "the market has no warrants",
    "let the session's own bar hide a split": _NO_SPLIT,
    "book a trade again under its second id": "the exchange gives each trade one id",
    "book more of an execution than IB counts with it": "the exchange counts what it"
    " executes",
    "merge a doubled contract number silently": "the market has each number once",
    # figures and words of IB's
    "buy the first of several listings without a question": _ONE_LISTING,
    "buy the listing in another currency that was chosen": _ONE_LISTING,
    "tell a day's loss from a close of before the split": _NO_SPLIT,
    "take London's pence for pounds": _DOLLARS,
    "judge a listing abroad in dollars by New York's hours": _ONE_LISTING,
    "leave what is bought abroad without the cap on its gap": _ONE_LISTING,
    "send abroad for New York's open what is asked about anew": _ONE_LISTING,
    "ask about New York's hours before a sale abroad": _DOLLARS,
    "ask about the hours of a stock that the owner keeps": _LONDON,
    "say of what London sells at once that it waits for New York": _LONDON,
    "count what was sold in another currency as dollars": _DOLLARS,
    "take a row without a currency for dollars": "all rows of the market are in dollars",
    "mark a stock in another currency in dollars": _DOLLARS,
    "add a fee in euros to the dollars": "fees are in dollars",
    "multiply by the dollar's rate": "the account is in dollars",
    "keep the rate of a subscription that was lost": "the account is in dollars",
    "know the rate by its old name only": "the account is in dollars",
    "guess a zone that makes a fill one of tomorrow": "the simulated gateway is in one time zone",
    "take what IB keeps of a refused order for the order at work": _LISTS_NO_INACTIVE,
    "say that a stop stands which IB lists as inactive": _LISTS_NO_INACTIVE,
    "cut the fraction of what was held before": "nobody holds fractions",
    "cut the fraction of a holding off": "nobody holds fractions",
    "date the funds by whatever came last": _FIGURES,
    "take a volume and an average of -1 for figures": _WRONG_TICKS,
    "take IB's unset figure for a stock that is halted and easy to borrow": _WRONG_TICKS,
    "tell a panic of an empty account where other things are held": (
        "no day's account holds a stock abroad, an option, or a stock without a price"
    ),
    "say of what IB did not list that others are selling it": (
        "the reason of a refusal is not judged, only what was sent"
    ),
    "count what was bought today from the previous close": _FIGURES,
    "claim the day's profit where its trades are not known": _FIGURES,
    "lose a fill for the time that it was made": "every moment of the simulated gateway's"
    " can be read",
    "read a moment with a hyphen in the gateway's zone": "the simulated gateway is in one"
    " time zone",
    "take an empty commission for nothing": "the simulated gateway names every commission",
    "know a hold in English only": "the simulated gateway speaks English",
    "book an execution of less than no shares": "the simulated gateway fills none",
    "take a right that is traded before its issue for a stock": "the market has no rights",
    "end the halts on a tap that waited for hours": "on no day a halt is ended by its button",
    "count a stop for one day as protection of tomorrow": "IB ends it with the close, and the"
    " bot has heard so by then: played (day 509)",
    "ask the guards no more when the order is written": "on these days the bot"
    " does not wait between what the guards were told and the line in the journal, so that"
    " nothing of it changes: played (day 476)",
    "take what is queued right before a close for bought at the open alone": "an"
    " hour is set to the minute: in the last one before a close either no Yes is offered,"
    " or none is late",
    "offer a size that buys not one share": "the Yes is refused for its size all"
    " the same, and nothing is sent: played (day 437)",
    # what cannot come about here, or changes nothing that is judged
    "leave what was not synced to the next commit's luck": "each synced commit that"
    " something relies on changes bytes of its own, and syncs what came before it, too:"
    " played (days 410, 413)",
    "any refusal ends any order": "an order that IB knows has no step for it in the table of"
    " states: played (days 382, 383, 385, 386)",
    "a refusal outweighs the listing": "an openOrder of a listing is heard as a message of"
    " its own before the pass judges, and the order is new no more: played (days 14, 16)",
    "ask for a cancel only once": "it is asked for again after a minute all the same:"
    " played (day 148)",
    "begin to wait anew after each refused cancel": "how often IB is asked again is not"
    " judged, once the owner knows that it does not confirm: played (day 551)",
    "buy with a stop that would lie below nothing": "such a stop has no price, and keeps the"
    " purchase back as one that is nearer than a price step: played, and not sent",
    "take a target of several true ranges for one": "the card names the dollars that were"
    " made of the ranges, and what is made of them is not judged: played",
    "send a target although its stop does not work yet": "an order waits for IB's first word"
    " on the one before it all the same: played (days 392, 400)",
    "send an exit on what was listed before a sleep": "the comparison behind the sleep has"
    " listed again what is held: played",
    "take an exit that is planned at every look for one that stands": "what IB has listed"
    " counts for two seconds, and a probe that takes longer is told as the reason: played"
    " (IB's clock 1.5 to 2.5 s late)",
    "say what is held before IB has listed it": "the account window of these days comes as a"
    " whole: none of 200 days had a part of it",
}
"""By the bug's name."""
