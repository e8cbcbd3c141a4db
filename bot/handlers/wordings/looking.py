"""Sentences about the market, the account and the picks, as in ``trading``.

Tested by tests/bot/handlers/test_text_commands.py and tests/docs/test_requests.py.
"""

from typing import Final

from bot.handlers.wordings.parts import ONE, OURS, TODAY


SENTENCES: Final = (
    # what the market does
    (
        (
            r"((today'?s|the) )?(top )?gainers|what are (the |today'?s )*(top|best)\b.*|"
            r"what (should|can|could) i buy|"
            rf"((any|top|biggest|best) )?(movers|winners|gainers){TODAY}|"
            rf"(best|top|hottest|strongest) (stocks?|shares){TODAY}|"
            rf"(what('s|s| is) )?(hot|moving|gaining|going up){TODAY}"
        ),
        "scan",
    ),
    (
        (
            r"(how is|how's|hows|what is|what's|whats) (?!it |my |this |that |everything )"
            r"(?P<arguments>\S+) (doing|trading( at)?|at|worth)( now| today)?"
        ),
        "quote",
    ),
    (rf".*\bprice (of|for) (?P<arguments>\S+){TODAY}", "quote"),
    (r"how much( money| cash)?( do i have| is| have i( got)?) left\b.*", "account"),
    (rf"how much (is|does|are) {ONE}( cost)?{TODAY}", "quote {stock}"),
    (
        (
            rf"(tell me|what|how|any news|news|info|details|anything|headlines)( news)?"
            rf"( (about|on|of|for))( my| the)* {ONE}{TODAY}"
        ),
        "quote {stock}",
    ),
    (
        rf"is (?!{OURS}\b){ONE} (halted|up|down){TODAY}",
        "quote {stock}",
    ),
    (rf"{ONE} (news|info|headlines)", "quote {stock}"),
    (r"how('s|s| is) (?!it\b|life|all\b|that|this)(?P<arguments>[a-z]{2,5})", "quote"),
    (r"how('s|s| is)( the)? market( doing| today| looking)*", "status"),
    (rf"(is )?(the )?market open( yet)?{TODAY}", "status"),
    # the account, and how it went
    (r"what are (we|you|i) (holding|owning)( now)?", "positions"),
    (
        r"how (did|was|has) (the )?(last |this |my )?(week|month|day|yesterday)\b.*",
        "pnl",
    ),
    (r"how much (money|cash|funds?)\b.*|how much (can|could|may) i spend", "account"),
    (r"buying power|what('s|s| is) my (balance|account)( worth)?", "account"),
    (r"(what('s|s| is) )?(my )?(net worth|total value)", "account"),
    (r"p ?(&|/|and|n) ?l\b.*|what('s|s| is) my p ?(&|and|n) ?l", "pnl"),
    (
        rf"am i (up|down|winning|losing)\b.*|how (am|did) i (do|doing)( overall| in (all|total))?{TODAY}",
        "pnl",
    ),
    (rf"how much (did|have) i (lose|lost|win|won|gain|make|made|earn){TODAY}", "pnl"),
    (rf"(today('?s)?|my) (pnl|profit|loss|gains?|result){TODAY}", "pnl"),
    (r"(win rate|track record|how did (the|my) picks do.*|did it work)", "score"),
    (r"how good (are|is|were) .+", "score"),
    (rf"what (did|have) (you|it) (pick|picked|find|found|choose){TODAY}", "history"),
    (r"(yesterday|today)('?s)? picks", "history"),
)
