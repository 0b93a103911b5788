"""The database, through SQLModel: functions that take an open session and speak domain values.

``database`` opens sessions (``transaction`` to write, ``reading`` to look), ``group_commit`` commits
what many tasks write together, ``failures`` puts what goes wrong in words; ``schema`` brings the tables
to this version; ``migrations`` holds how they came to be; ``rows`` the tables themselves, which never
leave this package; ``inserts`` the one way in which rows are added so that doing it twice adds nothing;
``text`` what makes hostile text storable.

In the order data flows: ``sources`` (what is polled, and its health), ``snapshots`` (the bytes),
``pages`` (what an address answered last), ``shipped`` (versions of shipped data), ``editions``,
``documents`` (revisions of narratives and articles), ``observations`` (what was read in them;
``figure_rows`` turns figures into rows and back), ``placements`` (the tiers in force), ``comparing``
(what comparisons need of all that), ``changes``, ``reviews`` (decisions and corrections of people),
``subscriptions``, ``suppressions`` (who is not written to), ``digests`` (what each was told), ``outbox``
(deliveries, on lease), ``receipts`` (who got what).

Narratives, articles, readings and observations are append-only: what a newer revision or a newer
extractor replaces is marked with the time it was superseded and stays.
"""
