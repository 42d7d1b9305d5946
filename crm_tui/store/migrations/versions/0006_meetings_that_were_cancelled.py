"""Meetings that their organiser cancelled: an invitation that arrives late brings none back."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op


revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Bring the tables up."""
    text, at = sqlmodel.sql.sqltypes.AutoString, sqlmodel.sql.sqltypes.UTCDateTime
    op.create_table(
        "cancelled_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uid", text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("occurrence", sa.DateTime(), nullable=True),
        sa.Column("zone", text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamped_at", at(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_cancelled_meeting_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancelled_meeting")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_cancelled_meeting_uid"), "cancelled_meeting", ["uid"])
