"""The migrations lead from nothing to the very tables that the code speaks of."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from mailbot.errors import ConfigurationError, MailbotError
from mailbot.store.database import open_store, upgrade
from mailbot.store.tables import metadata


def test_a_new_database_has_the_tables_of_the_code(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'new' / 'mailbot.db'}")
    with store.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_an_older_database_is_brought_up_to_date_and_keeps_its_rows(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(engine, "0001")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO counter (name, last) VALUES ('RST', 41)")
    engine.dispose()
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}")
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.exec_driver_sql("SELECT last FROM counter").scalar() == 41
    store.close()


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mailbot.db'}"
    for _ in range(2):
        store = open_store(url)
        with store.read() as connection:
            assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
        store.close()


def test_a_database_that_cannot_be_opened_is_our_error(tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(MailbotError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path / 'folder.db'}")


def test_an_address_that_is_none_names_the_key() -> None:
    with pytest.raises(ConfigurationError, match="key database"):
        open_store("not an address")
