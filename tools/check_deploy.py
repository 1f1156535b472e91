"""Django's own checks with the environment of a production: HTTPS, a key of its own, no debugging. No warning may be left."""

import os
import secrets
import subprocess
import sys

PRODUCTION = {
    "RIGHTPLACE_NO_DATABASE": "1",
    "RIGHTPLACE_HTTPS": "1",
    "RIGHTPLACE_HOSTS": "placements.example.org",
    "DJANGO_SETTINGS_MODULE": "rightplace.site.settings",
}


def main():
    """Run the checks; the exit code."""
    environment = {**os.environ, **PRODUCTION, "RIGHTPLACE_SECRET_KEY": secrets.token_urlsafe(60)}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # tests with a browser set it, a production does not
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
