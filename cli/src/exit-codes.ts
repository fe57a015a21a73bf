/** What the program ends with. Documented in `help`; scripts depend on the numbers. */
export const EXIT = {
  ok: 0,
  /** Something unforeseen: a bug. */
  broken: 1,
  /** A flag or a file is wrong. */
  usage: 2,
  /** The network said no. */
  refused: 3,
  /** Evidence, a receipt or a policy did not pass. */
  failed: 4,
  /** The network could not be reached. */
  unreachable: 5,
} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
