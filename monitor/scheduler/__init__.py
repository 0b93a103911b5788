"""What is due, when, and who does it: one event loop for scheduler, work and pages.

``timetable`` says with APScheduler when sources and rounds are due, ``deciding`` puts what is due
into the queue, in the one process that leads; ``rounds`` does what the queue hands out; ``daemon``
runs these parts, beside the web server or alone, until a signal ends them.
"""
