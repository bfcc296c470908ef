"""What n8n's node types are: read from its documentation, stated here as facts."""

from typing import Any, Final, Literal

from handrail.language.graph import StepKind
from handrail.language.importers.addresses import kebab

_BUILT_IN_TRIGGERS: Final = frozenset(
    {
        "manualTrigger", "scheduleTrigger", "cron", "interval", "start", "webhook", "formTrigger", "chatTrigger",
        "manualChatTrigger", "executeWorkflowTrigger", "errorTrigger", "workflowTrigger", "n8nTrigger",
        "mcpTrigger", "sseTrigger", "localFileTrigger", "evaluationTrigger",
    }
)  # fmt: skip
_TRIGGERS: Final = _BUILT_IN_TRIGGERS | {"emailReadImap"}
_SUBFLOWS: Final = frozenset({"executeWorkflow", "toolWorkflow", "retrieverWorkflow", "agentTool"})
_CODE: Final = frozenset(
    {"code", "function", "functionItem", "executeCommand", "executeCommandTool", "toolCode", "ssh"}
)
_HTTP: Final = frozenset({"httpRequest", "httpRequestTool", "toolHttpRequest", "graphql"})
_LOGIC: Final = frozenset(
    {
        "if", "switch", "merge", "set", "filter", "noOp", "splitInBatches", "splitOut", "wait", "limit", "sort",
        "aggregate", "summarize", "itemLists", "removeDuplicates", "compareDatasets", "dateTime", "crypto",
        "html", "htmlExtract", "markdown", "xml", "moveBinaryData", "convertToFile", "extractFromFile",
        "spreadsheetFile", "readPDF", "editImage", "compression", "renameKeys", "respondToWebhook", "form",
        "stopAndError", "debugHelper", "executionData", "totp", "jwt", "quickChart", "readWriteFile",
        "readBinaryFile", "readBinaryFiles", "writeBinaryFile", "toolThink", "toolCalculator",
        "outputParserStructured", "outputParserAutofixing", "outputParserItemList", "memoryBufferWindow",
        "memoryManager", "textSplitterRecursiveCharacterTextSplitter", "textSplitterTokenSplitter",
        "textSplitterCharacterTextSplitter", "documentDefaultDataLoader", "documentJsonInputLoader",
        "chainLlm", "chainSummarization", "chainRetrievalQa", "agent", "informationExtractor", "textClassifier",
        "sentimentAnalysis", "retrieverVectorStore", "toolVectorStore", "vectorStoreInMemory",
    }
)  # fmt: skip
_NO_SYSTEM: Final = _BUILT_IN_TRIGGERS | _SUBFLOWS | _CODE | _HTTP | _LOGIC | {"rssFeedRead", "rssFeedReadTrigger"}
# n8n leaves a parameter out when it holds its default: (resource or "", operation)
_DEFAULTS: Final = {
    "slack": ("message", "post"),
    "gmail": ("message", "send"),
    "telegram": ("message", "sendMessage"),
    "googleSheets": ("sheet", "read"),
    "googleDrive": ("file", "upload"),
    "googleCalendar": ("event", "create"),
    "notion": ("page", "create"),
    "github": ("issue", "create"),
    "jira": ("issue", "create"),
    "trello": ("card", "create"),
    "asana": ("task", "create"),
    "pipedrive": ("deal", "create"),
    "zendesk": ("ticket", "create"),
    "mattermost": ("message", "post"),
    "twilio": ("sms", "send"),
    "microsoftOutlook": ("message", "send"),
    "emailSend": ("email", "send"),
}
_PREFIXES: Final = ("lmChat", "lm", "embeddings", "vectorStore", "memory", "reranker", "tool")
# names that their owners write as one word
_ONE_WORD: Final = frozenset(
    {
        "open-ai", "my-sql", "mongo-db", "you-tube", "whats-app", "pay-pal", "pager-duty", "woo-commerce",
        "click-up", "deep-seek", "bamboo-hr", "mailer-lite", "next-cloud", "profit-well", "message-bird",
    }
)  # fmt: skip
OUTPUTS: Final = {"if": 2, "splitInBatches": 2, "compareDatasets": 4}
"""Regular outputs of nodes with a fixed number of them, where it isn't one; the error output comes after them."""


def short_type(node_type: str) -> str:
    """Return the part of a type after its package: `n8n-nodes-base.slack` is `slack`."""
    return node_type.rsplit(".", 1)[-1]


def kind_of(node_type: str) -> StepKind:
    """Return the role of a node type."""
    short = short_type(node_type)
    if short == "stickyNote":
        return "comment"
    if short in _TRIGGERS or short.lower().endswith("trigger"):
        return "trigger"
    tables: tuple[tuple[frozenset[str], Literal["subflow", "code", "http", "logic"]], ...] = (
        (_SUBFLOWS, "subflow"),
        (_CODE, "code"),
        (_HTTP, "http"),
        (_LOGIC, "logic"),
    )
    return next((kind for table, kind in tables if short in table), "action")


def system_of(node_type: str) -> str | None:
    """Return the system that a node type reaches, None for built-in nodes."""
    short = short_type(node_type)
    if short in _NO_SYSTEM or short == "stickyNote":
        return None
    base = _base(short)
    prefix = next((each for each in _PREFIXES if base.startswith(each) and base[len(each) :][:1].isupper()), "")
    name = kebab(base.removeprefix(prefix))
    return name.replace("-", "") if name in _ONE_WORD else name


def operation_of(node_type: str, parameters: dict[str, Any]) -> str | None:
    """Return `resource.operation` with n8n's defaults filled in where they are known."""
    base = _base(short_type(node_type))
    default_resource, default_operation = _DEFAULTS.get(base, ("", ""))
    resource = _word(parameters.get("resource")) or default_resource
    operation = _word(parameters.get("operation"))
    if not operation and resource == default_resource:
        operation = default_operation
    if not operation:
        return None
    return f"{resource}.{operation}" if resource else operation


def _base(short: str) -> str:
    return short.removesuffix("Trigger").removesuffix("Tool") or short


def _word(value: Any) -> str:
    return value if isinstance(value, str) and not value.startswith("=") else ""
