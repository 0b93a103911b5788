"""TIP Monitor: read the Trafficking in Persons Report, compare it with the year before, tell what changed.

The rooms, from the pure core outwards (import-linter holds the order):

domain      frozen values and enums; no I/O, no clock
extraction  text -> figures, tier, country, with evidence; pure
comparison  old state + new state -> changes; pure
storage     the database, through SQLModel
fetching    bytes from sources, and pages cut into documents
delivery    mail, webhooks and feeds out
jobs        use cases: check a source, compile digests, send deliveries
settings    configuration in force
bootstrap   the only wiring
scheduler   what is due; web: pages, feeds, API
cli         commands
"""

__version__ = "0.1.0"
