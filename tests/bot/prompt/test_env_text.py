"""A .env file as text."""

from pathlib import Path

from bot.prompt.env_text import HEAD, with_values, write_privately


def test_a_value_is_changed_in_its_place_and_nothing_else() -> None:
    before = "# mine\nOPENBELL_SHARES=100\nexport OPENBELL_ACCOUNT='DU1'  # old\n#end\n"

    after = with_values(before, {"OPENBELL_ACCOUNT": "DU2"})

    assert after == "# mine\nOPENBELL_SHARES=100\nOPENBELL_ACCOUNT=DU2\n#end\n"


def test_a_new_value_goes_to_the_end() -> None:
    assert with_values("A=1", {"B": "2"}) == "A=1\nB=2\n"
    assert with_values("", {"B": "2"}) == f"{HEAD}B=2\n"


def test_a_comment_with_the_name_is_none() -> None:
    assert with_values("# A=1\n", {"A": "2"}) == "# A=1\nA=2\n"


def test_a_name_that_is_set_twice_is_changed_twice() -> None:
    assert with_values("A=1\nA=2\n", {"A": "3"}) == "A=3\nA=3\n"


def test_a_name_is_found_however_it_is_written() -> None:
    before = "\ufeff  OPENBELL_SHARES = 1\nopenbell_account=DU1\n"

    after = with_values(before, {"OPENBELL_SHARES": "2", "OPENBELL_ACCOUNT": "DU2"})

    assert after == "OPENBELL_SHARES=2\nOPENBELL_ACCOUNT=DU2\n"


def test_the_file_is_its_owners_alone_whatever_it_was(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("A=1")
    file.chmod(0o644)

    write_privately(file, "A=2")

    assert file.read_text() == "A=2"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [".env"]
