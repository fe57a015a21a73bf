/**
 * The version of the frames between coordinator and runner.
 *
 * History:
 * -- 1: first frames.
 * -- 2: `seal.keys`, sealed offers, `job.chunk`, `job.unsealable`, `job.sealed-done`.
 */
export const RUNNER_PROTOCOL_VERSION = 2

/** The oldest version that the coordinator still speaks. An older runner is refused with a sentence. */
export const RUNNER_PROTOCOL_MINIMUM = 1

/** From here on a coordinator understands sealed jobs. */
export const SEALED_PROTOCOL_VERSION = 2

/** The largest frame either side accepts, in UTF-16 units. */
export const FRAME_MAX_CHARS = 1_000_000
