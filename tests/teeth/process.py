"""Seeded bugs of the process and its surroundings."""

from typing import Final

from tests.teeth.bug import Bug


TEST_POWER_LOSS: Final = "tests/core/flows/test_power_loss.py::"

PROCESS: Final = (
    Bug(
        name="send an order whose line a power failure may lose",
        line=1,
        file="core/ledger/orders.py",
        old="        with self._unit.writing(W2):\n",
        new="        with self._unit.writing(W2, synced=False):\n",
        test=TEST_POWER_LOSS + "test_a_power_failure_takes_nothing_that_ib_may_know",
    ),
    Bug(
        name="ask for a cancel that a power failure may lose",
        line=10,
        file="core/engine.py",
        old="        with self._parts.writers.unit.writing(NOTE):\n            wanted",
        new="        with self._parts.writers.unit.writing(NOTE, synced=False):\n"
        "            wanted",
        test=TEST_POWER_LOSS
        + "test_a_cancel_that_ib_was_asked_for_is_still_wanted_after_it",
    ),
    Bug(
        name="sync nothing when asked to",
        file="core/store/access.py",
        old="        if not self.is_synced:\n"
        "            with self.transaction():\n"
        "                self.change(_TOUCH)\n",
        new="        return\n",
        test="tests/simulation/test_disk.py::test_what_is_not_synced_is_gone",
    ),
    Bug(
        name="leave what was not synced to the next commit's luck",
        file="core/store/access.py",
        old="            if writes and self._syncs and not self.is_synced:\n"
        "                self._execute(_TOUCH)\n",
        new="",
        test="tests/core/store/test_access.py::"
        "test_a_write_of_what_is_there_already_syncs_what_came_before",
    ),
    Bug(
        name="sync by a write that changes nothing",
        file="core/store/access.py",
        old="DO UPDATE SET v = v + 1\n",
        new="DO UPDATE SET v = v\n",
        test="tests/core/store/test_access.py::test_a_sync_has_something_to_sync",
    ),
    Bug(
        name="take any HTTP 200 for an answer of Telegram's",
        line=12,
        file="bot/bot_api/answers.py",
        old='        return _no_answer(code)\n    if not answer["ok"]:',
        new='        return code, payload\n    if not answer["ok"]:',
        test="tests/bot/outgoing/test_outbox_in_trouble.py::"
        "test_maintenance_in_the_place_of_an_answer_is_waited_out",
    ),
    Bug(
        name="know this machine by one spelling only",
        line=29,
        file="core/loopback.py",
        old="    if bare.casefold() == _NAME:\n",
        new="    if bare == _NAME:\n",
        test="tests/core/test_loopback.py::"
        "test_every_spelling_of_this_machine_is_known",
    ),
    Bug(
        name="ask a proxy for the way to this machine",
        line=29,
        file="bot/bot_api/way.py",
        old="    if not proxy or is_loopback(url.host):\n",
        new="    if not proxy:\n",
        test="tests/bot/bot_api/test_way.py::"
        "test_this_machine_is_never_reached_through_a_proxy",
    ),
    Bug(
        name="take a pause of the process for a loop that is stuck",
        line=16,
        file="bot/loop_watchdog.py",
        old="        if since > self._pause and work < since / 2:\n",
        new="        if since < 0 and work < since / 2:\n",
        test="tests/bot/test_loop_watchdog.py::"
        "test_a_process_that_was_paused_says_so_and_lives",
    ),
    Bug(
        name="let pages of other sites speak to the local server",
        line=30,
        file="bot/sandbox/origin.py",
        old="    if not _is_local(request.host) or not _is_own(request):\n",
        new="    if not _is_local(request.host):\n",
        test="tests/bot/sandbox/test_http.py::"
        "test_no_other_site_may_speak_for_the_owner_or_for_the_bot",
    ),
    Bug(
        name="keep whatever anybody writes",
        line=28,
        file="bot/inbox.py",
        old="            admitted += self._admit(raw)\n",
        new="            admitted += self._admit(raw) or [(raw, None)]\n",
        test="tests/bot/test_inbox_strangers.py::"
        "test_nothing_of_a_strangers_is_kept_and_each_is_counted",
    ),
    Bug(
        name="run a command however long it has waited",
        line=18,
        file="bot/handlers/table.py",
        old="    return services.waited(update) > LONG\n",
        new="    return services.waited(update) < LONG - LONG\n",
        test="tests/bot/handlers/test_late.py::"
        "test_late_commands_are_named_in_one_message_and_not_run",
    ),
    Bug(
        name="take a death in the inbox for a clean end",
        line=12,
        file="bot/app.py",
        old="        engine.broke(",
        new="        str(",
        test="tests/bot/test_app.py::"
        "test_a_death_in_any_room_is_no_clean_end_and_the_next_start_tells_why",
    ),
    Bug(
        name="end for good when another program locks the journal",
        line=16,
        file="core/model/errors.py",
        old="class StoreLocked(StoreBusy, StoreUnavailable):\n",
        new="class StoreLocked(StoreBusy):\n",
        test="tests/core/store/test_disk.py::"
        "test_a_lock_of_another_program_is_known_to_be_for_now",
    ),
    Bug(
        name="guard the journal by a file that anybody may delete",
        line=30,
        file="core/store/disk.py",
        old="    with _locked(beside, name=path.name), _locked(path, name=path.name) as file:\n",
        new="    with _locked(beside, name=path.name) as file:\n",
        test="tests/core/store/test_disk.py::"
        "test_deleting_the_lock_file_lets_no_second_one_in",
    ),
    Bug(
        name="count a start after a wait for the disk as a crash",
        line=16,
        file="core/flows/boot.py",
        old="    if was_running and wait is None:\n",
        new="    if was_running:\n",
        test="tests/core/flows/test_boot.py::"
        "test_starts_after_a_wait_for_the_disk_are_no_crashes_and_are_told_once",
    ),
)
