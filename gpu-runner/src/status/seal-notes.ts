import type { RunnerEvent } from '../events.ts'

type SealEvent = Extract<RunnerEvent, { event: 'seal-accepted' | 'seal-refused' | 'seal-failed' }>
type SealKind = SealEvent['kind']

const READY: Readonly<Record<SealKind, string>> = {
  paired: 'Your own chats can be sealed to this machine.',
  tee: 'Confidential chats can be sealed to it.',
}
const NAMES: Readonly<Record<SealKind, string>> = {
  paired: 'sealing keys',
  tee: 'evidence of its TEE',
}

/** Says for each model whether sealed chats can come: a sentence for the pairing, and one for the TEE where there is one. */
export function createSealNotes() {
  const notes = new Map<string, Partial<Record<SealKind, string>>>()
  return {
    /** Takes what happened, and gives what is to be said now. */
    note: (model: string, event: SealEvent): string => {
      const said = { ...notes.get(model), [event.kind]: sentenceOf(event) }
      notes.set(model, said)
      return [said.paired, said.tee].filter((sentence) => sentence !== undefined).join(' ')
    },
  }
}

function sentenceOf(event: SealEvent): string {
  switch (event.event) {
    case 'seal-accepted':
      return READY[event.kind]
    case 'seal-refused':
      return `The network refused this machine’s ${NAMES[event.kind]} (${event.reason}); it tries again by itself.`
    case 'seal-failed':
      return `This machine’s ${NAMES[event.kind]} could not be made (${event.reason}); it tries again by itself.`
    default:
      return event satisfies never
  }
}
