"""Make or refresh .venv from the lock: `python3 tools/prepare.py [--dev]`. Standard library, any Python 3.

Exit code 2 with one sentence when the machine is not ready; nothing is done when the lock has not changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
UV = os.path.join(VENV, "bin", "uv")
UV_VERSION = "0.13.9"
LOCKED = ("uv.lock", "pyproject.toml", "tools/prepare.py")


class NotReady(Exception):
    """The machine lacks something: one sentence with the mend."""


def main(arguments):
    """Prepare the environment; the exit code."""
    try:
        prepare(dev="--dev" in arguments)
    except NotReady as problem:
        sys.stderr.write("%s\n" % problem)
        return 2
    return 0


def prepare(dev):
    """Make .venv and install what the lock names, unless that has been done for this lock."""
    if sys.version_info < (3, 11):
        raise NotReady(
            "Rightplace needs Python 3.11 or newer; this is %d.%d. Install one; make run PYTHON=its-name"
            % sys.version_info[:2]
        )
    groups = ["dev"] if dev else []
    if not shutil.which("npm"):
        groups.append("assets")
    wanted = fingerprint()
    if is_done(wanted, groups):
        return
    make_venv()
    install_uv()
    sync(groups)
    with open(stamp_path(), "w") as stamp:
        stamp.write("\n".join([wanted, *sorted({"base", *groups, *groups_done(wanted)})]))


def fingerprint():
    """What the environment depends on."""
    digest = hashlib.sha256(("%s %s" % (sys.version, ROOT)).encode())
    for name in LOCKED:
        with open(os.path.join(ROOT, name), "rb") as locked:
            digest.update(locked.read())
    return digest.hexdigest()


def is_done(wanted, groups):
    """Whether .venv already holds these groups for this lock."""
    return os.path.exists(PYTHON) and {"base", *groups} <= set(groups_done(wanted))


def groups_done(wanted):
    """The groups installed for this lock, as the stamp tells; empty when it is another lock's."""
    if not os.path.exists(stamp_path()):
        return []
    with open(stamp_path()) as stamp:
        lines = stamp.read().split("\n")
    return lines[1:] if lines[0] == wanted else []


def stamp_path():
    """Where it is written down what .venv holds."""
    return os.path.join(VENV, "rightplace-lock")


def make_venv():
    """A virtual environment, also where Debian's python3-venv is missing."""
    if os.path.exists(PYTHON):
        return
    # Without pip in it: Debian's Python has no ensurepip unless python3-venv is installed.
    made = subprocess.run([sys.executable, "-m", "venv", "--without-pip", VENV])
    if made.returncode:
        raise NotReady(
            "Python could not make %s; make the folder writable, or on Debian: apt install python3-venv"
            % VENV
        )


def install_uv():
    """The pinned uv, by whichever pip there is."""
    if os.path.exists(UV) and UV_VERSION in output([UV, "--version"]):
        return
    print("Installing uv %s into .venv" % UV_VERSION, flush=True)
    package = "uv==%s" % UV_VERSION
    options = ["--quiet", "--disable-pip-version-check"]
    done = subprocess.run([sys.executable, "-m", "pip", "--python", PYTHON, "install", *options, package])
    if done.returncode and subprocess.run([PYTHON, "-m", "ensurepip"]).returncode == 0:
        done = subprocess.run([PYTHON, "-m", "pip", "install", *options, package])
    if done.returncode:
        raise NotReady(
            "pip could not install uv; install pip (on Debian: apt install python3-pip) or check the network."
        )


def sync(groups):
    """Install exactly what the lock names. What else is in .venv (uv itself, other groups) stays."""
    print("Installing what uv.lock names into .venv", flush=True)
    command = [UV, "sync", "--frozen", "--inexact", "--no-default-groups", "--python", PYTHON]
    for group in groups:
        command += ["--group", group]
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment["UV_PROJECT_ENVIRONMENT"] = VENV
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise NotReady(
            "uv could not install what uv.lock names; check the network and the disk, then try again."
        )


def output(command):
    """What a program prints; nothing when it does not run."""
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout
    except OSError:
        return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
