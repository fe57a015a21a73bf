import { type ReactNode, useState } from 'react'
import * as z from 'zod/mini'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import { useLive } from '../../data/use-live.ts'
import type { Session } from '../../session/session.ts'
import { PlaceLink } from '../../shell/place-link.tsx'
import { useTelegram } from '../../telegram/telegram-context.tsx'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { sealMemory, useConfirmed } from '../use-sealed.ts'
import { AddByCode } from './add-by-code.tsx'
import { MachineRow } from './machine-row.tsx'
import './machines.css'
import { type Machine, machinesOf } from './machines-of.ts'
import { MACHINE_WORDS } from './words/words.ts'

/** `GET /v1/runners`, as far as it is shown here. */
const parseRunners = parserOf(
  z.object({ data: z.array(z.object({ id: z.string(), name: z.string(), online: z.boolean() })) }),
)

/** The person's machines, and which of them this device seals for. */
export function MachinesCard({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(MACHINE_WORDS)
  const runners = useLive({
    key: ['seal', 'machines'],
    ask: (signal) => session.ask('/v1/runners', parseRunners, { signal }),
  })
  return (
    <section className="card machines" aria-labelledby="machines" data-testid="machines">
      <h2 id="machines" className="detail-title">
        {words.title}
      </h2>
      <p>{words.why}</p>
      <p className="hint">{words.how}</p>
      <LiveView of={runners} skeleton={<Bone rows={2} />}>
        {({ data }) => <Machines own={data} />}
      </LiveView>
    </section>
  )
}

function Machines({ own }: { readonly own: readonly Omit<Machine, 'isOwn'>[] }): ReactNode {
  const words = useWords(MACHINE_WORDS)
  const general = useSpeech().words
  const telegram = useTelegram()
  const confirmed = useConfirmed()
  const [note, setNote] = useState<string>()
  const machines = machinesOf(own, confirmed)
  const nameOf = (machine: Machine | undefined) => machine?.name ?? words.another
  const confirm = (id: string) => {
    const isTaken = sealMemory().confirm(id)
    telegram.haptic(isTaken ? 'success' : 'error')
    const name = nameOf(machines.find((one) => one.id === id))
    setNote(isTaken ? fillText(words.done, { name }) : words['too-many'])
  }
  const takeBack = async (machine: Machine) => {
    const isSure = await telegram.confirm({
      text: fillText(words['unconfirm-sure'], { name: nameOf(machine) }),
      yes: words.unconfirm,
      no: general.cancel,
      isDestructive: true,
    })
    if (!isSure) return
    sealMemory().unconfirm(machine.id)
    setNote(undefined)
  }
  return (
    <>
      {machines.length === 0 && (
        <p>
          {words.none} <PlaceLink to="/earn">{words.add}</PlaceLink>
        </p>
      )}
      <ul className="machine-list">
        {machines.map((machine) => (
          <MachineRow
            key={machine.id}
            machine={machine}
            isConfirmed={confirmed.has(machine.id)}
            onConfirm={() => confirm(machine.id)}
            onTakeBack={() => void takeBack(machine)}
          />
        ))}
      </ul>
      <AddByCode own={own.map(({ id }) => id)} onConfirm={confirm} />
      <p className="hint" role="status">
        {note}
      </p>
    </>
  )
}
