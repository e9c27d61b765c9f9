from __future__ import annotations

from pathlib import Path

import pytest

from environment import ROOT
from feedback.connection.settings import SettingsError, read_settings
from feedback.store import open_engine

POSTGRESQL = {
    "DB_HOST": "db.example.org",
    "DB_NAME": "inkling",
    "DB_USER": "writer",
    "DB_PASSWORD": "s3cret@/:% word",
}


def test_without_settings_the_store_is_the_embedded_file():
    settings = read_settings({})

    assert settings.kind == "sqlite"
    assert settings.place == "embedded SQLite (var/feedback.sqlite3)"
    assert settings.url is not None
    assert settings.url.database == str(ROOT / "var" / "feedback.sqlite3")


def test_a_file_outside_the_project_is_named_in_full(tmp_path: Path):
    settings = read_settings({"EMBEDDED_STORE": str(tmp_path / "kept.db")})

    assert settings.place == f"embedded SQLite ({tmp_path / 'kept.db'})"


def test_a_folder_is_no_embedded_store(tmp_path: Path):
    with pytest.raises(SettingsError, match="EMBEDDED_STORE must name a file"):
        read_settings({"EMBEDDED_STORE": str(tmp_path)})


def test_off_means_not_kept():
    settings = read_settings({"EMBEDDED_STORE": "off"})

    assert (settings.kind, settings.url) == ("none", None)
    assert settings.place == "not kept: no database is configured"
    with pytest.raises(SettingsError, match="no store to open"):
        open_engine(settings)


@pytest.mark.parametrize(
    "text", ["off ", " OFF", "no", "0", "none", "None", "false", "FALSE\t", " No "]
)
def test_every_way_to_say_no_is_the_switch_and_makes_no_file(text: str):
    assert read_settings({"EMBEDDED_STORE": text}).kind == "none"


@pytest.mark.parametrize("text", ["on", " yes", "1", "True", "  "])
def test_every_way_to_say_yes_is_the_usual_file(text: str):
    assert read_settings({"EMBEDDED_STORE": text}) == read_settings({})


def test_a_persons_own_folder_is_found():
    settings = read_settings({"EMBEDDED_STORE": "~/inkling.sqlite3"})

    assert settings.place == f"embedded SQLite ({Path.home() / 'inkling.sqlite3'})"


def test_a_home_that_nobody_has_is_a_sentence():
    with pytest.raises(SettingsError, match=r"is ~nobody-at-all/x, but .* whose home"):
        read_settings({"EMBEDDED_STORE": "~nobody-at-all/x"})


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    path = tmp_path / "not mounted" / "kept.sqlite3"

    with pytest.raises(SettingsError, match=f"the folder {path.parent} does not exist: make it"):
        read_settings({"EMBEDDED_STORE": str(path)})

    assert not path.parent.exists()


@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_cannot_be_written_is_named(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "kept.sqlite3"
    path.touch()
    forbidden = tmp_path if what == "folder" else path
    # permissions do not bind root
    monkeypatch.setattr("os.access", lambda place, _mode: Path(place) != forbidden)

    with pytest.raises(SettingsError, match=f"this user may not write to {forbidden}: "):
        read_settings({"EMBEDDED_STORE": str(path)})


@pytest.mark.parametrize("name", ["x" * 300, "x\0y", "/dev/null"])
def test_a_name_that_no_file_can_have_is_a_sentence(name: str, tmp_path: Path):
    with pytest.raises(SettingsError, match=r"cannot be a file|must name a file") as said:
        read_settings({"EMBEDDED_STORE": str(tmp_path / name)})

    assert "\0" not in str(said.value)


def test_a_folder_that_does_not_exist_is_told_once(tmp_path: Path):
    with pytest.raises(SettingsError) as said:
        read_settings({"EMBEDDED_STORE": str(tmp_path / "nowhere" / "x.sqlite3")})

    assert str(said.value).count("EMBEDDED_STORE") == 1
    assert str(said.value).endswith("make it, or correct the path")


def test_a_database_stands_above_the_embedded_store():
    settings = read_settings(POSTGRESQL | {"EMBEDDED_STORE": "off"})

    assert settings.kind == "postgresql"
    assert settings.place == "PostgreSQL db.example.org, database inkling"


def test_every_character_of_a_password_reaches_the_database():
    url = read_settings(POSTGRESQL).url

    assert url is not None
    assert url.translate_connect_args()["password"] == POSTGRESQL["DB_PASSWORD"]


def test_the_place_names_a_port_that_is_not_the_usual_one():
    assert "example.org:6432," in read_settings(POSTGRESQL | {"DB_PORT": "6432"}).place
    assert "example.org," in read_settings(POSTGRESQL | {"DB_PORT": "5432"}).place


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("postgresql://writer:leaked@db.example.org:5432/ink", "DB_HOST holds a URL"),
        ("postgres://db.example.org/leaked", "DB_HOST holds a URL"),
        ("writer:leaked@db.example.org", "DB_HOST holds a user"),
        ("leaked@db.example.org:5432", "DB_HOST holds a user"),
        ("leaked.example.org:5432", "DB_HOST holds a port"),
        ("[::1]:5432", "DB_HOST holds a port"),
        ("host=db.example.org password=leaked", "DB_HOST takes a host's name"),
        ("db.example.org/leaked", "DB_HOST takes a host's name"),
        ("db.example.org?password=leaked", "DB_HOST takes a host's name"),
        ("/tmp/leaked@db", "DB_HOST holds a user"),
    ],
)
def test_what_is_no_host_is_refused_by_name_and_not_repeated(host: str, words: str):
    with pytest.raises(SettingsError) as refused:
        read_settings(POSTGRESQL | {"DB_HOST": host})

    assert str(refused.value).startswith(words)
    assert "leaked" not in str(refused.value)
    assert "example" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("db", "db"),
        ("db_1.example.org", "db_1.example.org"),
        ("192.0.2.7", "192.0.2.7"),
        ("::1", "::1"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("first.example.org,second.example.org", "first.example.org,second.example.org"),
    ],
)
def test_a_name_or_an_address_is_a_host(host: str, reached: str):
    url = read_settings(POSTGRESQL | {"DB_HOST": host}).url

    assert url is not None
    assert url.host == reached


def test_a_sockets_folder_is_a_host():
    url = read_settings(POSTGRESQL | {"DB_HOST": "/var/run/postgresql"}).url

    assert url is not None
    assert url.query["host"] == "/var/run/postgresql"


@pytest.mark.parametrize("key", ["DB_NAME", "DB_INSTANCE_CONNECTION_NAME"])
@pytest.mark.parametrize(
    "value", ["postgresql://u:leaked@h/d", "dbname=d password=leaked", "leaked@h"]
)
def test_an_address_in_the_place_of_a_name_is_not_repeated(key: str, value: str):
    with pytest.raises(SettingsError, match=f"{key} must be a name alone") as refused:
        read_settings(POSTGRESQL | {key: value})

    assert "leaked" not in str(refused.value)


def test_a_port_that_holds_something_else_is_not_repeated():
    with pytest.raises(SettingsError) as refused:
        read_settings(POSTGRESQL | {"DB_PORT": "5432/leaked"})

    assert "leaked" not in str(refused.value)


@pytest.mark.parametrize("more", [{}, {"EMBEDDED_STORE": "off"}, {"EMBEDDED_STORE": " OFF "}])
def test_a_database_url_alone_gets_a_sentence_that_does_not_repeat_it(more: dict[str, str]):
    environ = {"DATABASE_URL": "postgresql://u:leaked@db.example.org/d"} | more

    with pytest.raises(SettingsError) as refused:
        read_settings(environ)

    assert "DATABASE_URL is set, which Inkling does not read" in str(refused.value)
    assert "DB_HOST" in str(refused.value)
    assert "leaked" not in str(refused.value)


def test_a_database_url_beside_a_store_of_ours_is_somebody_elses(tmp_path: Path):
    other = {"DATABASE_URL": "postgresql://u:p@db.example.org/d"}

    assert read_settings(POSTGRESQL | other).kind == "postgresql"
    assert read_settings(other | {"EMBEDDED_STORE": str(tmp_path / "kept.db")}).kind == "sqlite"


def test_cloud_sql_is_reached_through_its_socket():
    environ = POSTGRESQL | {"DB_INSTANCE_CONNECTION_NAME": "project:region:instance"}

    settings = read_settings(environ)

    assert settings.url is not None
    assert settings.url.host is None
    assert settings.url.query["host"] == "/cloudsql/project:region:instance"
    assert settings.place == "PostgreSQL on Cloud SQL project:region:instance, database inkling"


def test_cloud_sql_needs_no_host():
    environ = POSTGRESQL | {"DB_INSTANCE_CONNECTION_NAME": "project:region:instance"}
    del environ["DB_HOST"]

    assert read_settings(environ).kind == "postgresql"


@pytest.mark.parametrize("missing", sorted(POSTGRESQL))
def test_a_half_set_configuration_names_the_missing_key(missing: str):
    environ = {key: value for key, value in POSTGRESQL.items() if key != missing}

    with pytest.raises(SettingsError) as raised:
        read_settings(environ)

    missing_part, found_part = str(raised.value).split("not set")
    assert missing in missing_part
    assert all(key in found_part for key in environ)


def test_a_lone_port_names_all_that_is_missing():
    with pytest.raises(SettingsError, match=r"DB_HOST.*DB_USER, DB_PASSWORD are not"):
        read_settings({"DB_PORT": "5432"})


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "5432.0", "５４３２", "²", "9" * 5000])
def test_a_port_that_is_none_is_a_sentence(port: str):
    with pytest.raises(SettingsError, match="DB_PORT must be a port number from 1 to 65535"):
        read_settings(POSTGRESQL | {"DB_PORT": port})


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("0", False), ("No", False)])
def test_migrating_at_start_can_be_switched(text: str, expected: bool):
    assert read_settings({"MIGRATE_AT_START": text}).migrate_at_start is expected


def test_migrating_at_start_is_the_default_and_takes_no_nonsense():
    assert read_settings({}).migrate_at_start

    with pytest.raises(SettingsError, match="MIGRATE_AT_START must be 1"):
        read_settings({"MIGRATE_AT_START": "maybe"})


@pytest.mark.parametrize("missing", ["", "DB_NAME"])
def test_the_password_is_in_no_text_form(missing: str):
    environ = {key: value for key, value in POSTGRESQL.items() if key != missing}

    try:
        settings = read_settings(environ)
        shown = f"{settings} {settings!r} {settings.url} {open_engine(settings)!r}"
    except SettingsError as error:
        shown = f"{error} {error!r}"

    assert "s3cret" not in shown
    assert "word" not in shown.replace("DB_PASSWORD", "")


@pytest.mark.parametrize(("text", "days"), [("1", 1), (" 365 ", 365), ("36500", 36500), ("", None)])
def test_drawings_are_kept_for_as_many_days_as_the_setting_says(text: str, days: int | None):
    assert read_settings({"KEEP_DAYS": text}).keep_days == days
    assert read_settings(POSTGRESQL | {"KEEP_DAYS": text}).keep_days == days


@pytest.mark.parametrize("text", ["0", "-1", "30 days", "1.5", "36501", "9" * 5000, "٣٠", "off"])
def test_a_number_of_days_that_makes_no_sense_is_refused(text: str):
    with pytest.raises(SettingsError, match="KEEP_DAYS must be a number of days from 1 to 36,500"):
        read_settings({"KEEP_DAYS": text})
