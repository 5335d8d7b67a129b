from . import rhythm, intake, day, follow  # isort: skip
