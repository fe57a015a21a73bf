import { Hono } from 'hono'
import { assertConduct } from './assert-conduct.ts'
import { controlOf, type TelegramControl } from './control.ts'
import type { Fault } from './faults.ts'
import { localOnly } from './local-only.ts'
import type { NewGroup, Say } from './people.ts'
import type { MediaKind } from './sample-media.ts'
import type { TelegramServer } from './telegram-server.ts'
import { YOU_ID } from './telegram-state.ts'

type Body = Record<string, unknown>
type Action = (control: TelegramControl, body: Body) => unknown

/** What a test in another process can do. A body is the same object the handle's function takes. */
const ACTIONS: Readonly<Record<string, Action>> = {
  say: (control, body) => control.say(body as Say),
  media: (control, body) => control.sendMedia(body.kind as MediaKind, body),
  edit: (control, body) => control.editMessage(body as { messageId: number; text: string }),
  press: (control, body) => control.press(messageOf(control, body), String(body.button), body),
  'press-data': (control, body) => control.pressData(messageOf(control, body), String(body.data), body),
  pay: (control, body) => control.pay(messageOf(control, body), body),
  'set-stars': (control, body) => control.setStars(Number(body.stars), Number(body.person ?? YOU_ID)),
  'refund-by-telegram': (control, body) => control.refundByTelegram(String(body.chargeId)),
  'withdraw-stars': (control, body) => control.withdrawStars(Number(body.stars)),
  stop: (control, body) =>
    control.stop(
      control.drafts().find(({ draftId }) => body.draftId === undefined || draftId === body.draftId),
    ),
  group: (control, body) => control.addGroup(body as NewGroup),
  topic: (control, body) => control.addTopic(body as { name: string }),
  person: (control, body) => control.addPerson(body as { id: number; firstName: string }),
  language: (control, body) => control.setLanguage(Number(body.personId), String(body.languageCode)),
  block: (control, body) => control.block(chatOf(body)),
  unblock: (control, body) => control.unblock(chatOf(body)),
  fault: (control, body) => control.addFault(body as Fault),
  'clear-faults': (control) => control.clearFaults(),
  duplicate: (control, body) => control.duplicateUpdates(Number(body.times ?? 1)),
  'deliver-again': (control, body) => control.deliverAgain(Number(body.updateId)),
}

/** `/control/*`: the handle over HTTP, for tests and scripts on this machine only. */
export function controlRoute(server: TelegramServer): Hono {
  const route = new Hono()
  const control = controlOf(server)
  route.use(localOnly)
  route.get('/calls', (c) => c.json(control.calls))
  route.get('/updates', (c) => c.json(control.updates))
  route.get('/drafts', (c) => c.json(control.drafts()))
  route.get('/faults', (c) => c.json(control.faults()))
  route.get('/conduct', (c) => c.json(assertConduct(control)))
  route.get('/stars', (c) => c.json(control.stars(Number(c.req.query('person') ?? YOU_ID))))
  route.get('/star-payments', (c) => c.json(control.starPayments()))
  route.get('/messages', (c) => c.json(control.messages(Number(c.req.query('chat') ?? YOU_ID))))
  route.post('/:action', async (c) => {
    const name = c.req.param('action')
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
    if (!action) return c.json({ ok: false, reason: 'unknown-action' }, 404)
    const text = await c.req.text()
    try {
      const result = action(control, text ? (JSON.parse(text) as Body) : {})
      return c.json({ ok: true, result: result ?? null })
    } catch (error) {
      return c.json({ ok: false, reason: error instanceof Error ? error.message : 'failed' }, 400)
    }
  })
  return route
}

function chatOf(body: Body): number {
  return typeof body.chat === 'number' ? body.chat : YOU_ID
}

function messageOf(control: TelegramControl, body: Body) {
  const message = control.messages(chatOf(body)).find(({ message_id }) => message_id === body.messageId)
  if (!message) throw new Error(`there is no message ${body.messageId} in chat ${chatOf(body)}`)
  return message
}
