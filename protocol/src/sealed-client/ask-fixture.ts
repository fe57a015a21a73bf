import type { AnswerFrame } from '../answer.ts'
import { type AskSealedOrder, askSealed, type SealedAsk } from './ask-sealed.ts'
import type { RunnerWish } from './choose-runners.ts'
import { type FakeNetworkPlan, setupFakeNetwork } from './fake-network-fixture.ts'
import { MODEL } from './fake-runner-fixture.ts'
import type { SealedTicket } from './sealed-ticket.ts'

/** What came of one question. */
export type Asked = {
  readonly frames: readonly AnswerFrame[]
  readonly text: string
  readonly end: Extract<AnswerFrame, { type: 'end' | 'refused' }> | undefined
  readonly faults: readonly string[]
  readonly tickets: readonly SealedTicket[]
}

export type AskChanges = {
  readonly ask?: Partial<SealedAsk>
  readonly order?: Partial<AskSealedOrder>
}

/** Asks a fake network one question and reads the answer to its end. */
export async function askFake(plan: FakeNetworkPlan = {}, changes: AskChanges = {}) {
  const setup = await setupFakeNetwork(plan)
  return { ...setup, ...(await askOf(setup, changes)) }
}

export async function askOf(
  { deps, tier }: Pick<Awaited<ReturnType<typeof setupFakeNetwork>>, 'deps' | 'tier'>,
  { ask, order }: AskChanges = {},
): Promise<Asked> {
  const frames: AnswerFrame[] = []
  const faults: string[] = []
  const tickets: SealedTicket[] = []
  const asking = askSealed(deps, {
    ask: {
      model: MODEL.id,
      tier,
      features: [],
      messages: [{ role: 'user', content: 'Where does silk come from?' }],
      params: {},
      key: crypto.randomUUID(),
      lingerSeconds: 0,
      ...ask,
    },
    tickets: [],
    onTicket: (ticket) => void tickets.push(ticket),
    onFault: (fault) => void faults.push(fault),
    signal: new AbortController().signal,
    ...order,
  })
  for await (const frame of asking) frames.push(frame)
  const text = frames.map((frame) => (frame.type === 'delta' ? frame.text : '')).join('')
  const end = frames.find((frame) => frame.type === 'end' || frame.type === 'refused')
  return { frames, text, end, faults, tickets }
}

/** Lets a client of a fake network choose whom it would ask. */
export async function chooseFake(plan: FakeNetworkPlan = {}, wish: Partial<RunnerWish> = {}) {
  const setup = await setupFakeNetwork(plan)
  const { deps, tier } = setup
  const chosen = await deps.chooseRunners({ model: MODEL.id, tier, features: [], ...wish })
  return { ...setup, chosen }
}
