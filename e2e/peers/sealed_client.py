"""Asks through `sharnaqa proxy` with the openai package, as a Python developer does. Exits with an assertion where it must."""

import os

import openai

client = openai.OpenAI(base_url=os.environ["API"], api_key="unused", max_retries=0)
model = os.environ["MODEL"]
messages = [{"role": "user", "content": "What is silk?"}]

answer = client.chat.completions.create(model=model, messages=messages)
text = answer.choices[0].message.content
assert text and answer.choices[0].finish_reason == "stop", answer
assert answer.usage.model_extra["cost_nano"] > 0, answer.usage

stream = client.chat.completions.create(
    model=model, messages=messages, stream=True, stream_options={"include_usage": True}
)
pieces, usage = [], None
for chunk in stream:
    pieces += [choice.delta.content or "" for choice in chunk.choices]
    usage = chunk.usage or usage
assert "".join(pieces) == text, pieces
assert usage.total_tokens == answer.usage.total_tokens, usage

try:
    client.chat.completions.create(model="nobody/has-this", messages=messages)
except openai.APIStatusError as refused:
    assert refused.code, refused
else:
    raise AssertionError("not refused: a model that nobody serves")
print("ok")
