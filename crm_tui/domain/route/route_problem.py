"""What may be wrong with a route, and what must be known of the company to say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.route.route_map import ProcessKind


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a map cannot be in force (RM-22). Its sentence stands in ``services.messages_map_problems``."""

    point: str
    """Id of the point that it is about; empty where it is about the map."""
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KnownMap:
    """What a map must know of another to nest it (BP-19)."""

    kind: ProcessKind
    object_kind: str = ""
    in_force: bool = True
    nested: frozenset[str] = frozenset()
    """Codes of the maps that it nests itself."""
    at_once: frozenset[str] = frozenset()
    """Codes of the maps that it starts as soon as it is started itself: ``route_graph.starts_at_once``."""
    waits: bool = True
    """Whether each of its processes waits for a person or a time somewhere: ``route_graph.always_waits``."""


@dataclass(frozen=True, slots=True)
class ActionSettings:
    """Names of the settings that an action takes."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The facts of the company that a map must agree with. Gathered by the service that checks it."""

    code: str = ""
    """Of the map itself, as others nest it."""
    accounts: frozenset[str] = frozenset()
    """Addresses that can send."""
    scenarios: frozenset[str] = frozenset()
    states: Mapping[str, str] = field(default_factory=dict)
    """Code of each state of the map's scenario (that every scenario has, where the map has none) → its outcome:
    ``open``, ``won`` or ``lost``."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Name of each template → why it does not render; empty where it does."""
    users: frozenset[str] = frozenset()
    """Logins of those who may perform steps."""
    roles: frozenset[str] = frozenset()
    """Codes of the roles that somebody has."""
    maps: Mapping[str, KnownMap] = field(default_factory=dict)
    documents: frozenset[str] = frozenset()
    """Kinds of documents that a step may demand."""
    demandable: frozenset[str] = frozenset()
    """Codes of the fields that a step may demand (``Requirement``)."""
    writable: frozenset[str] = frozenset()
    """Codes of the fields of the object that rules and actions may set."""
    subject: Subject | None = None
    """What conditions may ask about the object; None where it has no fields to ask about."""
    actions: Mapping[str, ActionSettings] = field(default_factory=dict)
