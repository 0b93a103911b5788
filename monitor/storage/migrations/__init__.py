"""How the tables came to be: Alembic's environment, run by ``schema`` and by no command line.

``versions/`` holds one module per step, named ``vNNNN_what.py``. A test holds that the steps
together give the tables of ``rows``, on both databases. A step stands alone: it imports nothing of
the product, whose types move on. ``alembic.command.revision`` with ``schema.configuration()`` and an
open connection drafts the next one.
"""
