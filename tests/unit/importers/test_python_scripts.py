"""What calls of a script become: names followed to their library, values followed to where they go."""

from textwrap import dedent

import pytest

from handrail.language.graph import Graph, Step
from handrail.language.importers import ArtefactInvalid, ArtefactTooLarge, load_pack, read_definitions, sniff


def _graph(text: str) -> Graph:
    return read_definitions(dedent(text).encode(), "folder/app.py")[0].graph


def _step(text: str) -> Step:
    (step,) = _graph(text).steps
    return step


@pytest.mark.parametrize(
    ("text", "system", "operation"),
    [
        ("import requests\nrequests.post('https://a.example.test', json={})", "http", "request"),
        ("import requests as r\nr.post('https://a.example.test')", "http", "request"),
        ("from requests import post as p\np('https://a.example.test')", "http", "request"),
        ("import requests\ns = requests.Session()\ns.get('https://a.example.test')", "http", "request"),
        ("import httpx\nwith httpx.Client() as c:\n c.get('https://a.example.test')", "http", "request"),
        ("from slack_sdk import WebClient\nWebClient().chat_postMessage(channel='C')", "slack", "message.post"),
        ("import slack_sdk\nclass A:\n def __init__(self):\n  self.c = slack_sdk.WebClient()\n def f(self):\n  self.c.chat_postMessage()",
         "slack", "message.post"),
        ("import boto3\nboto3.client('sqs').send_message(QueueUrl='q')", "aws-sqs", "send_message"),
        ("import boto3\nboto3.resource('dynamodb').Table('t').put_item(Item={})", "aws-dynamo-db", "put_item"),
        ("from openai import OpenAI\nc = OpenAI()\nc.chat.completions.create(model='m')", "openai", "chat.completions.create"),
        ("import anthropic\nanthropic.Anthropic().messages.create()", "anthropic", "messages.create"),
        ("import google.generativeai as genai\ngenai.GenerativeModel('m').generate_content('x')",
         "google-gemini", "generate_content"),
        ("import smtplib\nwith smtplib.SMTP_SSL('m.example.test') as s:\n s.sendmail('a', 'b', 'c')", "smtp", "send"),
        ("import psycopg2\nc = psycopg2.connect('')\nk = c.cursor()\nk.execute('SELECT 1')", "postgres", "execute"),
        ("import sqlite3\nsqlite3.connect('a.db').execute('SELECT 1')", "sqlite", "execute"),
        ("from sqlalchemy import create_engine\ne = create_engine('postgresql://h/d')\nwith e.begin() as c:\n c.execute('x')",
         "postgres", "execute"),
        ("from pymongo import MongoClient\nMongoClient()['d']['c'].insert_one({})", "mongodb", "insert_one"),
        ("import redis\nredis.Redis().publish('a', 'b')", "redis", "publish"),
        ("import gspread\ngspread.service_account().open_by_key('k').sheet1.append_row([])", "google-sheets", "append"),
        ("import pandas as pd\npd.read_sql('select 1', 'mysql://h/d')", "mysql", "read"),
        ("import stripe\nstripe.Customer.create()", "stripe", "customer.create"),
        ("from twilio.rest import Client\nClient().messages.create(to='x')", "twilio", "sms.send"),
        ("from simple_salesforce import Salesforce\nSalesforce().query('SELECT Id FROM Lead')", "salesforce", "query"),
        ("import subprocess\nsubprocess.run(['ls'])", None, "run"),
        ("import os\nos.system('ls')", None, "system"),
        ("eval('1')", None, "eval"),
        ("open('a.txt').read()", "local-file", "read"),
        ("open('a.txt', 'a').write('x')", "local-file", "write"),
    ],
)  # fmt: skip
def test_a_call_is_followed_to_its_library(text: str, system: str | None, operation: str) -> None:
    step = _step(text)
    assert (step.connector, step.operation) == (system, operation)


@pytest.mark.parametrize(
    ("text", "hosts", "path"),
    [
        ("requests.get('https://a.example.test/x?y=1')", ("a.example.test",), "/x"),
        ("b = 'https://a.example.test'\nrequests.get(f'{b}/x/{1 + y}')", ("a.example.test",), "/x/{}"),
        ("b = 'https://a.example.test'\nrequests.get(b + '/x')", ("a.example.test",), "/x"),
        ("requests.get('https://%s/x' % h)", (), "/x"),
        ("requests.get('https://a.example.test/{}'.format(h))", ("a.example.test",), "/{}"),
        ("requests.request('PUT', 'https://a.example.test/x')", ("a.example.test",), "/x"),
        ("requests.get(u)", (), None),
        ("import httpx\nc = httpx.Client(base_url='https://a.example.test/v1')\nc.get('/x')", ("a.example.test",), "/v1/x"),
        ("def f(u):\n return requests.get(u)\nf('https://a.example.test/x')", ("a.example.test",), "/x"),
        ("def f(u):\n return requests.get(u)\nf('https://a.example.test/x')\nf('https://b.example.test/x')",
         ("a.example.test", "b.example.test"), None),
    ],
)  # fmt: skip
def test_addresses_are_put_together(text: str, hosts: tuple[str, ...], path: str | None) -> None:
    step = _step("import requests\n" + text)
    assert (step.hosts, step.path) == (hosts, path)


@pytest.mark.parametrize(
    "between",
    [
        "requests.post(U, json=a)",
        "b = {'x': a}\nrequests.post(U, json=b)",
        "b = []\nfor each in a:\n    b.append(each['x'])\nrequests.post(U, json=b)",
        "b = [each['x'] for each in a]\nrequests.post(U, json=b)",
        "b = {}\nb['k'] = a\nrequests.post(U, json=b)",
        "def f(x):\n    return x['y']\nrequests.post(U, json=f(a))",
        "def f(x):\n    requests.post(U, json=x)\nf(a)",
        "class A:\n    def __init__(self, x):\n        self.x = x\n    def f(self):\n        requests.post(U, json=self.x)\nA(a).f()",
        "import json\nrequests.post(U, data=json.dumps(a))",
        "b, c = a\nrequests.post(U, json=c)",
        "requests.post(U, json=str(a) if a else None)",
        "def f():\n    yield a\nfor x in f():\n    requests.post(U, json=x)",
        "requests.post(U, json=list(map(lambda x: x, a)))",
        "if a:\n    b = a\nelse:\n    b = 1\nrequests.post(U, json=b)",
        "def f(x):\n    requests.post(U, json=x)\nlist(map(f, a))",
    ],
)
def test_a_value_is_followed_to_where_it_goes(between: str) -> None:
    graph = _graph(f"import requests\nU = 'https://a.example.test'\na = requests.get(U).json()\n{between}")
    get, post = (step.id for step in graph.steps)
    assert (get, post) in {(each.source, each.target) for each in graph.data}


@pytest.mark.parametrize(
    "text",
    [
        "a = requests.get(U)\nrequests.post(U, json={})",
        "a = requests.get(U)\na = 1\nrequests.post(U, json=a)",
        "s = requests.Session()\ns.get(U)\ns.post(U)",
        "def f(a):\n    requests.post(U, json=b)\na = requests.get(U)\nf(a)",
    ],
)
def test_what_does_not_flow_is_no_data_edge(text: str) -> None:
    assert _graph(f"import requests\nU = 'https://a.example.test'\n{text}").data == ()


def test_steps_come_in_the_order_in_which_they_run() -> None:
    graph = _graph(
        """
        import requests
        def second():
            requests.get("https://2.example.test")
        requests.get("https://1.example.test")
        if x:
            second()
        requests.get("https://3.example.test")
        """
    )
    host = {step.id: step.hosts[0][0] for step in graph.steps}
    assert sorted((host[each.source], host[each.target]) for each in graph.edges) == [
        ("1", "2"),
        ("1", "3"),
        ("2", "3"),
    ]


def test_a_route_is_a_trigger_and_what_it_returns_an_answer() -> None:
    graph = _graph(
        """
        from fastapi import FastAPI
        app = FastAPI()
        @app.get("/people/{id}")
        def people(id: str):
            return open(id).read()
        """
    )
    assert [(each.kind, each.connector, each.operation) for each in graph.steps] == [
        ("trigger", "webhook", "receive"),
        ("action", "local-file", "read"),
        ("action", "webhook", "respond"),
    ]
    assert graph.steps[0].resource == "webhook:/people/{id}"
    names = [each.id for each in graph.steps]
    assert {(each.source, each.target) for each in graph.data} == {(names[0], names[1]), (names[1], names[2])}


def test_places_environment_and_arguments_are_told() -> None:
    step = _step(
        "import os, requests\n\nrequests.get('https://a.example.test', headers={'X': os.environ['KEY']}, verify=False)"
    )
    assert step.line == 3
    assert step.id == "3 requests.get"
    assert [(each.field, each.text) for each in step.inputs][-1] == ("/verify", "False")
    assert [(each.kind, each.name, each.resolved) for each in step.inputs[1].references] == [
        ("environment", "KEY", False)
    ]


def test_what_is_caught_is_handled() -> None:
    call = "requests.get('https://a.example.test')"
    assert _step(f"import requests\ntry:\n    {call}\nexcept Exception:\n    pass").error_policy == "handled"
    assert _step(f"import requests\ntry:\n    {call}\nexcept Exception:\n    raise").error_policy is None
    assert _step(f"import requests\ntry:\n    {call}\nfinally:\n    pass").error_policy is None


def test_a_library_that_nobody_knows_is_told() -> None:
    assert _graph("import frobnicate\nfrobnicate.send(1)").unknown == ("what the library frobnicate does is not known",)


def test_a_secret_is_gone_and_its_line_told() -> None:
    text = "import slack_sdk\n\nc = slack_sdk.WebClient(token='xoxb-123456789012-canary7f3e9b21')\nc.chat_postMessage(text='x')\n"
    (definition,) = read_definitions(text.encode(), "app.py")
    assert [(each.kind, each.line) for each in definition.secrets] == [("slack-token", 3)]
    assert "canary" not in repr(definition)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"x = (\n", "app.py:1:5"),
        (b"a = 1\nb = = 2\n", "app.py:2:5"),
        (b"a = 1\nb = '\xff'\n", "app.py:2"),
        (b"a = 1\0", "app.py"),
        (b"print 'x'", "app.py:1:1"),
    ],
)
def test_what_is_no_python_is_refused_with_its_place(data: bytes, place: str) -> None:
    with pytest.raises(ArtefactInvalid) as refused:
        read_definitions(data, "app.py")
    assert str(refused.value.place).startswith(place)


@pytest.mark.parametrize(
    "data",
    [
        b"x = " + b"-" * 50_000 + b"1",
        b"x = a" + b".b" * 5_000,
        b"x = [" + b"1, " * 200_000 + b"]",
        b"#" * 1_100_000,
        b"x = " + b"[" * 150 + b"]" * 150,
    ],
)
def test_a_script_above_a_limit_is_refused(data: bytes) -> None:
    with pytest.raises(ArtefactTooLarge):
        read_definitions(data, "app.py")


def test_nested_loops_and_circles_of_functions_end() -> None:
    loops = "\n".join(" " * depth + "for a in b:" for depth in range(19)) + "\n" + " " * 19 + "f(a)"
    circle = "import requests\ndef f(x):\n return g(requests.get(x))\ndef g(x):\n return f(x)\n"
    assert len(_graph(f"{circle}{loops}").steps) == 1


def test_a_script_is_never_run() -> None:
    assert sniff(b"raise SystemExit(1)\nimport os\nos.abort()\n", "app.py") == "python"


def test_every_row_says_what_it_does() -> None:
    rows = [row for listed in load_pack("python").rows.values() for row in listed]
    assert len(rows) > 800
    assert [row.type for row in rows if row.type.count("*") > 1] == []
