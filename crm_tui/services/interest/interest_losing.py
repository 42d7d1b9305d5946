"""Several Interests come to nothing at once: each is closed as lost, or its process is ended early (BP-17)."""

from crm_tui.domain.errors import Invalid
from crm_tui.i18n import N_, _
from crm_tui.services.interest import interests
from crm_tui.services.process import processes
from crm_tui.services.record import bulk
from crm_tui.store.work import Work

LOST = N_("Lost")


def losing(reason: str, comment: str = "") -> bulk.Verb:
    """The verb that loses one Interest. Raises Invalid (``lost_needs_reason``) without a reason.

    The verb raises as ``interests.close`` and, where a process controls the Interest, as ``processes.terminate``.
    """
    if not reason.strip():
        raise Invalid("lost_needs_reason", state=_(LOST))

    def lose(work: Work, interest_id: int) -> object:
        held = processes.controlling(work.connection, interest_id)
        if held is not None:
            return processes.terminate(work, held.id, reason, comment)
        return interests.close(work, interest_id, "lost", comment, reason=reason)

    return lose
