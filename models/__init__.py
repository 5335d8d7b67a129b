from . import rhythm, intake, day, follow, results, senders  # isort: skip
