"""Where configuration, data, state and cache lie.

``CRM_HOME=DIR`` puts all four under one folder; otherwise the platform's own places are used.
Folders are made on first use, readable by their owner alone.
"""

import os
from pathlib import Path

APP = "crm_tui"


def home() -> Path | None:
    """The folder of ``CRM_HOME``, or None when the platform's places are in use."""
    value = os.environ.get("CRM_HOME")
    return Path(value).expanduser().resolve() if value else None


def config_dir() -> Path:
    """Folder of ``config.toml`` and the user's themes."""
    return _place("config")


def settings_file() -> Path:
    """The settings file in use: ``CRM_CONFIG``, or ``config.toml`` of the configuration folder."""
    named = os.environ.get("CRM_CONFIG")
    return Path(named).expanduser() if named else config_dir() / "config.toml"


def data_dir() -> Path:
    """Folder of the store."""
    return _place("data")


def state_dir() -> Path:
    """Folder of logs, histories and crash reports."""
    return _place("state")


def cache_dir() -> Path:
    """Folder of what can be made again."""
    return _place("cache")


def database() -> Path:
    """The store's file."""
    return data_dir() / "crm.db"


def command_history() -> Path:
    """Lines typed after ``:``."""
    return state_dir() / "command_history"


def hook_log() -> Path:
    """What hooks said that failed."""
    return state_dir() / "hooks.log"


def last_picture() -> Path:
    """What the last session showed at its end."""
    return cache_dir() / "frame"


def opened() -> Path:
    """Folder of files that were opened with other programs; it may be missing."""
    return cache_dir() / "opened"


def _place(kind: str) -> Path:
    base = home()
    if base is not None:
        folder = base / kind
    else:
        import platformdirs

        folder = Path(getattr(platformdirs, f"user_{kind}_dir")(APP, appauthor=False))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
