import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import type { AnswerMeta } from '../../../protocol/src/openai/answer-meta.ts'
import { createChunkWriter } from '../../../protocol/src/openai/to-chunk.ts'
import { createCompletionWriter } from '../../../protocol/src/openai/to-completion.ts'
import type { AnswerFormat as OpenAiFormat } from '../openai-api/openai-deps.ts'
import { type FrameWriter, writeFrameLine } from './answer-stream.ts'

/** How a caller wants the answer's frames written. */
export type AnswerFormat = { readonly kind: 'frames' } | OpenAiFormat

/** Makes what writes an answer's frames as its caller wants them. */
export function writerOf(format: AnswerFormat): FrameWriter {
  switch (format.kind) {
    case 'frames':
      return writeFrameLine
    case 'openai-sse':
      return namedAfterJob(createChunkWriter, format.meta)
    case 'openai-json':
      return namedAfterJob(createCompletionWriter, format.meta)
    default:
      return format satisfies never
  }
}

/** Writes under the name of the job that is read: by `Idempotency-Key` it may be an earlier one than was asked for. */
function namedAfterJob(
  create: (meta: AnswerMeta) => (frame: AnswerFrame) => string,
  meta: AnswerMeta,
): FrameWriter {
  let write = create(meta)
  return (frame) => {
    // Nobody reads a sealed answer in these formats where it passes: whoever opened it writes them.
    if (frame.type === 'chunk') return ''
    if (frame.type === 'job' && frame.jobId !== meta.jobId) write = create({ ...meta, jobId: frame.jobId })
    return write(frame)
  }
}
