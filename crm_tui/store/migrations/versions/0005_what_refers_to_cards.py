"""What a card refers to and is referred to by: tasks about contact persons and leads, indexes for what refers to a
deleted card; text messages that wait to be sent.
"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op


revision = "0005"
down_revision = "0004"

_REFERENCES = (
    ("contact", "merged_into_id"),
    ("customer", "merged_into_id"),
    ("document", "contact_id"),
    ("interaction", "contact_id"),
    ("interaction", "previous_id"),
    ("lead", "contact_id"),
    ("lead", "customer_id"),
    ("lead", "merged_into_id"),
    ("task", "contact_id"),
    ("task", "lead_id"),
)


def upgrade() -> None:
    """Bring the tables up."""
    for other in ("contact", "lead"):
        # In this form a column with its foreign key is added by SQLite and by PostgreSQL, nothing copied.
        op.execute(f"ALTER TABLE task ADD COLUMN {other}_id INTEGER REFERENCES {other} (id)")
    for table, column in _REFERENCES:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=there, postgresql_where=there)
    _text_messages()


def _text_messages() -> None:
    text, at = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "text_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, text(), nullable=False) for name in ("number", "text", "dedupe_key", "status")),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", at(), nullable=False),
        sa.Column("error", text(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("object_kind", text(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("process_id", sa.Integer(), nullable=True),
        sa.Column("created_at", at(), nullable=False),
        sa.Column("sent_at", at(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_text_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_text_message_dedupe_key")),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("status IN ('queued', 'sending')")
    op.create_index(
        "ix_text_message_waiting", "text_message", ["next_try_at"],
        sqlite_where=waiting, postgresql_where=waiting,
    )  # fmt: skip
    op.create_index(op.f("ix_text_message_process_id"), "text_message", ["process_id"])
