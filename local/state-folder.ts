import { join } from 'node:path'

/** Where a part of the network writes its log. */
export function logOf(stateDir: string, name: string): string {
  return join(stateDir, 'logs', `${name}.log`)
}

/** What programs read to find the network. */
export function startedFileOf(stateDir: string): string {
  return join(stateDir, 'started.json')
}

/** Whose policies the network's clients believe: for `sharnaqa proxy --pins`. */
export function pinsFileOf(stateDir: string): string {
  return join(stateDir, 'policy-pins.json')
}

/** Keys of the simulated TEE. */
export function simulatedTeeFileOf(stateDir: string): string {
  return join(stateDir, 'simulated-tee.json')
}
