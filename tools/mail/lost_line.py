"""Where a connection to a mail server was lost."""


def is_within_data(error):
    """Whether smtplib lost the line between DATA and the server's answer to the mail: then nobody knows what became of it."""
    traceback = error.__traceback__
    while traceback:
        if traceback.tb_frame.f_code.co_name == 'data':
            return True
        traceback = traceback.tb_next
    return False
