"""A verifier for verification.verifier = command that runs Python code of a model on test calls, in a sandbox (Linux).

The reference answer of an item is a JSON list of [call, expected value]. The sandbox gets the code and the calls, but not the
expected values, and returns the values of the calls, which are compared here: code cannot get a reward for a value that it did not
compute. The reward is the share of calls with the expected value.
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading

SECONDS = 5
MEMORY = 512 << 20
MAX_OUTPUT = 1 << 20
NOBODY = 65534
READY = b"ready\n"

# The first process of new namespaces: no network, no other processes, and a root directory with nothing but the interpreter,
# read-only, and an empty directory in memory. All privileges in the namespaces are dropped before the code starts, and it may
# start no process or thread.
SETUP = r"""
set -e
root=$1; prefix=$2; shift 2
mount -t tmpfs -o size=1m,mode=755 none "$root"
for directory in /usr /bin /lib /lib64 "$prefix"; do
  if [ -L "$directory" ]; then
    ln -s "$(readlink "$directory")" "$root$directory"
  elif [ -d "$directory" ] && [ ! -e "$root$directory" ]; then
    mkdir -p "$root$directory"
    mount --rbind "$directory" "$root$directory"
    mount -o remount,bind,ro "$root$directory"
  fi
done
mkdir "$root/tmp" "$root/dev"
touch "$root/dev/null"
mount --bind /dev/null "$root/dev/null"
mount -t tmpfs -o size=16m none "$root/tmp"
mount -o remount,bind,ro "$root"
ulimit -p 1
exec chroot "$root" setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""

# Reads code and calls, and writes "ready" and a list with one entry per call: a list of its value, or the name of an error.
RUNNER = r"""
import json, os, sys
task = json.load(sys.stdin)
out = os.fdopen(os.dup(1), "w")
out.write("ready\n")
out.flush()
os.chdir("/tmp")
for fd in (0, 1, 2):
    os.dup2(os.open("/dev/null", os.O_RDWR), fd)
space = {"__name__": "solution"}
values = []
try:
    exec(compile(task["code"], "solution.py", "exec"), space)
except BaseException as error:
    values = [type(error).__name__] * len(task["calls"])
for call in task["calls"][len(values):]:
    try:
        values.append([json.loads(json.dumps(eval(call, space)))])
    except BaseException as error:
        values.append(type(error).__name__)
out.write(json.dumps(values))
out.flush()
os._exit(0)
"""


def limit():
    for kind, bound in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 16 << 20),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))
    if os.geteuid() == 0:
        # The limit of processes has no effect for root.
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def run(interpreter, code, calls):
    """The values of the calls as the sandbox reports them; None if the code does not end within the limits."""
    with tempfile.TemporaryDirectory() as root:
        if os.geteuid() == 0:
            os.chown(root, NOBODY, NOBODY)
        command = ["unshare", "--map-root-user", "--mount", "--net", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
        command += ["/bin/sh", "-c", SETUP, "sh", root, os.path.dirname(os.path.dirname(interpreter)), interpreter, "-I", "-c", RUNNER]
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            preexec_fn=limit,
            start_new_session=True,
        )
        timer = threading.Timer(2 * SECONDS, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps({"code": code, "calls": calls}).encode())
            process.stdin.close()
        except BrokenPipeError:
            pass
        output = process.stdout.read(MAX_OUTPUT + 1)
        process.kill()
        timer.cancel()
        errors = process.stderr.read(4096).decode(errors="replace").strip()
        process.wait()
    if not output.startswith(READY):
        raise OSError(errors.splitlines()[-1].strip() if errors else "the sandbox did not start")
    try:
        values = json.loads(output[len(READY) :]) if len(output) <= MAX_OUTPUT else None
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, list) and len(values) == len(calls) else None


def same(value, expected):
    """Equality that does not take True for 1."""
    return json.dumps(value, sort_keys=True) == json.dumps(expected, sort_keys=True)


def judge(interpreter, case):
    tests = json.loads(case["gold"])
    blocks = re.findall(r"```(?:python|py)?[ \t]*\n(.*?)```", case["response"], re.DOTALL)
    code = blocks[-1] if blocks else case["response"]
    values = run(interpreter, code, [call for call, _ in tests])
    if values is None:
        return {"reward": 0.0, "verdict": "wrong", "note": "no result within the limits"}
    passed = [isinstance(v, list) and len(v) == 1 and same(v[0], e) for v, (_, e) in zip(values, tests)]
    note = f"{sum(passed)} of {len(tests)} calls"
    failed = [call for (call, _), ok in zip(tests, passed) if not ok]
    return {"reward": sum(passed) / len(tests), "note": note + (f"; not {failed[0]}" if failed else "")}


def find_interpreter():
    """The first interpreter that runs in the sandbox."""
    errors = ""
    for interpreter in dict.fromkeys([os.path.realpath(sys.executable), os.path.realpath("/usr/bin/python3")]):
        try:
            if run(interpreter, "def f(x): return x + 1", ["f(1)"]) == [[2]]:
                return interpreter
        except OSError as error:
            errors = str(error)
    sys.exit(
        "judge.py: the sandbox does not work here, so no code is run: "
        + (errors or "no result")
        + "; it needs Linux with user namespaces, unshare and setpriv, and an interpreter that every user may read."
    )


def main():
    interpreter = find_interpreter()
    for line in sys.stdin:
        case = json.loads(line)
        try:
            answer = judge(interpreter, case)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": case["id"], **answer}), flush=True)


main()
