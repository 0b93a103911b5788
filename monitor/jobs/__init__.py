"""Use cases, one module each: they fetch, let the pure core decide, and store.

``check_source`` runs one fetch-extract-compare cycle of a source and guards its boundary,
``check_sources`` those of many at once;
``check_report`` walks a report's index, ``check_feed`` a feed, both over ``page`` (fetch, keep the
snapshot), and ``importing`` does the same with saved files. Each document goes to ``recording``,
which commits it with what was read in it and the changes it caused in one transaction: after what stands
beside it was read by the present version (``present_reading``, over ``rereading``), and with what it
answers to claims of the news (``answering``).
``review`` takes a person's decisions, ``replay`` reads stored texts again; both leave it to
``recomparing`` to find what no longer holds, and to correct it. ``explain`` says why an address did or
did not get a change. ``baseline`` loads the shipped placements.
``sign_up`` takes subscribers in and erases them, ``preferences`` reads what they want. ``digests``
compiles what is due (``due`` decides when, ``histories`` loads what stands beside it), ``sending``
delivers it; ``tending`` looks after the outbox: ``returns`` reads what came back, ``recovery`` frees
what is stuck, ``canary`` proves the path. ``exporting`` writes whole tables (``tables`` decides their
columns, ``syntax`` names the kinds of file), ``interchange`` gives values their public JSON shape,
``evaluation`` scores readings against labels.
"""
