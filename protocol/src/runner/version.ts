/**
 * The version of the frames between coordinator and runner.
 *
 * History:
 * -- 1: first frames.
 */
export const RUNNER_PROTOCOL_VERSION = 1

/** The oldest version that the coordinator still speaks. An older runner is refused with a sentence. */
export const RUNNER_PROTOCOL_MINIMUM = 1

/** The largest frame either side accepts, in UTF-16 units. */
export const FRAME_MAX_CHARS = 1_000_000
