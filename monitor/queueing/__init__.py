"""Work that waits to be done, in this process or spread over many on one PostgreSQL.

``task`` says what a piece of work is and what a queue promises; ``local`` does tasks in this event
loop, ``distributed`` in any number of processes through procrastinate, whose tables ``schema``
brings up to date, apart from ours; ``election`` lets one process of many decide what is due; ``waking`` has
what a page queued sent at once.
"""
