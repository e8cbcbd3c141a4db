"""Drives the official Python client, ``ibapi``, as orders on standard input say."""

import json
import logging
import sys
from collections.abc import Callable
from threading import Thread
from traceback import extract_tb
from typing import Any, Final

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.execution import ExecutionFilter
from ibapi.order import Order
from ibapi.order_condition import PriceCondition
from ibapi.scanner import ScannerSubscription
from ibapi.tag_value import TagValue

from tests.conformance.drivers.speech import BROKEN, CLOSED, OPENED, grown, say


try:
    from ibapi.order_cancel import OrderCancel
except ImportError:  # 9.81 knows no such thing
    OrderCancel = None


class OldOrder(Order):  # type: ignore[misc]  # theirs has no types
    """An order of 9.81 as its users write it: two of its defaults are refused today."""

    def __init__(self) -> None:
        super().__init__()
        self.eTradeOnly = self.firmQuoteOnly = False


CLASSES: Final[dict[str, type]] = {
    "Contract": Contract,
    "ExecutionFilter": ExecutionFilter,
    "Order": Order if OrderCancel else OldOrder,
    "PriceCondition": PriceCondition,
    "ScannerSubscription": ScannerSubscription,
    "TagValue": TagValue,
}
LIBRARY_CODES: Final = range(501, 600)  # made by the client, not by the gateway


class Listener:
    """Takes every callback of the API and passes it on."""

    def __init__(self, line: str) -> None:
        self._line = line
        self.leaving = False

    def __getattr__(self, name: str) -> Callable[..., None]:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args: say(self._line, name, *args)

    def connectionClosed(self) -> None:  # noqa: N802  the API's name
        """The socket is gone."""
        say(self._line, CLOSED)

    def error(self, req_id: int, *told: Any) -> None:
        """Message 4, or the client's own complaint; since 10.33 a time comes first."""
        code, text = told[1:3] if isinstance(told[1], int) else told[:2]
        if code in LIBRARY_CODES:
            say(self._line, BROKEN, f"{code} {text}")
        else:
            say(self._line, "error", req_id, code, text)

    def commissionAndFeesReport(self, report: Any) -> None:  # noqa: N802  the API's name
        """Message 59 under the name that it has had since 10.34."""
        say(self._line, "commissionReport", {**vars(report), **_old_words(report)})


def _old_words(report: Any) -> dict[str, object]:
    return {"commission": report.commissionAndFees}


class Complaints(logging.Handler):
    """The client logs what it cannot decode, and goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass on errors and the lone word that stands for a bad message."""
        text = record.getMessage()
        if record.levelno >= logging.ERROR or text == "BadMessage":
            say("", BROKEN, text)


class Driver:
    """The connections of this process, by their names."""

    def __init__(self) -> None:
        self._lines: dict[str, Any] = {}

    def obey(self, line: str, deed: str, words: list[Any]) -> None:
        """Connect, disconnect, or call the method of that name."""
        if deed == "connect":
            Thread(target=self._connect, args=(line, *words), daemon=True).start()
        elif deed == "disconnect":
            self._lines[line].wrapper.leaving = True
            Thread(target=self._lines[line].disconnect, daemon=True).start()
        else:
            args = [grown(word, CLASSES) for word in words]
            if OrderCancel and deed in {"cancelOrder", "reqGlobalCancel"}:
                args.append(OrderCancel())
            getattr(self._lines[line], deed)(*args)

    def _connect(self, line: str, port: int, client_id: int, options: str = "") -> None:
        client = self._lines[line] = EClient(Listener(line))
        if options:
            client.setConnectOptions(options)
        client.connect("127.0.0.1", port, client_id)
        if not client.isConnected():
            say(line, CLOSED)
            return
        say(line, OPENED, client.serverVersion())
        try:
            client.run()
        except Exception as fault:  # noqa: BLE001  whatever ends its loop is news
            if not client.wrapper.leaving and not _is_a_late_goodbye(fault):
                say(line, BROKEN, repr(fault))


def _is_a_late_goodbye(fault: Exception) -> bool:
    """Its loop trips over its own state when the line ends behind a last message."""
    return extract_tb(fault.__traceback__)[-1].name == "run"


def main() -> None:
    """Obey until the input ends."""
    for noisy in ("ibapi", "ibapi.client", "ibapi.decoder", "ibapi.connection"):
        logging.getLogger(noisy).setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(Complaints())
    root.setLevel(logging.INFO)
    driver = Driver()
    for text in sys.stdin:
        order = json.loads(text)
        try:
            driver.obey(order["line"], order["do"], order["with"])
        except Exception as fault:  # noqa: BLE001  the client refuses: that is news, too
            say(order["line"], BROKEN, repr(fault))


if __name__ == "__main__":
    main()
