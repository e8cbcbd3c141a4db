"""Carries out the faults of a plan, and ends them all."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from core.sandbox.trouble.faults import QUIET_DAY
from tests.harness.product import STOCKS
from tests.simulation.faults.by_hand import FaultsByHand
from tests.simulation.faults.chat import ChatFaults
from tests.simulation.faults.gateway import SOON, GatewayFaults
from tests.simulation.faults.machine import MachineFaults
from tests.simulation.faults.people import PeopleFaults
from tests.simulation.faults.process import ProcessFaults
from tests.simulation.network import FAIR
from tests.simulation.owner import APPROVE
from tests.simulation.plan import WIRE, Fault, Kind
from tests.simulation.wire import Placed
from tests.simulation.world import World


_JUDGED_WITHIN: Final = 3.0
"""Seconds between a Yes and the probe before its order."""

_WORDS: Final = {"cancel": "/cancel all", "sell": "/sell {} all"}
"""What the owner says, with the order's stock in it."""

_CLOCK: Final = "clock"
"""For what does not wait: it happens at its own time."""

_IN_TURN: Final = frozenset({"tap", "order", "exit"})
_ACTS: Final = {
    "cut": Kind.CUT,
    "restart": Kind.RESTART,
    "line": Kind.LINE,
    "freeze": Kind.FREEZE,
    "crash": Kind.CRASH,
    "chat": Kind.CHAT_OUT,
    "dark": Kind.DARK,
}


class Troublemaker:
    """Carries out a plan's faults in one world: each at its time, or right after a tap,
    or an order's bytes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._process = ProcessFaults(world)
        self._gateway = GatewayFaults(world)
        self._people = PeopleFaults(world)
        self._by_hand = FaultsByHand(world)
        self._plays = self._kinds(ChatFaults(world), MachineFaults(world))
        world.on_tap = self._tapped
        world.auditor.sends.on_order = self._ordered
        world.auditor.sends.on_probe = self._probed
        world.on_point = lambda point: self._pass(point, STOCKS[0])
        self._soon: dict[str, list[Fault]] = {}
        self._approved_at = -1e9

    def _kinds(
        self, chat: ChatFaults, machine: MachineFaults
    ) -> Mapping[Kind, Callable[[Fault], None]]:
        """What carries out each kind of fault."""
        process, gateway = self._process, self._gateway
        people, by_hand = self._people, self._by_hand
        return {
            Kind.CRASH: process.crash,
            Kind.POWER: process.power,
            Kind.OLD_COPY: self._old_copy,
            Kind.CRASH_AT: process.crash_at,
            Kind.CRASH_STEPS: process.crash_steps,
            Kind.ORDER: gateway.order,
            Kind.WORD: gateway.word,
            Kind.RESTART: gateway.restart,
            Kind.CUT: gateway.cut,
            Kind.FREEZE: gateway.freeze,
            Kind.LINE: gateway.line,
            Kind.FARM: gateway.farm,
            Kind.DARK: gateway.dark,
            Kind.CHAT_STATUS: chat.status,
            Kind.CHAT_CUT: chat.cut,
            Kind.CHAT_SLOW: chat.slow,
            Kind.CHAT_AGAIN: chat.again,
            Kind.CHAT_OUT: chat.out,
            Kind.NETWORK: machine.network_quality,
            Kind.STEP: machine.step,
            Kind.SLEEP: machine.sleep,
            Kind.DISK: machine.disk,
            Kind.SOON: self._later_or_now,
            Kind.CODE: gateway.code,
            Kind.SCENARIO: gateway.scenario,
            Kind.LOGIN: gateway.login,
            Kind.NAMESAKE: by_hand.namesake,
            Kind.HAND: by_hand.hand,
            Kind.STRANGER: people.stranger,
            Kind.ELSEWHERE: people.elsewhere,
            Kind.LATE_TAP: people.late_tap,
            Kind.SETTING: people.setting,
        }

    async def play(self) -> None:
        """Each fault at its time; returns after the last."""
        for trouble in self._world.plan.lost:
            self._world.gateway.add_trouble(trouble)
        for fault in self._world.plan.faults:
            await asyncio.sleep(max(0.0, fault.at - self._world.loop.time()))
            self._world.tell(f"FAULT {fault}")
            self._world.auditor.counts[f"fault {fault.kind}"] += 1
            self._plays[fault.kind](fault)

    def end(self) -> None:
        """End every fault; nothing goes wrong from now on."""
        world, network = self._world, self._world.loop.network
        network.dark.clear()
        network.shut.clear()
        network.default = FAIR
        world.chat.faults.clear()
        self._process.end()
        self._soon.clear()
        world.gateway.reload(QUIET_DAY)
        world.gateway.thaw()
        if not world.gateway.gateway.line.up:
            world.gateway.flap(1102)
        world.clock.error = 0.0
        if not world.lives.alive:
            world.lives.begin()
        self._gateway.own_login()

    # what faults wait for

    def _tapped(self, data: str) -> None:
        self._process.arm()
        if data.startswith(APPROVE):
            self._approved_at = self._world.loop.time()
            self._pass("tap", STOCKS[0])

    def _probed(self) -> None:
        """The bot asks for IB's clock: a Yes was tapped a moment ago, and its order is
        not sent yet.
        """
        if self._world.loop.time() - self._approved_at < _JUDGED_WITHIN:
            self._pass("probe", STOCKS[0])

    def _ordered(self, placed: Placed) -> None:
        self._pass("exit" if placed.exit else "order", placed.symbol)
        self._world.lives.pass_point(WIRE)

    def _old_copy(self, fault: Fault) -> None:
        """The files of now, or of right before the next tap or order, come back."""
        if fault.what:
            self._soon.setdefault(fault.what, []).append(fault)
        else:
            self._process.keep(fault)

    def _later_or_now(self, fault: Fault) -> None:
        """The fault waits for the next tap, order or point that it names."""
        waits_for, _, _ = fault.what.partition(" ")
        if waits_for == _CLOCK:
            self._happens(fault, STOCKS[0])
        else:
            self._soon.setdefault(waits_for, []).append(fault)

    def _pass(self, what: str, symbol: str) -> None:
        """What waited for the next *what*, or the one after that, happens soon."""
        loop = self._world.loop
        for fault in self._soon.pop(what, []):
            if fault.nth > 1:
                self._later_or_now(replace(fault, nth=fault.nth - 1))
            elif fault.kind is Kind.OLD_COPY:
                loop.call_later(fault.after, self._process.keep, fault)
            elif fault.after or what in _IN_TURN:
                loop.call_later(fault.after, self._happens, fault, symbol)
            else:
                self._happens(fault, symbol)  # before the bot's next instruction

    def _happens(self, fault: Fault, symbol: str) -> None:
        act = fault.what.split(" ")[1]
        self._world.tell(f"FAULT now: {fault}")
        match act:
            case "cancel" | "halt" | "panic" | "scan" | "sell":
                self._people.says(_WORDS.get(act, f"/{act}").format(symbol))
            case "sleep":
                self._world.suspend(fault.amount)
            case "deny" | "yes" | "yes?" | "press" | "stale" | "say":
                self._people.acts(act, fault)
            case "hand" | "split" | "move":
                self._by_hand.acts(act, fault, symbol)
            case "gone":
                self._process.lose_files(fault)
            case act if act in SOON:
                self._gateway.soon(act, fault)
            case _:
                what = {"line": "1102", "chat": "dark"}.get(act, "")
                kind = _ACTS[act]
                self._plays[kind](replace(fault, kind=kind, what=what))
