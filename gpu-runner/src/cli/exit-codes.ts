/** What the program ends with. Documented in `help`; scripts depend on the numbers. */
export const EXIT = {
  ok: 0,
  /** Something unforeseen: a bug. */
  broken: 1,
  /** A flag, a setting or a file of the data folder is wrong. */
  usage: 2,
  /** The network refused the runner: not paired, paused, too old. */
  refused: 3,
  /** A model's files are missing or wrong, or no engine could load it. */
  model: 4,
  /** The network or a hub could not be reached. */
  unreachable: 5,
  /** `status`: no runner runs here. */
  notRunning: 6,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
