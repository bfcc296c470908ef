"""Rules on scripts: who may call, what strangers' text becomes, what runs, where secrets and certificates are."""
# ruff: noqa: S608 - what is built here is read by the checks, and never run

import pytest
from tests.rigs.flows import found

from handrail.governance.checks import mend
from handrail.language.leaks import default_boundary

FLASK = "import os, shlex, sqlite3, subprocess\nfrom flask import Flask, abort, request\napp = Flask(__name__)\ndb = sqlite3.connect('x.db')\n"  # fmt: skip
FAST = "import os, sqlite3\nfrom typing import Annotated\nfrom fastapi import APIRouter, Depends, FastAPI, Header, HTTPException\ndb = sqlite3.connect('x.db')\n"  # fmt: skip


def lines(text: str, rule: str) -> list[int]:
    return [each.line for each in found(text.encode(), rule, "app.py")]


def test_a_route_that_asks_nobody_is_found_at_its_line() -> None:
    text = FLASK + "\n@app.route('/orders')\ndef orders():\n    return db.execute('SELECT 1').fetchall()\n"
    assert lines(text, "unauthenticated-endpoint") == [6]
    text = FAST + "app = FastAPI()\n\n@app.get('/a')\ndef a(): return 1\n\n@app.post('/b')\nasync def b(): return 2\n"
    assert lines(text, "unauthenticated-endpoint") == [7, 10]


@pytest.mark.parametrize(
    "body",
    [
        "@app.route('/x')\n@login_required\ndef x(): return 'x'\n",
        "@app.route('/x')\n@auth.login_required\ndef x(): return 'x'\n",
        "@app.route('/x')\n@jwt_required()\ndef x(): return 'x'\n",
        "@app.route('/x')\ndef x():\n    if request.headers.get('X-Key') != os.environ['KEY']:\n        abort(401)\n    return 'x'\n",
        "def check():\n    if not request.authorization:\n        raise PermissionError\n@app.route('/x')\ndef x():\n    check()\n    return 'x'\n",
        "@app.route('/x')\ndef x():\n    if not hmac.compare_digest(request.args['s'], sign()): return 'no'\n    return 'x'\n",
        "@app.before_request\ndef first():\n    if 'user' not in session: abort(403)\n@app.route('/x')\ndef x(): return 'x'\n",
    ],
)  # fmt: skip
def test_a_flask_route_that_asks_is_left_alone(body: str) -> None:
    assert lines(FLASK + body, "unauthenticated-endpoint") == []


@pytest.mark.parametrize(
    "body",
    [
        "app = FastAPI()\n@app.get('/x')\ndef x(user=Depends(get_current_user)): return 1\n",
        "app = FastAPI()\n@app.get('/x')\ndef x(who: Annotated[str, Depends(verify_token)]): return 1\n",
        "app = FastAPI()\n@app.get('/x', dependencies=[Depends(require_api_key)])\ndef x(): return 1\n",
        "app = FastAPI(dependencies=[Depends(check_auth)])\n@app.get('/x')\ndef x(): return 1\n",
        "app = FastAPI()\nr = APIRouter()\n@r.get('/x')\ndef x(): return 1\napp.include_router(r, dependencies=[Depends(auth)])\n",
        "app = FastAPI()\napp.add_middleware(AuthenticationMiddleware)\n@app.get('/x')\ndef x(): return 1\n",
        "app = FastAPI()\n@app.get('/x')\ndef x(key: str = Header()):\n    if key != os.environ['K']:\n        raise HTTPException(status_code=401)\n    return 1\n",
    ],
)  # fmt: skip
def test_a_fastapi_route_that_asks_is_left_alone(body: str) -> None:
    assert lines(FAST + body, "unauthenticated-endpoint") == []


@pytest.mark.parametrize(
    "body",
    [
        "app = FastAPI()\n@app.get('/x')\ndef x(limit=Depends(paging)): return 1\n",
        "app = FastAPI()\nr = APIRouter(dependencies=[Depends(auth)])\n@app.get('/x')\ndef x(): return 1\n",
        "app = FastAPI()\n@app.get('/x')\ndef x(): return {'status': 200}\n",
    ],
)
def test_what_asks_for_something_else_is_found(body: str) -> None:
    assert len(lines(FAST + body, "unauthenticated-endpoint")) == 1


INTRO = FLASK + "@app.route('/x/<name>', methods=['POST'])\n@login_required\ndef x(name):\n"


@pytest.mark.parametrize(
    ("line", "into"),
    [
        ("db.execute(f\"SELECT * FROM t WHERE a = '{name}'\")", "the SQL"),
        ("db.execute('SELECT * FROM t WHERE a = ' + name)", "the SQL"),
        ("db.execute('SELECT * FROM t WHERE a = %s' % request.args['a'])", "the SQL"),
        ("db.execute('SELECT * FROM t WHERE a = {}'.format(request.form.get('a')))", "the SQL"),
        ("db.execute(request.json['sql'])", "the SQL"),
        ("os.system('ping ' + name)", "a command"),
        ("subprocess.run(f'ping {name}', shell=True)", "a command"),
        ("subprocess.check_output(['bash', '-c', f'ping {name}'])", "a command"),
        ("eval(request.data)", "evaluated code"),
        ("exec(request.form['code'])", "evaluated code"),
    ],
)
def test_strangers_text_in_a_command_is_found_at_its_line(line: str, into: str) -> None:
    (finding,) = found(f"{INTRO}    {line}\n".encode(), "injection", "app.py")
    assert (finding.line, finding.evidence["into"]) == (8, into)


def test_a_command_is_followed_to_where_it_is_made() -> None:
    text = (
        INTRO
        + "    sql = 'SELECT * FROM t WHERE a = '\n    sql += name\n    rows = db.execute(sql)\n    return str(rows)\n"
    )
    assert lines(text, "injection") == [10]
    helper = FLASK + "def run(sql):\n    return db.execute(sql)\n@app.route('/x')\ndef x():\n    return run('SELECT ' + request.args['a'])\n"  # fmt: skip
    assert lines(helper, "injection") == [6]


@pytest.mark.parametrize(
    "line",
    [
        "db.execute('SELECT * FROM t WHERE a = ?', (name,))",
        "db.execute(f'SELECT * FROM t LIMIT {int(name)}')",
        "db.execute(f'SELECT * FROM {TABLE} WHERE a = ?', [name])",
        "subprocess.run(['ping', name], check=True)",
        "subprocess.run(f'ping {shlex.quote(name)}', shell=True)",
        "os.system('date')",
        "eval('1 + 1')",
        "print(f'SELECT {name}')",
    ],
)
def test_values_beside_a_command_are_none(line: str) -> None:
    assert lines(f"TABLE = 't'\n{INTRO}    {line}\n", "injection") == []


def test_a_number_by_its_route_or_its_annotation_is_none() -> None:
    flask = (
        FLASK + "@app.route('/x/<int:key>')\ndef x(key):\n    return db.execute(f'SELECT * FROM t WHERE id={key}')\n"
    )
    assert lines(flask, "injection") == []
    fast = FAST + "app = FastAPI()\n@app.get('/x/{key}')\ndef x(key: KIND):\n    return db.execute(f'SELECT * FROM t WHERE id={key}')\n"  # fmt: skip
    assert lines(fast.replace("KIND", "int"), "injection") == []
    assert lines(fast.replace("KIND", "str"), "injection") == [8]


def test_text_of_nobody_outside_is_none() -> None:
    text = "import sqlite3, sys\ndb = sqlite3.connect('x.db')\ndb.execute('DELETE FROM ' + sys.argv[1])\n"
    assert lines(text, "injection") == []


def test_only_what_runs_something_is_a_code_step() -> None:
    assert lines("import requests\nrequests.get('https://a.example.org', timeout=5)\n", "code-step") == []
    text = "import subprocess, importlib\nimportlib.import_module('a')\nsubprocess.run(['ls'])\neval('1')\n"
    assert lines(text, "code-step") == [3, 4]


def test_certificates_are_looked_at_where_it_says_so_and_not_where_it_speaks_of_it() -> None:
    text = '''"""Never use verify=False, or curl -k."""
import requests, ssl, os, jwt
session = requests.Session()
session.verify = False
requests.get("https://a.example.org", timeout=5,
             verify=False)
note = "verify=False is bad"
context = ssl._create_unverified_context()
os.system("curl -k https://a.example.org")
jwt.decode("x", verify=False)
requests.get("https://a.example.org", verify=True, timeout=5)
'''
    assert lines(text, "tls-not-verified") == [4, 6, 8, 9]


def test_an_address_without_encryption_is_found_where_it_is_written() -> None:
    text = "import requests\nURL = 'http://api.example.org/x'\n\ndef send(rows):\n    requests.post(\n        URL, json=rows, timeout=5\n    )\n\nsend([])\nrequests.get('http://localhost:8000/x', timeout=5)\n"
    assert lines(text, "plain-http") == [2]
    assert "URL = 'https://api.example.org/x'" in mend(text.encode(), "a.py", default_boundary()).data.decode()


def test_a_secret_is_read_from_the_environment_instead() -> None:
    secret = "q8z1Mv7c05TyW2ruK64xPd93"
    text = f"import requests\n\nAPI_KEY = '{secret}'\nrequests.get('https://a.example.org', headers={{'x-api-key': API_KEY}}, timeout=5)\n"
    assert lines(text, "hardcoded-secret") == [3]
    after = mend(text.encode(), "a.py", default_boundary()).data.decode()
    assert after.startswith('import os\nimport requests\n\nAPI_KEY = os.environ["API_KEY"]\n')
    assert lines(after, "hardcoded-secret") == []
    assert lines("import os\nAPI_KEY = os.environ['API_KEY']\n", "hardcoded-secret") == []


def test_a_large_script_is_looked_at_in_time() -> None:
    import time

    names = " + ".join(["a"] * 90)
    body = "".join(f"    a = {names}\n    db.execute(a + request.args['q'])\n" for _ in range(300))
    routes = "".join(f"@app.route('/{n}')\ndef f{n}():\n    return f{n + 1}()\n" for n in range(300))
    begun = time.monotonic()
    assert len(lines(FLASK + routes + "@app.route('/x')\ndef f300():\n" + body, "injection")) == 300
    assert time.monotonic() - begun < 30
