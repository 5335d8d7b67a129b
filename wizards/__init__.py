from . import cadence_release, cadence_why, cadence_why_line, mail_compose_message
