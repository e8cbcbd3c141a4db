"""The simulated day that finds each seeded bug, and how: the violation that the auditor
names with the bug in the product, and never without it.

`python -m tests.simulation.teeth` plays each on its day. A day is a seed of ``make
universe``: counted from seed 1, the bug is found after so many days at the latest.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Found(NamedTuple):
    """*day* is the seed of the day, *shown* what the auditor says then."""

    day: int
    shown: str


FOUND: Final[Mapping[str, Found]] = {
    "send before the commit": Found(1, "waited on its way to the wire"),
    "send on a judgement from before a sleep": Found(
        125, "sent on what was known before the machine slept"
    ),
    "trust the gateway's id alone": Found(
        127, "the bot ended by itself: order id 1 was used before"
    ),
    "no probe before an order": Found(
        407, "sent, and IB had not answered since the Yes"
    ),
    "one empty pass means absent": Found(
        142, "a card says that none is there, and one is"
    ),
    "ignore the gateway's count of ids": Found(
        142, "a card says that none is there, and one is"
    ),
    "no new handshake after a silence": Found(
        145, "in doubt, although IB could be asked"
    ),
    "do not tell of a doubt": Found(145, "in doubt, and the owner was not asked"),
    "resend what is missing": Found(146, "sent again"),
    "let a ghost live": Found(146, "told as absent, and it lives on"),
    "a ghost is nothing special": Found(
        175, "told as absent, then there, and nothing was halted"
    ),
    "ignore midnight": Found(139, "a card says that none is there, and one is"),
    "let an order queue": Found(130, "sent behind what waits in the socket"),
    "trust one's own cancel": Found(395, "a card says that none is there, and one is"),
    "sell shares that are being sold": Found(394, "would sell more than there is"),
    "place again what was cancelled at IB": Found(
        115, "a stop of AVLZ again, and it was cancelled in TWS"
    ),
    "forget sales by hand": Found(409, "would sell more than there is"),
    "a halt does not keep a sale back": Found(
        160, "IB was asked for positions over and over again"
    ),
    "panic asks before the cancels are confirmed": Found(
        161, "asked to sell all while LLNX was alive"
    ),
    "panic is forgotten with its process": Found(163, "no card came of /panic"),
    "place exits in a panic": Found(116, "0 of 100 have their stop"),
    "sell before the exits have ended": Found(
        403, "a sale of AVLZ was not sent for the exits that it ends"
    ),
    "passes of two sessions are two passes": Found(
        397, "a card says that none is there, and one is"
    ),
    "a second report after a crash": Found(
        398, "message 4 shows another scan than it did"
    ),
    "take an exit for ended once its cancel is wanted": Found(
        404, "would sell more than there is"
    ),
    "protect all that is held, whatever was bought": Found(
        77, "a stop for more than was bought"
    ),
    "place exits by the plans of an old copy": Found(406, "sent again"),
    "take a loss that nobody knows for none": Found(
        416, "bought with a loss of None, and 500 is the limit"
    ),
    "stop buying only when the loss is above its limit": Found(
        418, "bought with a loss of 500.0, and 500 is the limit"
    ),
    "count only the filled buys of a session": Found(419, "the buy number 2 of 1"),
    "forget what is held in the cap of a stock": Found(
        424, "comes to $1,443 in LLNX of $700"
    ),
    "take a spread without a bid for narrow": Found(425, "a spread of 0.09%"),
    "take an unknown volume for large enough": Found(
        427, "bought, and no stock trades so much"
    ),
    "buy what is held at every scan": Found(428, "buys LLNX, of which 200 are held"),
    "round a limit up, above what the owner allows": Found(
        431, "a limit of 23.14 for AVLZ, above 23.1391"
    ),
    "let a limit order rest below the ask": Found(
        433, "a limit of 23.13 below the ask"
    ),
    "assume a cent where IB names no price step": Found(
        434, "a limit for AVLZ, and IB has named no price step"
    ),
    "round a sum up to the next share": Found(436, "104 shares for $500"),
    "place what was only to be asked about": Found(
        440, "waited on its way to the wire"
    ),
    "ask IB as often as the owner taps": Found(
        440, "IB was asked about AVLZ twice within a minute"
    ),
    "hold one message, not the chat, when Telegram says 429": Found(
        448, "a message left while Telegram asked for patience"
    ),
    "let what is written overtake flood control": Found(
        448, "a message left while Telegram asked for patience"
    ),
    "keep whatever anybody writes": Found(449, "what a stranger wrote is kept"),
    "run a command however long it has waited": Found(
        451, "a command was run that had waited for minutes"
    ),
    "move the offset although the disk said no": Found(
        454, "an update was confirmed, and it is not kept"
    ),
    "drop what was said before the start": Found(
        455, "an update was confirmed, and it is not kept"
    ),
    "leave a doubt's question when the doubt is over": Found(
        457, "asked about an order which is filled"
    ),
    "another client id at every handshake": Found(
        458, "connected under another client id"
    ),
    "sell what the owner has left out of a panic": Found(
        460, "nobody had approved SELL KO on its card"
    ),
    "halt for a tool whose refs begin like ours": Found(
        473, "halted, and there was no reason"
    ),
    "take another Openbell in the account for nothing": Found(
        475, "there was a reason to halt, and nothing halted"
    ),
    "ask again for what was bought": Found(
        478, "a card asks again for AVLZ, which was sent just now"
    ),
    "take the answer to a question for an order": Found(
        493, "halted, and there was no reason"
    ),
    "sync by a write that changes nothing": Found(
        410, "an update was confirmed before it was synced"
    ),
    "confirm what a power failure may lose": Found(
        410, "an update was confirmed before it was synced"
    ),
    "a halt keeps protection back": Found(
        121, "IB was asked for positions over and over again"
    ),
    "buy on a Yes that came late": Found(137, "a Yes that came late was obeyed"),
    "let an order rest that was sent right before a close": Found(
        136, "sent right before the close"
    ),
    "forget a cancel that is wanted while the order is being sent": Found(
        149, "lives, and all was to be cancelled"
    ),
    "round a stop away from the price paid": Found(
        77, "a stop that lies elsewhere than approved"
    ),
    "leave exits alive when the shares were sold by hand": Found(
        110, "IB was asked for positions over and over again"
    ),
    "send a target whose stop has sold": Found(401, "joins a group that has sold"),
    "forget at a stop what was on its way": Found(
        443, "still 'The report is on its way …' in the end"
    ),
    "edit a message that says so already": Found(
        23, "an edit left that changes nothing"
    ),
    "let the placeholder ring": Found(23, "a message rings, and nothing has come yet"),
    "count a corrected fill twice": Found(256, "halted, and there was no reason"),
    "call an order filled whose trade was taken back": Found(
        472, "told as there, and none is"
    ),
    "do not tell that a stop ends tonight": Found(
        509, "AVLZ: end DAY in TWS, and it was not told so"
    ),
    "do not follow a stop that is moved in TWS": Found(
        506, "AVLZ: stop 17.42 in TWS, and it was not told so"
    ),
    "take a stop that somebody made smaller for one that IB reduced": Found(
        511, "60 of 100 have their stop"
    ),
    "send an order whose line a power failure may lose": Found(
        1, "was sent, and on disk it was planned"
    ),
    "sync nothing when asked to": Found(
        410, "an update was confirmed before it was synced"
    ),
    "a listing that times out is empty": Found(
        352, "was sent before the orders were compared with IB's"
    ),
    "a silent gateway counts as compared": Found(
        352, "was sent before the orders were compared with IB's"
    ),
    "forget a cancel that IB does not answer": Found(
        50, "lives, and its cancel was accepted"
    ),
    "ask for the facts of a stock by a request of their own": Found(
        1, "the bot ended by itself"
    ),
    "end the search for headlines at IB's refusal": Found(
        1, "the bot ended by itself: IB Gateway is not connected"
    ),
    "keep the size by risk when the stop goes away": Found(
        491, "87 shares by the risk of a stop, and it has none"
    ),
    "queue at whatever price the open brings": Found(
        487, "waits for an open at whatever price that brings"
    ),
    "sell what the card said, whatever is held by then": Found(
        466, "would sell more than there is"
    ),
    "believe the account window alone": Found(154, "would sell more than there is"),
    "a second panic cancels what the first sells": Found(
        463, "SELL KO: what /panic sells was cancelled unasked"
    ),
    "tell exits that IB ended at a split as ended by hand": Found(
        494, "AVLZ: told as ended by others, and a split ended them"
    ),
    "leave a trailing stop at the distance that it was sent with": Found(
        505, "AVLZ: distance 20 in TWS, and it was not told so"
    ),
    "take half a sale and a split for a split alone": Found(
        500, "AVLZ: told as ended by others, and a split ended them"
    ),
    "leave in doubt what a split has ended in the night": Found(
        497, "AVLZ: exits in doubt, and a split has ended them"
    ),
    "leave exits in the old shares after a split": Found(
        494, "AVLZ: told as ended by others, and a split ended them"
    ),
    "take half a holding sold by hand for a split": Found(
        503, "AVLZ: told as a split, and there was none"
    ),
    "panic where it is only asked about": Found(
        461, "all was stopped, and nobody said so"
    ),
    "leave exits that gave up shares which came back": Found(
        485, "60 of 100 have their stop"
    ),
    "count only the positions that IB lists": Found(421, "position 4 of 3"),
    "take a tap behind a slow answer for a fresh one": Found(
        452, "a Yes that came late was obeyed"
    ),
    "judge the hour of what waits for an open by the clock of now": Found(
        490, "told as bought at 17:00, when the market is closed"
    ),
    "keep the old Yes when the size changes": Found(
        439, "of another size than approved"
    ),
    "send an order for an open that has begun": Found(
        488, "left for an open that has begun"
    ),
    "place an exit in the room of one closed by word": Found(
        481, "IB was asked for positions over and over again"
    ),
    "let a copy made in TWS end the order": Found(
        470, "a card says that none is there, and one is"
    ),
    "an old sign of life will do": Found(
        403, "sent, and IB had not answered for a while"
    ),
    "believe a refusal at once": Found(
        23, "a card says that none is there, and one is"
    ),
    "end the exits for a sale that a halt keeps back": Found(
        484, "its stop was ended, and nothing was sold"
    ),
    "sell before the usual close what a short day closes on earlier": Found(
        541, "was not sold before its close, and told behind it"
    ),
    "sell before the first close what was to be sold before a later one": Found(
        542, "a timed exit that left before its time"
    ),
    "tell nobody of a timed exit that has missed its close": Found(
        544, "was not sold before its close, and nobody said so"
    ),
    "put a timed exit off by a clock that is ahead": Found(
        545, "told as not sold before a close that is to come"
    ),
    "end a stop for a timed exit that cannot be sent": Found(
        547, "its stop was ended, and nothing was sold"
    ),
    "see a timed exit due by this machine's clock alone": Found(
        548, "was not sold before its close, and told behind it"
    ),
    "send a timed exit however near its close has come": Found(
        550, "a timed exit that waits for the next open"
    ),
    "answer a refused cancel with the same request": Found(
        551, "IB was asked for positions over and over again"
    ),
    "wait for a cancel by a time of day that can be set": Found(
        553, "a cancel told as not confirmed within a minute"
    ),
    "forget an accepted cancel with the owner's word of a fill": Found(
        554, "lives, and all was to be cancelled"
    ),
    "believe the owner's word over IB's open orders": Found(
        554, "0 filled, 100 told in the end"
    ),
    "call an order filled with what it was sent for": Found(
        556, "lives, and all was to be cancelled"
    ),
    "halt over an order that somebody made larger unreported": Found(
        557, "halted, and there was no reason"
    ),
    "say Bought where a part is": Found(566, "says that all was done, and it was not"),
    "trade on yesterday's comparison": Found(
        568, "sent on what was compared on another day"
    ),
    "begin a new minute at each look for exits that a guard keeps back": Found(
        571, "late, and nothing was told"
    ),
    "place a passed stop anew": Found(572, "a stop again, and its price has passed"),
    "end a stop because its target lapsed": Found(
        574, "its stop was ended, and nothing was sold"
    ),
    "end a stop whose target was closed by word": Found(
        575, "a target beside one that the owner closed by word"
    ),
    "end what is left of a group once one of it is closed by word": Found(
        575, "a target beside one that the owner closed by word"
    ),
    "do not look at what others may sell beside exits that stand": Found(
        577, "stops for what others are selling"
    ),
    "offer what the exit of another login may sell": Found(
        578, "a sale was offered, and then kept back"
    ),
    "tell nobody that shares with exits are gone": Found(
        515, "is gone with its exits, and nobody was told"
    ),
    "believe any session of any order": Found(559, "halted, and there was no reason"),
    "forget what is held beside what was bought a moment ago": Found(
        560, "in LLNX of $1,500"
    ),
    "count for the day's limit only what was filled on it": Found(562, "$4,193 bought"),
    "buy with an exit nearer than a price step": Found(
        563, "bought with a stop that cannot stand"
    ),
    "show a distance in dollars like a price": Found(
        565, "a distance in dollars reads like a price"
    ),
    "count a start after a wait for the disk as a crash": Found(
        569, "halted, and there was no reason"
    ),
    "forget what a holding cost that was not bought here": Found(
        580, "exits in doubt, and a split has ended them"
    ),
    "leave out of a panic what the account window does not know yet": Found(
        464, "asked to sell all, and not AVLZ"
    ),
    "count each exit of a group as selling for itself": Found(
        401, "IB was asked for positions over and over again"
    ),
    "leave a placeholder that nothing came of": Found(
        454, "still 'Scanning top gainers, US majors …'"
    ),
    "set the exits of a card whose shares are sold": Found(
        586, "a stop that lies elsewhere than approved"
    ),
    "do not ask for the cancel of an order that two passes show alive": Found(
        554, "told as to be cancelled, and IB was not asked"
    ),
    "do not ask for the cancel of an order that came back": Found(
        587, "in doubt, although IB could be asked"
    ),
    "wait over a new line as long as over the one before": Found(
        589, "IB was not asked again to cancel it"
    ),
    "forget what happened during a pass": Found(
        590, "in doubt, although IB could be asked"
    ),
    "take the status of a copy made in TWS for the order's": Found(
        592, "a card says that none is there, and one is"
    ),
    "let a hold stand as the reason of a cancellation": Found(
        593, "says that IB holds what is cancelled"
    ),
    "take a stop that somebody made larger for one that IB reduced": Found(
        595, "stops for 100, and 60 are held"
    ),
    "do not tell an exit whose execution comes behind its end": Found(
        596, "exits sold 40, and no message said so"
    ),
    "ask again about what was cancelled meanwhile": Found(
        598, "a card asks again for LLNX, which was cancelled"
    ),
    "keep figures of a subscription that was lost": Found(
        599, "comes to $1,924 in LLNX of $1,500"
    ),
    "send an exit that was taken off": Found(
        601, "a target of AVLZ again, and it was cancelled in TWS"
    ),
    "wait for the account window before exits of a holding stand": Found(
        602, "s late, and nothing was told"
    ),
    "place an exit on what the owner said before IB answered": Found(
        604, "a stop was sent in a panic"
    ),
    "judge an exit by a moment before IB has listed": Found(
        605, "told that IB answers too slowly, and it answered in time"
    ),
    "count a plan's delay from one that was given up": Found(
        607, "told as kept back 25 s after the Yes"
    ),
    "overlook that IB's count is ahead": Found(
        608, "was sent on files of before an order, without a word"
    ),
    "send an order into a window that may be full": Found(
        610, "was sent behind what waits in the socket"
    ),
    "take a 100 behind an order for nobody's": Found(
        611, "in doubt, and IB had said that it was too much"
    ),
}
"""By the bug's name."""
