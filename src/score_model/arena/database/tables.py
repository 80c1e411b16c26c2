"""The tables of the arena's database: the export's entries, and what the task API keeps.

Instants are microseconds since 1970-01-01 UTC, in columns that end in `_us`. Records are JSON in UTF-8.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

SCHEMA_VERSION = 2  # kept in SQLite's user_version; 1 had the entries only

metadata = MetaData()

# `entry` stays last: SQLite then reads the filter columns of a row without touching its bytes.
# `id` grows with every row, so it breaks ties in every sort and makes each order total.
entries = Table(
    "entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", LargeBinary(16), nullable=False, unique=True),
    Column("task_id", String),
    Column("website", String),
    Column("use_case", String),
    Column("miner_uid", BigInteger),
    Column("validator_uid", BigInteger),
    Column("agent_id", String),
    Column("round_id", String),
    Column("web_version", String),
    Column("season", BigInteger, nullable=False),
    Column("passed", Boolean),
    Column("score", Float, nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("entry", LargeBinary, nullable=False),
)
_columns = entries.c
for _name, _prefix in {
    "created": (),
    "website": (_columns.website,),
    "website_passed": (_columns.website, _columns.passed),
    "passed": (_columns.passed,),
    "use_case": (_columns.use_case,),
    "miner": (_columns.miner_uid,),
    "validator": (_columns.validator_uid,),
}.items():
    Index(f"entries_{_name}", *_prefix, _columns.created_us, _columns.id)
Index("entries_score", _columns.score, _columns.id)
Index("entries_task", _columns.task_id, _columns.season)
Index("entries_agent", _columns.agent_id)

# `number` grows with every row and breaks ties between rows of one instant. A claim holds until `claimed_until_us`.
tasks = Table(
    "tasks",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("created_us", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("claimed_until_us", BigInteger),
    Column("claimed_by", String),
    Column("title", String, nullable=False),
    Column("description", String),
    Column("inputs", LargeBinary, nullable=False),
    Column("metadata", LargeBinary, nullable=False),
    Column("tests", LargeBinary, nullable=False),
)
Index("tasks_created", tasks.c.created_us, tasks.c.number)
Index("tasks_status", tasks.c.done, tasks.c.created_us, tasks.c.number)

# `request` is the solution as it was handed in, without its screenshots. An evaluation holds until `leased_until_us`.
solutions = Table(
    "solutions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("task_id", String, nullable=False),
    Column("agent_id", String, nullable=False),
    Column("run_id", String),
    Column("created_us", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("worker", String),
    Column("leased_until_us", BigInteger),
    Column("score", Float),
    Column("passed", Boolean),
    Column("verdict", String),
    Column("checks", LargeBinary),
    Column("evaluated_us", BigInteger),
    Column("screenshots", Integer, nullable=False),
    Column("request", LargeBinary, nullable=False),
)
Index("solutions_task", solutions.c.task_id, solutions.c.created_us, solutions.c.number)
Index("solutions_status", solutions.c.status, solutions.c.number)

screenshots = Table(
    "screenshots",
    metadata,
    Column("solution_id", String, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("media_type", String, nullable=False),
    Column("image", LargeBinary, nullable=False),
)

# What a create or a submit with an Idempotency-Key answered, to be answered again.
answers = Table(
    "answers",
    metadata,
    Column("key", String, primary_key=True),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("created_us", BigInteger, nullable=False),
)

# Secrets of the database itself, such as the key that its cursors are signed with.
secrets = Table(
    "secrets",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
