"""Opening the store, and its two kinds of transaction."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Executable, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, OperationalError

from mailbot.errors import ConfigurationError, MailbotError

Row = Mapping[str, Any]
"""One row of an answer, by column name."""

_MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """A database at the newest schema. `write` commits when its block ends and rolls back when it raises."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view that takes no write lock."""
        with self._engine.connect().execution_options(reading=True) as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()


def open_store(url: str) -> Store:
    """The store at `url` (SQLAlchemy's form), made or brought up to date first. Raises MailbotError."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_heads()
        if set(found) != set(ScriptDirectory(str(_MIGRATIONS)).get_heads()):
            upgrade(engine)
    except OperationalError as error:
        raise MailbotError(
            f"the database cannot be opened: {error.orig}", "check the key database"
        ) from error
    return Store(engine)


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to `revision`; on tables that are there already it does nothing."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def _engine(url: str) -> Engine:
    try:
        engine = create_engine(url)
    except ArgumentError as error:
        raise ConfigurationError("key database", str(error), "try sqlite:///mailbot.db") from error
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Durable and concurrent: WAL, an fsync at each commit, and up to 30 s of patience for a lock."""
    connection.isolation_level = None  # we begin transactions ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that writes late can fail with "database is locked"; an immediate one waits its turn.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def put(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert `rows`, or update those whose primary key is there already."""
    values = list(rows)
    if not values:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in values[0] if name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changed), values)


def put_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert `row` unless one with its unique key is there; whether it was new is the database's answer."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    result = connection.execute(dialect.insert(table).values(**row).on_conflict_do_nothing())
    return result.rowcount == 1


def rows(connection: Connection, query: Executable) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def first(connection: Connection, query: Executable) -> Row | None:
    return next(iter(rows(connection, query)), None)
