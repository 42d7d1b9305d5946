"""Indexes by which a deleted card finds what refers to it."""

import sqlalchemy as sa
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
)


def upgrade() -> None:
    """Bring the tables up."""
    for table, column in _REFERENCES:
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=there, postgresql_where=there)
