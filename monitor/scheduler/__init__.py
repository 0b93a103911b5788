"""What is due, when: APScheduler in the event loop that serves the pages too.

``timetable`` turns sources and digests into scheduled jobs, ``daemon`` runs them beside the web
server until a signal ends both.
"""
