"""The state file: what survives a restart of the gateway process.

Orders, holdings, fills and order ids, as JSON, replaced in one step.
"""

import json
import os
from dataclasses import asdict
from errno import EACCES
from pathlib import Path
from typing import Any

from core.sandbox.gateway.gateway import Gateway
from core.sandbox.trading.events import Commission
from core.sandbox.trading.snapshots import commission_of


def save(gateway: Gateway, path: Path) -> None:
    """Replace the file in one step; a reader sees the old or the new one, never a part."""
    content = {
        "exchange": gateway.exchange.snapshot(),
        "order_ids": {str(c): used for c, used in gateway.order_ids.used.items()},
        "commissions": [_plain(each) for each in gateway.commissions.values()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(path)


def require_room(path: Path) -> None:
    """Check that the file can be written, before the first order needs it.

    Raises:
        OSError: its folder cannot be made or written to.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK):
        raise PermissionError(EACCES, "cannot be written", str(path.parent))


def load(gateway: Gateway, path: Path) -> None:
    """Continue from the file; a missing one means a first start.

    Raises:
        ValueError: the file is not what ``save`` wrote.
    """
    if not path.exists():
        return
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        gateway.exchange.restore(content["exchange"])
        for client_id, order_id in content["order_ids"].items():
            gateway.order_ids.count(int(client_id), order_id)
        for each in content["commissions"]:
            report = commission_of(each)
            gateway.commissions[report.exec_id] = report
    except (KeyError, TypeError, ValueError) as problem:
        raise ValueError(f"{path.name} is no gateway state: {problem!r}") from problem


def _plain(report: Commission) -> dict[str, Any]:
    return {**asdict(report), "at": report.at.isoformat()}
