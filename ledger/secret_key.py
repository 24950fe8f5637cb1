"""The secret key of an installation that was given none: made once, kept beside the database."""

import os
import secrets
import tempfile


def kept_in(folder):
    """The key in ``folder/secret_key``, made on first use, readable by its owner alone.

    Several processes may start at once: each writes a file of its own and links it to the name, which the file
    system lets only one of them do; all of them then read the winner's.
    """
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, mine = tempfile.mkstemp(dir=folder, prefix=".secret_key.")  # mkstemp makes it with mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(64))
                file.flush()
                os.fsync(file.fileno())
            os.link(mine, path)
        except FileExistsError:
            pass  # another process was first
        finally:
            os.unlink(mine)
    return path.read_text().strip()
