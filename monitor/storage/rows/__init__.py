"""The tables. Rows stay inside storage: functions turn them into domain values and back.

Keys that a hostile text could make long (addresses, feed guids) are unique by their SHA-256,
since PostgreSQL refuses index entries above 2,704 bytes. Enums are stored as their values.

row            what all share
sources        what is asked, and the bytes of its answers
documents      what was cut out of these: editions, narratives, articles
readings       what was read in documents, and the shipped placements
changes        what comparing gave, and what people decided
subscriptions  who is told
deliveries     what is told to whom
deeds          what operators did

All are imported here, so that whoever asks for one finds every table in ``Row.metadata``.
"""

from monitor.storage.rows.changes import ChangeRow, CorrectionRow, ReviewRow
from monitor.storage.rows.deeds import AuditEntryRow
from monitor.storage.rows.deliveries import (
    BulletinChangeRow,
    BulletinRow,
    DeliveryRow,
    DigestChangeRow,
    DigestRow,
)
from monitor.storage.rows.documents import DocumentRow, EditionRow
from monitor.storage.rows.readings import (
    BaselinePlacementRow,
    ExtractionIssueRow,
    ObservationRow,
    ReadingRow,
    ShippedDataRow,
    TierReadingRow,
)
from monitor.storage.rows.row import Row
from monitor.storage.rows.sources import FeedItemRow, FetchedPageRow, PageRow, SnapshotRow, SourceRow
from monitor.storage.rows.subscriptions import SubscriptionRow, SuppressionRow

__all__ = [
    "AuditEntryRow",
    "BaselinePlacementRow",
    "BulletinChangeRow",
    "BulletinRow",
    "ChangeRow",
    "CorrectionRow",
    "DeliveryRow",
    "DigestChangeRow",
    "DigestRow",
    "DocumentRow",
    "EditionRow",
    "ExtractionIssueRow",
    "FeedItemRow",
    "FetchedPageRow",
    "ObservationRow",
    "PageRow",
    "ReadingRow",
    "ReviewRow",
    "Row",
    "ShippedDataRow",
    "SnapshotRow",
    "SourceRow",
    "SubscriptionRow",
    "SuppressionRow",
    "TierReadingRow",
]
