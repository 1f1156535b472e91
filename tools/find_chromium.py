"""Find Chromium for the browser tests: where Debian, Google or Playwright puts it.

`--install` gets it with apt-get when it is missing, on Debian and as root, without asking. Prints the path,
or one line that says how to get it (exit code 1).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PATTERNS = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
HOW_TO_GET_IT = "Chromium was not found: apt install chromium, or .venv/bin/playwright install chromium"


def find_chromium():
    """The path of Chromium, or None. RIGHTPLACE_CHROMIUM names one of your own."""
    chosen = os.environ.get("RIGHTPLACE_CHROMIUM")
    if chosen:
        return chosen
    found = [path for path in map(shutil.which, NAMES) if path] + [MAC] * Path(MAC).exists()
    return next(iter(found + of_playwright()), None)


def of_playwright():
    """What `playwright install` has put in its cache, newest first."""
    home = Path.home()
    caches = [
        Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or home / ".cache" / "ms-playwright"),
        home / "Library" / "Caches" / "ms-playwright",
    ]
    return sorted(
        (str(path) for cache in caches for name in PATTERNS for path in cache.glob(name)), reverse=True
    )


def install_chromium():
    """Debian's Chromium, when this is Debian and we are root."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests (apt-get)", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False)


def main():
    """Say where Chromium is; 1 when it is nowhere."""
    if not find_chromium() and "--install" in sys.argv:
        install_chromium()
    found = find_chromium()
    print(found or HOW_TO_GET_IT)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
