"""Sentences that mean a command.

Tested by tests/bot/handlers/test_text_commands.py and tests/docs/test_requests.py.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final


_ONE: Final = r"(?!it\b|my\b|this\b|that\b|all\b|every|whole\b|entire\b|half\b|the\b|at\b|a\b|loss\b|stop\b)(?P<stock>\S+)"
"""A stock, by its symbol."""
_ON: Final = rf"(on|for|of|from) (my |the )?{_ONE}"
_INTO: Final = rf"(in|into|on|of) (my |the )?{_ONE}"
_DOLLARS: Final = r"\$?(?P<dollars>\d+)( dollars| bucks| usd)?"
_FAR: Final = r"\$?(?P<far>\d+(\.\d+)?) ?(?P<unit>%|percent|pct|per cent)"
_AT: Final = r"(?P<at>\d{1,2}(:\d\d)? ?(am|pm|o'?clock)?|noon)( et)?"
_TODAY: Final = r"( (today|now|right now|this morning|so far|yesterday))*"

_FROM_NOW: Final = (
    r"( right now| now| please| pls| immediately| for| the| rest| of| day| today)*"
)
"""However long it is said for, /halt holds until /resume, and says so."""

_OURS: Final = r"(trading|telegram|openbell|ib|anything|gateway|market)"
_DAY: Final = r"(today|tomorrow|(mon|tues|wednes|thurs|fri)day)"

_COMMANDS: Final = (
    # what acts at once, and what is quieter
    (
        (
            rf"(stop|no|no more) (all )?(trading|trades|buying|buys|scanning|new orders)"
            rf"( for)?{_FROM_NOW}"
        ),
        "halt",
    ),
    (
        rf"do(n't|nt| not) (buy|trade)( anything)?( more| else)?( for)?{_FROM_NOW}",
        "halt",
    ),
    (
        (
            r"(start|allow|turn on|enable) (trading|buying|orders)( again| back)?|"
            r"turn (trading|buying|orders)( back)? on"
        ),
        "resume",
    ),
    (rf"(get (me )?out|i want out|get rid) of (my |the )*{_ONE}", "sell {stock}"),
    (
        (
            rf"(sell|dump|close) (all|everything|the rest)( that)?( i (have|own|hold))? "
            rf"(in|of) (my |the )*{_ONE}( shares| stock| position)?"
        ),
        "sell {stock} all",
    ),
    (rf"(sell|dump) {_ONE} (all|everything)( of it)?", "sell {stock} all"),
    # by itself, and what was missed
    (
        (
            rf"(why|where('s|s| is| was)|i got|there (is|was)|i have) (no |the |my |there no |"
            rf"there was no )*(morning )?report{_TODAY}( yet)?"
        ),
        "health report",
    ),
    (
        (
            rf"(why|where('s|s| is| was)|i got|there (is|was)|i have) (no |the |my |there no |"
            rf"there was no )*(morning )?(scan|card|brief|summary){_TODAY}( yet)?"
        ),
        "health",
    ),
    (
        (
            r"(no more|stop|turn off|switch off|mute) (the |my |all |these )?"
            r"(notifications?|sounds?|noise|ringing|buzzing|messages)"
        ),
        "mute",
    ),
    (
        (
            rf"(stop|no( more)?|turn off|switch off|skip|pause|cancel) (the |my |{_DAY}'s )*"
            rf"((morning|daily|evening|next) )?(reports?|scans?|briefs?|summary|summaries)"
            rf"( (for |on )?{_DAY})?"
        ),
        "schedule",
    ),
    (rf"(skip|day off|take off|nothing|no trading)( on)? {_DAY}", "schedule"),
    (r"when (do|does|will) (you|it) (scan|report|look)\b.*", "schedule"),
    # exits: each ends in a list, or in a card that asks
    (
        (
            rf"(set |put |add |place )?(a |my )?(?P<exit>stop|trail|target)(ing)?( ?loss)? "
            rf"(of |at )?{_FAR} {_ON}"
        ),
        "exits {stock} {exit} {far}%",
    ),
    (
        rf"(?P<exit>stop|trail|target)( ?loss)? (of |at )?{_FAR} {_ONE}",
        "exits {stock} {exit} {far}%",
    ),
    (
        rf"(?P<exit>stop|trail|target)( ?loss)? {_ONE} (of |at |by )?{_FAR}",
        "exits {stock} {exit} {far}%",
    ),
    (rf"trail (my )?{_ONE} (by|at|with) {_FAR}", "exits {stock} trail {far}%"),
    (
        rf"(remove|delete|cancel|drop) (the |my )?(stop|stop ?loss|target|exit)s? {_ON}",
        "exits {stock} none",
    ),
    (rf"(sell|close|exit) {_ONE} (at|on|before) (the )?close", "exits {stock} close 1"),
    (
        (
            r"(sell|close|exit) (all|everything|it all)( of it)? "
            r"((at|on|before) (the )?(close|end).*|at \d.*)"
        ),
        "exits",
    ),
    (r"(set |put )?(a |my )?stop ?loss(es)?\b.*|(set|put) (a |my )?stop\b.*", "exits"),
    (r"(protect|trail)\b.*|stop (at )?\$?\d.*", "exits"),
    (
        (
            r"(remove|delete|move|raise|lower|tighten|show|change|where('s| is| are)|"
            r"what('s| is| are)) (the |my )*(stop|target|exit)s?( ?loss(es)?)?( .*)?"
        ),
        "exits",
    ),
    (
        (
            r"(are|is|have|has|do) (my |the |i |we |any |there |have )*"
            r"(a |any )?(stops?|exits?|stop ?loss(es)?)\b.*"
        ),
        "exits",
    ),
    (r"(take|set|book) (a |my |some )?(profits?|targets?)\b.*", "exits"),
    # orders
    (r"cancel (it|this|that|them|those|these)( one| order| all)?( now)?", "cancel"),
    (r"cancel all( of)?( my| the| open| working)* orders( now)?", "cancel all"),
    (
        rf"(reduce|cut|trim) (my |the )*{_ONE}( position)? (by|in) (a )?half",
        "sell {stock} half",
    ),
    (rf"(flatten|trim|unwind) (my |the )*{_ONE}( position)?", "sell {stock}"),
    (
        rf"(buy (me )?(some|some more|more)( of)?|add to)( my| the)* {_ONE}( position)?",
        "buy {stock}",
    ),
    (r"(what('s| is)? happened|what became) (to|with|of) (my |the )?orders?", "orders"),
    (r"(how many|last|latest|recent) (trades?|orders?|fills?)\b.*", "orders"),
    (r"cancel (everything|it all|them all|all my orders|all orders)", "cancel all"),
    (r"cancel (all )?(my |the )?(open|working|pending) orders", "cancel all"),
    (r"cancel (my |the |an |that |last )*orders?|i('ve)? changed my mind", "cancel"),
    (rf"cancel (my |the )*{_ONE} orders?", "cancel {stock}"),
    (
        rf"(close|exit|sell)( out)?( of)? (my |the )*{_ONE} (position|holding)",
        "sell {stock}",
    ),
    (r"(close|exit|sell) (my |the )*(whole|entire|full)\b.*", "sell"),
    (r"sell (it|them|this|that|those|these)( all)?( now)?|sell out", "sell"),
    (r"(a )?limit order\b.*", "buy"),
    (rf"buy {_ONE} for {_DOLLARS}", "buy {stock} ${dollars}"),
    (
        rf"((invest|put|spend) {_DOLLARS}|get {_DOLLARS.replace('dollars>', 'd>')} worth) {_INTO}",
        "buy {stock} ${dollars}{d}",
    ),
    (rf"(go )?long {_ONE}", "buy {stock}"),
    (r"(go |sell )?short\b.*", "about"),
    (r"(get|grab|order) me (?P<behind>\d+ .+)", "buy"),
    (rf"what (did|have) (i|you) (buy|buys|bought|sell|sold){_TODAY}", "orders"),
    (
        r"(did|has|have|is|was|where('s| is)|what about) (the |my )?orders?\b.*",
        "orders",
    ),
    (r"did (it|i|we|you) (fill|go through|buy( anything)?)|was it filled", "orders"),
    (rf"what (happened|did you do){_TODAY}( overnight)?", "orders"),
    # settings
    (
        r"(turn|switch) (?P<off>off|on) (the )?automatic( mode)?",
        "settings automatic {off}",
    ),
    (
        r"(turn |switch )?(the )?automatic( mode)? (?P<off>off|on)",
        "settings automatic {off}",
    ),
    (r"(?P<behind>(max|min) .+)", "settings"),
    (
        r"(go|switch to|turn on) live( trading)?|(use )?(real|live) (money|trading)",
        "about",
    ),
    (r"(set|change|raise|lower|increase|decrease|reduce) (?P<behind>.+)", "settings"),
    # what rings
    (r"(turn|switch) (the |my )?(notifications|sound) off", "mute"),
    (r"mute( me| everything)?( for)? (?P<behind>.+)", "mute"),
    (r"(be quiet|shut up|do ?n.?t disturb( me)?)( for)? ?(?P<behind>.*)", "mute"),
    (
        (
            r"unmute|wake up|(turn|switch) on (the |my )?(notifications|sound)|"
            r"(turn|switch) (the |my )?(notifications|sound)( back)? on"
        ),
        "mute off",
    ),
    (r"(show|turn on) (the |my )?(keyboard|keys|buttons)", "keyboard on"),
    (r"(hide|remove|turn off) (the |my )?(keyboard|keys|buttons)", "keyboard off"),
    # by itself
    (
        (
            rf"((schedule|send|make|give|do|run) )?(me )?(the |a |my )?"
            rf"(morning )?(?P<kind>report|scan|brief|summary)( every day| daily)? at {_AT}"
            rf"( every day| daily)?"
        ),
        "schedule {kind} {at}",
    ),
    (r"(?P<behind>scan every .+)", "schedule"),
    (
        r"remind me\b.*|(when is |what is |what's |whats )(the |my )?next\b.*",
        "schedule",
    ),
    (r"next (report|scan)", "schedule"),
    # what the market does
    (
        (
            r"((today'?s|the) )?(top )?gainers|what are (the |today'?s )*(top|best)\b.*|"
            r"what (should|can|could) i buy|"
            rf"((any|top|biggest|best) )?(movers|winners|gainers){_TODAY}|"
            rf"(what('s|s| is) )?(hot|moving|gaining|going up){_TODAY}"
        ),
        "scan",
    ),
    (
        (
            r"(how is|how's|hows|what is|what's) (?!it |my |this |that |everything )"
            r"(?P<behind>\S+) (doing|trading( at)?|at|worth)( now| today)?"
        ),
        "quote",
    ),
    (rf".*\bprice (of|for) (?P<behind>\S+){_TODAY}", "quote"),
    (rf"how much (is|does|are) {_ONE}( cost)?{_TODAY}", "quote {stock}"),
    (
        (
            rf"(tell me|what|how|any news|news|info|details|anything|headlines)( news)?"
            rf"( (about|on|of|for))( my| the)* {_ONE}{_TODAY}"
        ),
        "quote {stock}",
    ),
    (
        rf"is (?!{_OURS}\b){_ONE} (halted|up|down){_TODAY}",
        "quote {stock}",
    ),
    (rf"{_ONE} (news|info|headlines)", "quote {stock}"),
    (r"how('s|s| is) (?!it\b|life|all\b|that|this)(?P<behind>[a-z]{2,5})", "quote"),
    # the account, and how it went
    (r"how much (money|cash|funds?)\b.*|how much (can|could|may) i spend", "account"),
    (r"buying power|what('s|s| is) my (balance|account)( worth)?", "account"),
    (r"(what('s|s| is) )?(my )?(net worth|total value)", "account"),
    (r"p ?(&|/|and|n) ?l\b.*|what('s|s| is) my p ?(&|and|n) ?l", "pnl"),
    (rf"am i (up|down|winning|losing)\b.*|how (am|did) i (do|doing){_TODAY}", "pnl"),
    (rf"how much (did|have) i (lose|lost|win|won|gain|make|made|earn){_TODAY}", "pnl"),
    (rf"(today('?s)?|my) (pnl|profit|loss|gains?|result){_TODAY}", "pnl"),
    (r"(win rate|track record|how did (the|my) picks do.*|did it work)", "score"),
    (r"how good (are|is|were) .+", "score"),
    (rf"what (did|have) (you|it) (pick|picked|find|found|choose){_TODAY}", "history"),
    (r"(yesterday|today)('?s)? picks", "history"),
    # the bot
    (
        (
            r"((are you|is it|is everything|everything|all) )"
            r"(ok|okay|fine|alive|there|up|good|working|running)|you there"
        ),
        "status",
    ),
    (
        r"(market|trading) hours|when (does|do|will) .*\bmarkets?\b.*|holidays?",
        "status",
    ),
    (r"(is|are|am) (ib|you|we|i|it|the gateway) connected|connect(ed|ion)", "status"),
    (rf"(the )?market( (status|state))?|is {_DAY} an? .*|{_DAY}'?s hours", "status"),
    (
        (
            r"(is|am|are) (it|this|i|we|you)( on)? (live|real|paper|sandbox)( .*)?|"
            r"(live|real|paper) or (live|real|paper)( money)?"
        ),
        "about",
    ),
    (r"who (made|built|wrote) (you|this)", "about"),
    (r"who('s|s| is) (watching|looking|here|there)", "people"),
    (r"((my|the|today'?s) )?(daily|morning) report( now)?|report now", "report"),
    (r"why (is it|are you|am i) ?(halted|stopped)|why (halted|stopped)", "status"),
    (r"why\b.*", "why"),
    (r"what('s|s)? ?(went|gone|going) wrong|(any|last|recent) errors?", "log"),
    (r"(who|what) are you", "about"),
    (r"(what|which) version\b.*|update|is there an update", "version"),
    (r"how does (this|it) work|help me|i('m| am) lost|instructions", "help"),
    (r"good (morning|evening|day)", "start"),
    (r"download everything|tax(es)?( report)?", "export"),
    (r"(add|invite|remove) (a |my |another )?(user|person|owner|viewer)\b.*", "people"),
    (r"invite .+|(add|let in) my .+", "people"),
)
_MEANT: Final = [(re.compile(said, re.IGNORECASE), name) for said, name in _COMMANDS]

_COURTESIES: Final = re.compile(
    r"(please|pls|plz|hey|ok|okay|kindly|show me|(could|can|would|will) you( please)?|"
    r"i want to|i'd like to|i would like to)[ ,]+(?P<first>.+)|"
    r"(?P<last>.+?)[ ,]+(please|pls|plz|thanks|thank you|thx|(@|at)( the)? ?market)",
    re.IGNORECASE,
)


def whole_sentence(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The command and its arguments that the whole of *text* means; None if none."""
    if text.strip() in _HELP:
        return "help", ()
    said = " ".join(text.split()).strip(" .,!?")
    while polite := _COURTESIES.fullmatch(said):
        said = polite["first"] or polite["last"]
    for pattern, command in _MEANT:
        if found := pattern.fullmatch(said):
            name, *words = command.split()
            return name, tuple(_behind(name, words, found.groupdict()))
    return None


def _behind(
    name: str, words: list[str], said: Mapping[str, str | None]
) -> Iterator[str]:
    """The arguments of the command, filled in; for a setting without the "to" before
    its value: "max order to 2000".
    """
    named = {key: word or "" for key, word in said.items()}
    if "at" in named:
        named["at"] = _clock(named["at"])
    yield from (word.format_map(named) for word in words)
    for word in named.get("behind", "").split():
        if name != "settings" or word.lower() not in _FILL:
            yield word


_HELP: Final = frozenset({"?", "/?"})
_FILL: Final = frozenset({"to", "the", "my"})
_NOON: Final = 12


def _clock(said: str) -> str:
    """A time of day in the schedule's form hh:mm: from "10", "9.40 am" or "3 pm"."""
    digits = re.findall(r"\d+", said)
    if not digits:  # noon
        return f"{_NOON}:00"
    hour, minute = int(digits[0]), digits[1] if len(digits) > 1 else "00"
    if "pm" in said.lower() and hour < _NOON:
        hour += _NOON
    return f"{hour}:{minute}"
