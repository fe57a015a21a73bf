import { env, LogLevel } from '@huggingface/transformers'
import type { ModelFolder } from '../models/model-folder.ts'
import type { Device } from './device.ts'
import type { Engine } from './engine.ts'
import { openOnnxChat } from './onnx-chat.ts'
import { openOnnxEmbedding } from './onnx-embedding.ts'

/** `slots`: jobs at once. `threads`: what one session may use; 0 leaves it to onnxruntime. */
export type OnnxOptions = {
  readonly device: Device | 'auto'
  readonly slots: number
  readonly threads: number
}

// Files come from the verified folder only. onnxruntime's own log would print a failed job's tokens: it stays silent.
env.allowRemoteModels = false
env.useFSCache = false
env.logLevel = LogLevel.NONE

/** Loads a verified folder's model. Throws when no device takes it. */
export function openOnnxEngine(model: ModelFolder, options: OnnxOptions): Promise<Engine> {
  return model.manifest.kind === 'chat' ? openOnnxChat(model, options) : openOnnxEmbedding(model, options)
}
