"""The words the checks are written in: callbacks' arguments, contracts, orders, scans."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final


def _words(text: str) -> Mapping[str, tuple[str, ...]]:
    rows = (line.split() for line in text.strip().splitlines())
    return MappingProxyType({name: tuple(words) for name, *words in rows})


WORDS: Final = _words("""
opened version
closed
error reqId code text
nextValidId orderId
managedAccounts accounts
currentTime time
contractDetails reqId details
contractDetailsEnd reqId
symbolSamples reqId descriptions
marketRule rule increments
scannerParameters xml
scannerData reqId rank details distance benchmark projection legs
scannerDataEnd reqId
tickPrice reqId kind price attributes
tickSize reqId kind size
tickString reqId kind value
tickGeneric reqId kind value
tickReqParams reqId minTick exchange permissions
tickSnapshotEnd reqId
marketDataType reqId type
historicalData reqId bar
historicalDataEnd reqId
historicalDataUpdate reqId bar
historicalSchedule reqId start end zone sessions
headTimestamp reqId time
openOrder orderId contract order state
openOrderEnd
orderStatus orderId status filled remaining average permId parentId last clientId why cap
execDetails reqId contract execution
execDetailsEnd reqId
commissionReport report
completedOrder contract order state
completedOrdersEnd
position account contract quantity cost
positionEnd
positionMulti reqId account model contract quantity cost
positionMultiEnd reqId
accountSummary reqId account tag value currency
accountSummaryEnd reqId
updateAccountValue tag value currency account
updatePortfolio contract quantity price value cost unrealized realized account
updateAccountTime time
accountDownloadEnd account
accountUpdateMulti reqId account model tag value currency
accountUpdateMultiEnd reqId
pnl reqId daily unrealized realized
pnlSingle reqId quantity daily unrealized realized value
familyCodes codes
userInfo reqId branding
realtimeBar reqId time open high low close volume wap count
updateMktDepth reqId position operation side price size
tickByTickAllLast reqId kind time price size attributes exchange conditions
tickByTickBidAsk reqId time bid ask bidSize askSize attributes
tickByTickMidPoint reqId time middle
historicalTicks reqId ticks done
historicalTicksBidAsk reqId ticks done
historicalTicksLast reqId ticks done
histogramData reqId items
newsProviders providers
newsArticle reqId kind text
historicalNews reqId time provider article headline
historicalNewsEnd reqId more
mktDepthExchanges descriptions
smartComponents reqId components
softDollarTiers reqId tiers
securityDefinitionOptionParameter reqId exchange underlying class multiplier expiries strikes
securityDefinitionOptionParameterEnd reqId
tickOptionComputation reqId kind
displayGroupList reqId groups
displayGroupUpdated reqId contract
""")

Described = dict[str, Any]
ACCOUNT: Final = "DU1234567"
AAPL: Final = 265598
MSFT: Final = 272093
SPY: Final = 756733


def stock(symbol: str = "", con_id: int = 0, **more: Any) -> Described:
    """Describe a US stock on SMART."""
    wishes = {"symbol": symbol, "secType": "STK", "exchange": "SMART", **more}
    wishes |= {"conId": con_id} if con_id else {}
    return {"a": "Contract", "currency": "USD", **wishes}


def order(action: str, quantity: float, kind: str = "MKT", **more: Any) -> Described:
    """Describe an order; DAY and transmitted unless told otherwise."""
    wishes = {"action": action, "totalQuantity": quantity, "orderType": kind}
    return {"a": "Order", "tif": "DAY", "transmit": True, **wishes, **more}


def scan(code: str = "TOP_PERC_GAIN", rows: int = 50, **more: Any) -> Described:
    """Describe a scan of the major US exchanges."""
    where = {"instrument": "STK", "locationCode": "STK.US.MAJOR"}
    wishes = {"scanCode": code, "numberOfRows": rows, **where, **more}
    return {"a": "ScannerSubscription", **wishes}


def tag(name: str, value: object) -> Described:
    """Describe one filter of a scan."""
    return {"a": "TagValue", "tag": name, "value": str(value)}


def everything() -> Described:
    """Describe the filter of executions that lets all pass."""
    return {"a": "ExecutionFilter"}


def price_condition(price: float, *, con_id: int = AAPL) -> Described:
    """Describe the condition that a stock's last price has risen to *price*."""
    where = {"conId": con_id, "exchange": "SMART", "exch": "SMART"}
    wishes = {"isMore": True, "price": price, "triggerMethod": 0, **where}
    return {"a": "PriceCondition", "condType": 1, "conjunction": "a", **wishes}
