"""Asks a router as a user of OpenAI's and LangChain's clients for Python does, and prints what they made of it as JSON.

The environment has OPENAI_BASE_URL and OPENAI_API_KEY, which both clients read by themselves, and BROKE_API_KEY, of a
tenant that may make no request. All cases are in one process: loading the clients takes seconds.
"""

import json
import os

import openai
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

CHAT = "scripted/m"
ENCODER = "bge-small-en-v1.5"
MESSAGES = [{"role": "user", "content": "What is the weather in Oslo?"}]
WEATHER = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}},
}


def chat():
    answer = openai.OpenAI().chat.completions.create(model=CHAT, messages=MESSAGES)
    return {"text": answer.choices[0].message.content, "tokens": answer.usage.total_tokens}


def stream():
    options = {"include_usage": True}
    chunks = openai.OpenAI().chat.completions.create(
        model=CHAT, messages=MESSAGES, stream=True, stream_options=options
    )
    text, tokens = "", None
    for chunk in chunks:
        for choice in chunk.choices:
            text += choice.delta.content or ""
        tokens = chunk.usage.total_tokens if chunk.usage else tokens
    return {"text": text, "tokens": tokens}


def tools():
    with openai.OpenAI().chat.completions.stream(model=CHAT, messages=MESSAGES, tools=[WEATHER]) as events:
        message = events.get_final_completion().choices[0].message
    return [[call.function.name, call.function.arguments] for call in message.tool_calls]


def embeddings():
    client = openai.OpenAI()
    plain = client.embeddings.create(model=ENCODER, input=["one", "two"])
    floats = client.embeddings.create(model=ENCODER, input=["one", "two"], encoding_format="float")
    pairs = zip(plain.data[0].embedding, floats.data[0].embedding)
    return {"sizes": [len(one.embedding) for one in plain.data], "difference": max(abs(a - b) for a, b in pairs)}


def errors():
    client = openai.OpenAI()
    kinds = {}
    for name, request in {
        "unknown model": {"model": "gpt-99", "messages": MESSAGES},
        "wrong request": {"model": CHAT, "messages": MESSAGES, "temperature": 7},
        "no key": {"model": CHAT, "messages": MESSAGES},
    }.items():
        asked = client.with_options(api_key="nobody's") if name == "no key" else client
        try:
            asked.chat.completions.create(**request)
        except openai.APIStatusError as error:
            kinds[name] = [type(error).__name__, error.status_code, error.param]
    return kinds


def budget():
    """The default of two retries is on: `x-should-retry: false` has to keep the client from using them."""
    try:
        client = openai.OpenAI(api_key=os.environ["BROKE_API_KEY"])
        client.chat.completions.create(model=CHAT, messages=MESSAGES)
    except openai.RateLimitError as error:
        return {"code": error.code, "should_retry": error.response.headers.get("x-should-retry")}
    return None


def langchain():
    @tool
    def weather(city: str) -> str:
        """Tells the weather of a city."""
        return city

    model = ChatOpenAI(model=CHAT)
    pieces = [piece.text for piece in model.stream("What is the weather in Oslo?")]
    calls = model.bind_tools([weather]).invoke("What is the weather in Oslo?").tool_calls
    return {
        "invoked": model.invoke("What is the weather in Oslo?").text,
        "streamed": "".join(str(piece) for piece in pieces),
        "calls": [[call["name"], call["args"]] for call in calls],
    }


def langchain_embeddings():
    """The default: texts are cut and sent as tokens."""
    tokens = OpenAIEmbeddings(model=ENCODER).embed_documents(["one", "two"])
    texts = OpenAIEmbeddings(model=ENCODER, check_embedding_ctx_length=False).embed_documents(["one", "two"])
    return {
        "sizes": [len(vector) for vector in tokens],
        "difference": max(abs(a - b) for a, b in zip(tokens[0], texts[0])),
    }


CASES = [chat, stream, tools, embeddings, errors, budget, langchain, langchain_embeddings]



def outcome(case):
    try:
        return case()
    except Exception as error:
        return {"failed": repr(error)}


print(json.dumps({case.__name__: outcome(case) for case in CASES}))
