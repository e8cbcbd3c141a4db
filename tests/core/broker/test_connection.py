"""The line: up, frozen, cut off, lost, and up again under the same client id."""

import asyncio
import socket
from dataclasses import replace

import pytest

from core.broker.connection import Address, Connection
from core.model.errors import BrokerAway, BrokerSilent
from core.model.evidence import LineChanged, LineState
from core.sandbox.gateway.config import GatewayConfig
from core.sandbox.server import serve
from core.sandbox.trouble.faults import Action, Scenario, Trouble
from core.sandbox.trouble.scenarios import LIBRARY
from tests.builders import ACCOUNT, CLIENT_ID
from tests.contracts.ib.worlds import FixedClock
from tests.harness.connection import IMPATIENT, STEADY, both_ends
from tests.harness.sockets import a_taken_port
from tests.harness.waiting import until


async def test_starting_does_not_wait_for_a_gateway() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    address = Address(
        host="127.0.0.1", port=port, client_id=CLIENT_ID, account=ACCOUNT, epoch=0
    )

    async with Connection.opened(
        address, clock=FixedClock(), timing=IMPATIENT
    ) as connection:
        assert connection.line.state is LineState.DOWN
        await until(
            lambda: connection.line.reason == f"nothing listens on 127.0.0.1:{port}"
        )
        with pytest.raises(BrokerAway, match="nothing listens"):
            connection.session()


async def test_a_port_that_answers_without_a_gateway_behind_it_is_not_up() -> None:
    async with both_ends(scenario=LIBRARY["hello-unanswered"], up=False) as ends:
        await asyncio.sleep(IMPATIENT.handshake + 0.3)

        line = ends.broker.line()

    assert (line.state, line.epoch) == (LineState.DOWN, 0)
    assert "did not finish the handshake" in (line.reason or "")
    assert "your approval on the phone" in (line.reason or "")


async def test_a_client_id_in_use_is_asked_for_again_and_never_changed() -> None:
    trouble = LIBRARY["client-id-in-use"].troubles[0]
    twice = replace(LIBRARY["client-id-in-use"], troubles=(replace(trouble, times=2),))

    async with both_ends(scenario=twice, up=False) as ends:
        first = await ends.line_is(LineState.UP)
        clients = [session.client_id for session in ends.server.gateway.sessions]

    assert (first.line.epoch, first.line.client_id) == (1, CLIENT_ID)
    assert clients == [CLIENT_ID]


async def test_a_client_id_in_use_is_said_at_once() -> None:
    trouble = LIBRARY["client-id-in-use"].troubles[0]
    always = replace(LIBRARY["client-id-in-use"], troubles=(replace(trouble, times=0),))

    async with both_ends(scenario=always, up=False) as ends:
        await asyncio.sleep(IMPATIENT.handshake / 2)

        assert "client id 7 is in use" in (ends.broker.line().reason or "")


async def test_a_restart_is_a_new_epoch_with_the_ids_that_the_gateway_gives() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.restart()

        await ends.line_is(LineState.DOWN)
        up = await ends.line_is(LineState.UP)

    assert up.line.epoch == 2
    assert up.line.client_id == CLIENT_ID


async def test_a_gateway_that_is_gone_for_a_while_is_found_again() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.restart(down=0.5)

        down = await ends.line_is(LineState.DOWN)
        up = await ends.line_is(LineState.UP)

    assert down.line.reason
    assert up.line.reason is None


async def test_a_frozen_gateway_is_noticed_dropped_and_found_again() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.freeze()

        frozen = await ends.line_is(LineState.FROZEN)
        await ends.line_is(LineState.DOWN)
        ends.server.thaw()
        up = await ends.line_is(LineState.UP)

    assert frozen.line.reason == "the gateway does not answer"
    assert up.line.epoch == 2


async def test_one_late_heartbeat_is_forgiven() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.add_trouble(Trouble(message="currentTime", action=Action.DROP))

        await ends.line_is(LineState.FROZEN)
        up = await ends.line_is(LineState.UP)

    assert up.line.epoch == 1


async def test_the_heartbeat_measures_the_round_trip_and_the_clocks() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        await ends.broker.probe(within=1)

        line = ends.broker.line()

    assert line.round_trip is not None
    assert 0 < line.round_trip < 0.5
    assert abs(line.skew) <= 0.75


async def test_1100_cuts_off_and_1102_brings_back_in_the_same_epoch() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.flap(1100)
        lost = await ends.line_is(LineState.CUT_OFF)
        ends.server.flap(1102)
        back = await ends.line_is(LineState.UP)

    assert lost.line.reason == "the gateway has lost IB"
    assert (back.line.epoch, back.data_lost) == (1, False)


async def test_2110_cuts_off_too() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.flap(2110)

        lost = await ends.line_is(LineState.CUT_OFF)

    assert lost.line.reason == "the gateway has lost IB's servers"


async def test_1101_says_that_data_was_lost_and_asks_for_the_account_again() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.flap(1100)
        ends.server.flap(1101)
        await ends.line_is(LineState.CUT_OFF)
        back = await ends.line_is(LineState.UP)

    assert back.data_lost


async def test_a_handshake_with_a_gateway_that_has_no_ib_is_cut_off() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.flap(1100)
        await ends.line_is(LineState.CUT_OFF)
        ends.server.cut()

        await ends.line_is(LineState.DOWN)
        again = await ends.received(LineChanged)

    assert (again.line.state, again.line.epoch) == (LineState.CUT_OFF, 2)


async def test_farms_that_are_down_are_named_until_they_are_back() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.flap(2103)
        await ends.broker.probe(within=1)
        down = ends.broker.line()
        ends.server.flap(2104)
        await ends.broker.probe(within=1)
        up = ends.broker.line()

    assert down.troubles == ("market data is down (usfarm)",)
    assert (down.state, up.troubles) == (LineState.UP, ())


async def test_a_wild_length_is_noticed_by_its_silence() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        trouble = Trouble(message="currentTime", action=Action.WILD_LENGTH)
        ends.server.add_trouble(trouble)

        await ends.line_is(LineState.FROZEN)
        await ends.line_is(LineState.DOWN)
        up = await ends.line_is(LineState.UP)

    assert up.line.epoch == 2


async def test_a_reconnect_that_finds_nobody_says_so() -> None:
    short = replace(IMPATIENT, reconnect=0.3)
    async with both_ends(timing=short) as ends:
        ends.server.restart(down=30)

        with pytest.raises(BrokerAway):
            await ends.broker.reconnect()


async def test_whoever_waits_hears_that_the_line_is_gone() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.add_trouble(
            Trouble(message="currentTime", action=Action.CUT_BEFORE)
        )

        with pytest.raises(BrokerAway, match="closed the connection"):
            await ends.broker.probe(within=2)


async def test_probes_and_heartbeats_never_overlap() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        async with asyncio.TaskGroup() as probes:
            for _ in range(5):
                probes.create_task(ends.broker.probe(within=1))

        assert ends.broker.line().state is LineState.UP


async def test_a_probe_of_a_frozen_gateway_is_silence() -> None:
    async with both_ends(timing=IMPATIENT) as ends:
        ends.server.freeze()

        with pytest.raises(BrokerSilent):
            await ends.broker.probe(within=0.05)


async def test_an_account_that_the_gateway_does_not_have_is_not_followed() -> None:
    async with both_ends(account="DU7654321") as ends:
        await ends.broker.probe(within=1)

        assert ends.broker.line().accounts == (ACCOUNT,)
        assert ends.broker.account() is None


async def test_a_complaint_of_the_rate_makes_us_wait() -> None:
    async with both_ends() as ends:
        complaint = Trouble(
            message="reqCurrentTime",
            action=Action.NOTE,
            code=100,
            text="Max rate of messages per second has been exceeded",
            untied=True,
        )
        ends.server.add_trouble(complaint)
        await ends.broker.probe(within=1)
        await until(lambda: not ends.broker.has_sent_all())

        with pytest.raises(BrokerSilent):
            await ends.broker.probe(within=0.2)
        await ends.broker.probe(within=3)

        assert ends.broker.has_sent_all()


async def test_a_login_that_names_no_accounts_is_not_up() -> None:
    async with both_ends(scenario=LIBRARY["no-accounts"], up=False) as ends:
        await asyncio.sleep(IMPATIENT.handshake + 0.3)

        assert ends.broker.line().epoch == 0


@pytest.mark.attack(30)
async def test_our_own_gateway_proves_what_it_is() -> None:
    async with both_ends() as ends:
        await ends.broker.probe(within=1)
        first = ends.broker.line().is_sandbox
        ends.server.cut()
        down = await ends.line_is(LineState.DOWN)
        await ends.line_is(LineState.UP)
        await ends.broker.probe(within=1)

        assert (first, down.line.is_sandbox) == (True, True)
        assert ends.broker.line().is_sandbox


@pytest.mark.attack(30)
async def test_any_other_gateway_is_not_taken_for_it() -> None:
    real = Trouble(
        message="error",
        action=Action.REPLACE,
        containing="2158",
        field=4,
        times=0,
        text="Sec-def data farm connection is OK:secdefil",
    )
    scenario = Scenario(name="real", seen="any", troubles=(real,))
    async with both_ends(scenario=scenario) as ends:
        await ends.broker.probe(within=1)

        assert not ends.broker.line().is_sandbox


SLOW_TO_RETRY = replace(STEADY, first_retry=3600, last_retry=3600, absent_retry=0.02)
"""An hour between two tries, but where nobody answers at all."""


async def test_where_nobody_lets_anybody_in_it_asks_again_soon() -> None:
    async with both_ends(timing=SLOW_TO_RETRY) as ends:
        ends.server.restart(down=0.2)
        await ends.line_is(LineState.DOWN)
        ends.connection.drop("asked to try again at once")

        up = await ends.line_is(LineState.UP)

    assert up.line.epoch == 2


async def test_where_nothing_listens_it_asks_again_soon() -> None:
    async with a_taken_port() as port:
        pass  # and free again
    address = Address(
        host="127.0.0.1", port=port, client_id=CLIENT_ID, account=ACCOUNT, epoch=0
    )
    async with Connection.opened(
        address, clock=FixedClock(), timing=SLOW_TO_RETRY
    ) as connection:
        await until(lambda: "nothing listens" in (connection.line.reason or ""))
        async with serve(GatewayConfig(port=port)):
            await until(lambda: connection.line.state is LineState.UP)


async def test_a_client_id_in_use_is_not_asked_for_sooner() -> None:
    """The gateway needs a while to let go of it: whoever hammers only delays that."""
    trouble = LIBRARY["client-id-in-use"].troubles[0]
    once = replace(LIBRARY["client-id-in-use"], troubles=(replace(trouble, times=1),))

    async with both_ends(scenario=once, up=False, timing=SLOW_TO_RETRY) as ends:
        await until(lambda: "is in use" in (ends.broker.line().reason or ""))
        await asyncio.sleep(0.3)

        assert ends.broker.line().state is LineState.DOWN
