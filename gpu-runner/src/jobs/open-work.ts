import type { OpenOffer } from '../../../protocol/src/runner/down.ts'
import type { UpFrame } from '../../../protocol/src/runner/up.ts'
import type { Clock } from '../clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { Identity } from '../identity/identity.ts'
import type { JobRef } from './job.ts'
import { makeReceipt } from './make-receipt.ts'
import { type JobOutput, runJob } from './run-job.ts'
import type { Work } from './work.ts'

/** The work of a job that its runner can read as it comes: deltas or vectors, and a receipt by the runner's identity. */
export function createOpenWork(
  deps: { readonly clock: Clock; readonly engine: Engine; readonly identity: Identity },
  offer: OpenOffer,
): Work {
  const { jobId, attempt } = offer
  return {
    run: (signal, put) =>
      runJob(deps, offer, signal, (output) =>
        put((seq) => frameOf({ jobId, attempt }, seq, output), piecesOf(output)),
      ),
    conclude: async ({ finish, usage }, { pieces, startedAtMs, endedAtMs }) => {
      const { model, manifestDigest } = deps.engine.facts
      const facts = { offer, pieces, model, manifestDigest, usage, startedAtMs, endedAtMs }
      const receipt = await makeReceipt(deps.identity, facts)
      return { type: 'job.done', jobId, attempt, finish, usage, receipt }
    },
  }
}

function piecesOf(output: JobOutput): readonly string[] {
  return output.type === 'piece' ? [output.piece.text] : output.vectors
}

function frameOf(ref: JobRef, seq: number, output: JobOutput): UpFrame {
  if (output.type === 'vectors') return { type: 'job.vectors', ...ref, seq, vectors: [...output.vectors] }
  const { text, tokens, tokenIds, reasoning, toolCalls } = output.piece
  return {
    type: 'job.delta',
    ...ref,
    seq,
    text,
    tokens,
    ...(tokenIds ? { tokenIds: [...tokenIds] } : {}),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(toolCalls ? { toolCalls: [...toolCalls] } : {}),
  }
}
