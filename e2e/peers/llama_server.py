"""Serves a GGUF by llama.cpp (the xllamacpp wheel) on a loopback port, until its input ends."""

import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.model_alias = {"silkworm-gguf"}
params.port = int(sys.argv[2])
params.n_ctx = 4096
params.n_parallel = 4
server = xllamacpp.Server(params)
print("ready", flush=True)
sys.stdin.read()
