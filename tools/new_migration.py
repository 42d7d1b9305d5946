"""Write the next migration from the difference between the tables and the newest revision.

Usage: .venv/bin/python tools/new_migration.py 0002 "what changes and why"
Read what it wrote before you commit it: Alembic does not see renames, checks or data.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from crm_tui.store import schema


def main() -> None:
    """Upgrade an empty store to the newest revision and write what is still missing as a new one."""
    revision, message = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        engine = create_engine(f"sqlite:///{path}")
        config = schema.migrations_config()
        if any(Path(config.get_main_option("script_location"), "versions").glob("*.py")):
            schema.upgrade(path)
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, message, autogenerate=True, rev_id=revision)


if __name__ == "__main__":
    main()
