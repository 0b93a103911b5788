"""The command line: ``main`` gathers the commands of the other modules.

``checking`` (check, import), ``sources``, ``backfilling`` (backfill),
``extracting`` (extract), ``evaluating`` (evaluate),
``querying`` (countries, figures, tiers, changes), ``reviewing`` (review, replay, explain),
``telling`` (subscribers, digest), ``operating`` (run, migrate, config),
``demo`` with its ``sample_site``. ``session`` opens what a command works with, ``output`` prints
listings, ``progress`` shows long work. Libraries that are slow to import are imported by the
commands that need them.
"""
