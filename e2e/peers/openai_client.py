"""Talks to a network with the openai package, as a Python developer does. Exits with an assertion where it must."""

import os

import openai

client = openai.OpenAI(base_url=os.environ["API"], api_key=os.environ["API_KEY"], max_retries=0)
messages = [{"role": "user", "content": "What is Sharnaqa?"}]

answer = client.chat.completions.create(model="silkworm", messages=messages)
text = answer.choices[0].message.content
assert text.startswith("Sharnaqa is") and text.endswith("."), text
assert answer.usage.model_extra["cost_nano"] > 0, answer.usage

stream = client.chat.completions.create(
    model="silkworm", messages=messages, stream=True, stream_options={"include_usage": True}
)
pieces, usage = [], None
for chunk in stream:
    pieces += [choice.delta.content or "" for choice in chunk.choices]
    usage = chunk.usage or usage
assert "".join(pieces) == text, pieces
assert usage.total_tokens == answer.usage.total_tokens, usage

vectors = client.embeddings.create(model="all-minilm-l6-v2", input=["a moth", "an invoice"])
assert [len(item.embedding) for item in vectors.data] == [384, 384]

for wrong, error, param in [
    ({"model": "nobody/has-this"}, openai.NotFoundError, "model"),
    ({"model": "silkworm", "temperature": 9}, openai.BadRequestError, "temperature"),
]:
    try:
        client.chat.completions.create(messages=messages, **wrong)
    except error as refused:
        assert refused.param == param, refused
    else:
        raise AssertionError(f"not refused: {wrong}")
print("ok")
