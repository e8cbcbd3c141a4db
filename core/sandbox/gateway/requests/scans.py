"""Scanner subscriptions, each with a new result every thirty seconds."""

from types import MappingProxyType
from typing import Final

from core.sandbox.gateway.gateway import Gateway, RequestHandler
from core.sandbox.gateway.session import ClientSession, ClientState
from core.sandbox.latency import AnswerKind
from core.sandbox.market.data import ScanRejected, ScanRequest
from core.sandbox.market.universe import Stock
from core.sandbox.protocol import replies
from core.sandbox.protocol.reading import Reader
from core.sandbox.protocol.scanner_xml import SCANNER_PARAMETERS


MOST_ROWS: Final = 50
SECONDS_BETWEEN_BATCHES: Final = 30.0
LINES_PER_SCAN: Final = 10  # ten scans for the usual hundred lines
LEGACY_FILTERS: Final = (
    "priceAbove",
    "priceBelow",
    "volumeAbove",
    "marketCapAbove1e6",
    "marketCapBelow1e6",
    "moodyRatingAbove",
    "moodyRatingBelow",
    "spRatingAbove",
    "spRatingBelow",
    "maturityDateAbove",
    "maturityDateBelow",
    "couponRateAbove",
    "couponRateBelow",
    "excludeConvertible",
    "averageOptionVolumeAbove",
    "scannerSettingPairs",
    "stockTypeFilter",
)
WITHOUT_MEANING_FOR_STOCKS: Final = frozenset(LEGACY_FILTERS[5:])
HISTORY_SAYS: Final = "Historical Market Data Service"


class Scans(ClientState):
    """The scans of one client by request id."""

    def __init__(self) -> None:
        self.running: dict[int, ScanRequest] = {}


def subscribe(gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """22: begin a scan."""
    req_id = read.integer()
    request = _request(read)
    scans = session.state(Scans)
    off = gateway.config.disabled_filters.intersection(request.filters)
    most = gateway.config.lines // LINES_PER_SCAN
    if req_id in scans.running:
        _refuse(session, req_id, 322, "Duplicate scanner request id")
    elif len(scans.running) >= most:
        text = f"Only {most} simultaneous API scanner subscriptions are allowed."
        _refuse(session, req_id, 322, text)
    elif off:
        text = f"{HISTORY_SAYS} error message:Scanner filter {min(off)} is disabled"
        session.error(req_id, 162, text, delay=session.takes(AnswerKind.SCAN))
    else:
        scans.running[req_id] = request
        _plan(gateway, session, req_id, session.takes(AnswerKind.SCAN))


def _refuse(session: ClientSession, req_id: int, code: int, cause: str) -> None:
    text = f"Error processing request.-'bW' : cause - {cause}"
    session.error(req_id, code, text)


def _request(read: Reader) -> ScanRequest:
    rows, instrument, location = read.integer(), read.text(), read.text()
    code = read.text()
    legacy = {name: read.text() for name in LEGACY_FILTERS}
    tags = dict(each.split("=", 1) for each in read.text().split(";") if "=" in each)
    asked = {
        name: _plain(value)
        for name, value in legacy.items()
        if _plain(value) and name not in WITHOUT_MEANING_FOR_STOCKS
    }
    return ScanRequest(
        code=code,
        rows=rows if 0 < rows <= MOST_ROWS else MOST_ROWS,
        instrument=instrument,
        location=location,
        filters={**asked, **tags},
    )


def _plain(value: str) -> str:
    return "" if value.startswith(("1.797693134862315", "2147483647")) else value


def _plan(
    gateway: Gateway, session: ClientSession, req_id: int, seconds: float
) -> None:
    def batch() -> None:
        _batch(gateway, session, req_id)

    session.later(seconds, batch, key=("scan", req_id))


def _batch(gateway: Gateway, session: ClientSession, req_id: int) -> None:
    scans = session.state(Scans)
    request = scans.running[req_id]
    try:
        found = gateway.exchange.scan(request, session.now)
    except ScanRejected as refusal:
        del scans.running[req_id]
        session.error(req_id, refusal.code, refusal.text)
        return
    if gateway.config.empty_scans:
        found = []
    if not found:
        text = f"{HISTORY_SAYS} query message:no items retrieved"
        session.error(req_id, 165, text)
    session.say(_rows(req_id, found))
    _plan(gateway, session, req_id, SECONDS_BETWEEN_BATCHES)


def _rows(req_id: int, found: list[Stock]) -> tuple[str, ...]:
    rows = [part for rank, stock in enumerate(found) for part in _row(rank, stock)]
    return replies.fields(20, 3, req_id, len(found), *rows)


def _row(rank: int, stock: Stock) -> tuple[object, ...]:
    names = (stock.symbol, stock.market_name, stock.trading_class)
    nothing = ("", "", "", "")  # distance, benchmark, projection, legs
    contract = (stock.con_id, stock.symbol, "STK", "", 0, "")
    return (rank, *contract, "SMART", stock.currency, *names, *nothing)


def cancel(_gateway: Gateway, session: ClientSession, read: Reader) -> None:
    """23: end a scan, confirmed by an error 162."""
    read.version()
    req_id = read.integer()
    if session.state(Scans).running.pop(req_id, None) is None:
        text = f"No scanner subscription found for ticker id:{req_id}"
        session.error(req_id, 365, text)
        return
    session.forget(("scan", req_id))
    text = f"{HISTORY_SAYS} error message:API scanner subscription cancelled: {req_id}"
    session.error(req_id, 162, text)


def parameters(_gateway: Gateway, session: ClientSession, _read: Reader) -> None:
    """24: what the scanner knows, as one XML text."""
    wait = session.takes(AnswerKind.REFERENCE)
    session.say(replies.fields(19, 1, SCANNER_PARAMETERS), delay=wait)


HANDLERS: Final = MappingProxyType[int, RequestHandler](
    {22: subscribe, 23: cancel, 24: parameters},
)
