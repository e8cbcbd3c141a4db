"""Sentences about what runs by itself, settings and the bot, as in ``trading``.

Tested by tests/bot/handlers/test_text_commands.py and tests/docs/test_requests.py.
"""

from typing import Final

from bot.handlers.wordings.parts import AT, DAY, SIZE, SPENT, TODAY
from bot.views.help.glossary import ANY as TERM


SENTENCES: Final = (
    # by itself, and what was missed
    (
        (
            rf"(why|where('s|s| is| was)|i got|there (is|was)|i have) (no |the |my |there no |"
            rf"there was no )*(morning )?report{TODAY}( yet)?"
        ),
        "health report",
    ),
    (
        (
            rf"(why|where('s|s| is| was)|i got|there (is|was)|i have) (no |the |my |there no |"
            rf"there was no )*(morning )?(scan|card|brief|summary){TODAY}( yet)?"
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
            rf"(stop|no( more)?|turn off|switch off|skip|pause|cancel) (the |my |{DAY}'s )*"
            rf"((morning|daily|evening|next) )?(reports?|scans?|briefs?|summary|summaries)"
            rf"( (for |on )?{DAY})?"
        ),
        "schedule",
    ),
    (
        (
            r"(turn|switch) (the |my |all )*(morning |daily )?"
            r"(reports?|scans?|briefs?|summary|summaries) off|"
            r"(scan|report) (once|twice|daily|hourly|weekly|(three|\d+) times)\b.*"
        ),
        "schedule",
    ),
    (rf"(skip|day off|take off|nothing|no trading)( on)? {DAY}", "schedule"),
    (r"when (do|does|will) (you|it) (scan|report|look)\b.*", "schedule"),
    (r"(do(n't|nt| not)) (scan|report)\b.*", "schedule"),
    (r"(change|transfer|new) (the |an )?owner\b.*", "people"),
    (r"(scan|report) (every|each) (morning|day|session)", "schedule"),
    # settings
    (r"(what('s|s| is| are)|show)( me)? (my |the )*(limits?|caps?)( now)?", "settings"),
    (
        (
            rf"(make (it|them|that)|only|just|use|always|take|trade) {SIZE} shares?( each)?( please)?|"
            rf"{SIZE.replace('shares', 'n')} shares? (each|per (order|trade|stock|pick))"
        ),
        "settings shares {shares}{n}",
    ),
    (
        (
            rf"(use|spend|(i )?only( want to)? spend|invest) {SPENT}( only)?"
            rf"( (each|per|for each|a|for every) ?(order|trade|stock|pick)?)?"
        ),
        "settings size ${spent}{s}",
    ),
    (r"reset (?P<arguments>.+?)( to( (its|the))? defaults?)?", "settings reset"),
    (r"(use|only|always)( use)? limit orders?( only)?", "settings order type LMT"),
    (r"(use|only|always)( use)? market orders?( only)?", "settings order type MKT"),
    (
        r"(turn|switch) (?P<off>off|on) (the )?automatic( mode)?",
        "settings automatic {off}",
    ),
    (
        r"(turn |switch )?(the )?automatic( mode)? (?P<off>off|on)",
        "settings automatic {off}",
    ),
    (r"(?P<arguments>(max|min) .+)", "settings"),
    (
        r"(go|switch to|turn on) live( trading)?|(use )?(real|live) (money|trading)",
        "about",
    ),
    (
        r"(set|change|raise|lower|increase|decrease|reduce) (?P<arguments>.+)",
        "settings",
    ),
    # what rings
    (r"(turn|switch) (the |my )?(notifications|sound) off", "mute"),
    (r"mute( me| everything)?( for)? (?P<arguments>.+)", "mute"),
    (r"(be quiet|shut up|do ?n.?t disturb( me)?)( for)? ?(?P<arguments>.*)", "mute"),
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
            rf"(morning )?(?P<kind>report|scan|brief|summary)( every day| daily)? at {AT}"
            rf"( every day| daily)?"
        ),
        "schedule {kind} {at}",
    ),
    (r"(?P<arguments>scan every .+)", "schedule"),
    (
        r"remind me\b.*|(when is |what is |what's |whats )(the |my )?next\b.*",
        "schedule",
    ),
    (r"next (report|scan)", "schedule"),
    # the bot
    (
        (
            r"(is |are )?((my|the) )*(data|quotes?|prices?|it) "
            r"(live|delayed|real ?time)( now| today)?|how('s|s| is) it going|"
            r"((are there|is there)( any| an?)? |any )(problems?|issues?|trouble)|anything wrong"
        ),
        "status",
    ),
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
    (rf"(the )?market( (status|state))?|is {DAY} an? .*|{DAY}'?s hours", "status"),
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
    (r"report (an? |the )?(error|bug|problem|issue)\b.*", "log"),
    (
        (
            r"(is|are) (my|the) (money|account|data|cash) (safe|secure)|"
            r"(can|could|will|might) i lose( my| all( my)?)? (money|everything)|"
            r"is (it|this) (safe|dangerous|risky|legit|a scam)|are you (a scam|legit|safe)|"
            r"((can|do|will|would|are) (you|it) (going to )?)?"
            r"(trade|buy|sell|order)( anything| stocks?)? (by (yourself|itself)|alone|on your own|"
            r"without (asking|me|my (ok|yes|permission)))( me)?( first)?"
        ),
        "about",
    ),
    (
        (
            r"who (has|can|could|may|might)( get)? (access|see|look|use|watch|trade)\b.*|"
            r"(give|grant) \S+( \S+)? access|let (?!me\b|us\b)(my )?\S+ (see|look|watch|in)\b.*|"
            r"my \S+ (should|wants? to|needs? to|must|can) (see|look|watch|use)\b.*"
        ),
        "people",
    ),
    (
        (
            rf"what (happens|will happen|would happen) (if|when) (i|you|we) "
            rf"(tap|press|click|push|hit|say|choose|type)( on)?( the)? (?P<term>{TERM})( button)?"
        ),
        "help {term}",
    ),
    (
        (
            rf"(explain|define|(the )?meaning of|what (is|are|does|do)|what's|whats)( a| an| the)* "
            rf"(?P<term>{TERM})( button)?( mean| do| stand for)?"
        ),
        "help {term}",
    ),
    (
        (
            r"how (long|much longer) (is|does|will) (the|an|this|my) (offer|card)\b.*|"
            r"when (does|do|will|is) (the|an|this|my) (offer|card)s? (expire|end|over|run out)\b.*"
        ),
        "help offer",
    ),
    (
        r"(list|show)( me)? (everything|all)( that)?( you (can|could) do| commands)?",
        "help",
    ),
    (r"how does (this|it) work|help me|i('m| am) lost|instructions", "help"),
    (r"good (morning|evening|day)", "start"),
    (r"download everything|tax(es)?( report)?", "export"),
    (
        r"(add|invite) (?P<who>\d{5,}) as (an? )?(?P<rights>viewer|owner)",
        "people add {who} {rights}",
    ),
    (r"(add|invite) \S+ as (an? |the )?(viewer|owner)", "people"),
    (r"(add|invite|remove) (a |my |another )?(user|person|owner|viewer)\b.*", "people"),
    (r"invite .+|(add|let in) my .+", "people"),
    (r"remove ((owner|viewer|user|person) )?(?P<arguments>\d{5,})", "people remove"),
    (r"(remove|delete) ((my|the|an|that|last|all|open) )*orders?( .*)?", "cancel"),
    (
        (
            r"(remove|delete) ((the|my|morning|daily|evening) )*"
            r"(report|scan|brief|summary|schedule)s?( .*)?"
        ),
        "schedule",
    ),
    (
        r"(remove|kick( out)?|ban) (?!it\b|this\b|that\b|all\b|every|the\b|max|limit)[a-z]+",
        "people",
    ),
)
