"""Sentences about orders and exits: each pattern, and the command that it means.

Tested by tests/bot/handlers/test_text_commands.py and tests/docs/test_requests.py.
"""

from typing import Final

from bot.handlers.wordings.parts import (
    AT,
    DOLLARS,
    EXIT,
    FAR,
    FROM_NOW,
    INTO,
    ON,
    ONE,
    TODAY,
)


SENTENCES: Final = (
    # what acts at once, and what is quieter
    (
        (
            rf"(stop|no|no more) (all )?(trading|trades|buying|buys|scanning|new orders)"
            rf"( for)?{FROM_NOW}"
        ),
        "halt",
    ),
    (
        rf"do(n't|nt| not) (buy|trade)( anything)?( more| else)?( for)?{FROM_NOW}",
        "halt",
    ),
    (
        (
            r"(start|allow|turn on|enable) (trading|buying|orders)( again| back)?|"
            r"turn (trading|buying|orders)( back)? on"
        ),
        "resume",
    ),
    (
        rf"(do(n't|nt| not)|no|stop) (buy|buying)( anything)?( more)? after {AT}",
        "settings no buy after {at}",
    ),
    (rf"(get (me )?out|i want out|get rid) of (my |the )*{ONE}", "sell {stock}"),
    (
        (
            rf"(sell|dump|close) (all|everything|the rest)( that)?( i (have|own|hold))? "
            rf"(in|of) (my |the )*{ONE}( shares| stock| position)?"
        ),
        "sell {stock} all",
    ),
    (rf"(sell|dump) {ONE} (all|everything)( of it)?", "sell {stock} all"),
    (rf"(buy|get)( me)? (a|one|1)( single)? share( of)? {ONE}", "buy {stock} 1"),
    (rf"sell (a|one|1)( single)? share( of)?( my)? {ONE}", "sell {stock} 1"),
    (
        rf"buy (?-i:max|as (much|many)( shares)?)( of)? (?!\$?\d){ONE}( as .+)?",
        "buy {stock} max",
    ),
    (r"buy (?-i:(right )?now|(the )?same( again)?|again)", "buy"),
    (
        r"sell ((the|my|all) )*(?-i:losers?|winners?|worst|best)( ones?| stocks?)?",
        "sell",
    ),
    (
        (
            r"(sell|dump|close) (all|everything)( stocks?)? "
            r"(?-i:but|except|besides|apart from) .+|"
            r"keep .+ sell (the rest|(all|everything) else|(all )?(the )?others?)"
        ),
        "sell",
    ),
    # exits: each ends in a list, or in a card that asks
    (
        (
            rf"(set |put |add |place )?(a |my )?"
            rf"({EXIT} (of |at )?{FAR}) {ON}"
        ),
        "exits {stock} {exit} {far}%",
    ),
    (
        rf"(set |put |add |place )?(a |my )?{FAR} {EXIT} (on|for|to) (my |the )?{ONE}",
        "exits {stock} {exit} {far}%",
    ),
    (rf"{EXIT} (of |at )?{FAR} {ONE}", "exits {stock} {exit} {far}%"),
    (rf"{EXIT} {ONE} (of |at |by )?{FAR}", "exits {stock} {exit} {far}%"),
    (rf"trail (my )?{ONE} (by|at|with) {FAR}", "exits {stock} trail {far}%"),
    (
        rf"(remove|delete|cancel|drop) (the |my )?(stop|stop ?loss|target|exit)s? {ON}",
        "exits {stock} none",
    ),
    (rf"cancel (the |my )*(stop|target) (?!orders?\b){ONE}", "exits {stock} none"),
    (r"cancel (the |my |all )*(stops?|targets?|exits?)( orders?)?", "exits"),
    (rf"(sell|close|exit) {ONE} (at|on|before) (the )?close", "exits {stock} close 1"),
    (
        rf"(sell|close|exit) (my |all |half |the )*(of )?(my )?{ONE} (when|once|as soon as|if) .+ \$?\d.*",
        "exits {stock}",
    ),
    (
        rf"(take|book) (a |my |some )?profits? {ON} (at |of )?{FAR}",
        "exits {stock} target {far}%",
    ),
    (
        rf"(take|book) (a |my |some )?profits? (at |of )?{FAR} {ON}",
        "exits {stock} target {far}%",
    ),
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
    (
        (
            r"(remove|delete|drop|cancel|move|raise|lower|change|tighten|set) (my |the )?"
            r"(?!exit\b|default\b|no\b|my\b|the\b)\S+ (stop|target|exit)s?( (to|at) .+| \$?\d.*)?"
        ),
        "exits",
    ),
    # orders
    (
        (
            r"cancel (everything|the lot|(it|them|those|these) all|"
            r"all of (it|them|those|these)|"
            r"(all|every|each)( single)?( one)?( of)?( (my|the|open|working|pending))* orders?)"
            r"( now| right now| immediately| at once)*"
        ),
        "cancel all",
    ),
    (
        (
            r"(cancel|undo|revert|reverse) (it|this|that|them|those|these)( one| order)?( now)?|"
            r"(undo|revert|reverse|take back) ((my|the|that|last) )*(order|trade|buy|sale)|"
            r"take (it|that|this) back"
        ),
        "cancel",
    ),
    (
        rf"(reduce|cut|trim) (my |the )*{ONE}( position)? (by|in) (a )?half",
        "sell {stock} half",
    ),
    (rf"(flatten|trim|unwind|exit) (my |the )*{ONE}( position)?", "sell {stock}"),
    (rf"(sell|dump|close) (a )?halve( of)?( my| the)* {ONE}", "sell {stock} half"),
    (
        rf"(buy (me )?(some|some more|more)( of)?|add to)( my| the)* {ONE}( position)?",
        "buy {stock}",
    ),
    (r"(what('s| is)? happened|what became) (to|with|of) (my |the )?orders?", "orders"),
    (r"(how many|last|latest|recent) (trades?|orders?|fills?)\b.*", "orders"),
    (r"cancel (all )?(my |the )?(open|working|pending) orders", "cancel all"),
    (r"cancel (my |the |an |that |last )*orders?|i('ve)? changed my mind", "cancel"),
    (rf"cancel (my |the )*{ONE} orders?", "cancel {stock}"),
    (
        rf"(close|exit|sell)( out)?( of)? (my |the )*{ONE} (position|holding)",
        "sell {stock}",
    ),
    (r"(close|exit|sell) (my |the )*(whole|entire|full)\b.*", "sell"),
    (r"sell (it|them|this|that|those|these)( all)?( now)?|sell out", "sell"),
    (r"(a )?limit order\b.*", "buy"),
    (rf"buy {ONE} for {DOLLARS}", "buy {stock} ${dollars}"),
    (
        rf"((invest|put|spend) {DOLLARS}|get {DOLLARS.replace('dollars>', 'd>')} worth) {INTO}",
        "buy {stock} ${dollars}{d}",
    ),
    (rf"(go )?long {ONE}", "buy {stock}"),
    (r"(go |sell )?short\b.*", "about"),
    (r"(get|grab|order) me (?P<arguments>\d+ .+)", "buy"),
    (rf"what (did|have) (i|you) (buy|buys|bought|sell|sold){TODAY}", "orders"),
    (
        r"(did|has|have|is|was|where('s| is)|what about) (the |my )?orders?\b.*",
        "orders",
    ),
    (r"(did|have) (it|i|we|you) (buy|bought|sell|sold)\b.+", "orders"),
    (r"did (it|i|we|you) (fill|go through|buy( anything)?)|was it filled", "orders"),
    (
        r"did ((my|the|that) )+(buy|sell|sale|trade|purchase) (fill|go through|work)",
        "orders",
    ),
    (rf"what (happened|did you do){TODAY}( overnight)?", "orders"),
)
