import { type ReactNode, useState } from 'react'
import { useWords } from '../../words/define-words.ts'
import { fillText } from '../../words/words.ts'
import type { Machine } from './machines-of.ts'
import { RunnerCode } from './runner-code.tsx'
import { MACHINE_WORDS } from './words/words.ts'

type Props = {
  readonly machine: Machine
  readonly isConfirmed: boolean
  readonly onConfirm: () => void
  readonly onTakeBack: () => void
}

/** One machine: whether this device seals for it, and its code to compare with the machine's own screen. */
export function MachineRow({ machine, isConfirmed, onConfirm, onTakeBack }: Props): ReactNode {
  const words = useWords(MACHINE_WORDS)
  const [isComparing, setComparing] = useState(false)
  const name = machine.name ?? words.another
  const toggle = () => (isConfirmed ? onTakeBack() : setComparing(!isComparing))
  const same = () => {
    setComparing(false)
    onConfirm()
  }
  return (
    <li className="machine" data-testid="machine" data-runner={machine.id} data-confirmed={isConfirmed}>
      <div className="machine-head">
        <i className={machine.online ? 'lamp' : 'lamp off'} />
        <span>
          <b>
            <bdi>{name}</bdi>
          </b>
          <span className={isConfirmed ? 'machine-state is-confirmed' : 'machine-state'}>
            {words[isConfirmed ? 'confirmed' : 'open']}
          </span>
        </span>
        <button
          type="button"
          className="copy"
          data-testid={isConfirmed ? 'unconfirm' : 'compare'}
          aria-expanded={isConfirmed ? undefined : isComparing}
          onClick={toggle}
        >
          {words[isConfirmed ? 'unconfirm' : 'confirm']}
        </button>
      </div>
      {isComparing && !isConfirmed && (
        <div className="comparing">
          <p>{words.compare}</p>
          <RunnerCode id={machine.id} label={fillText(words.code, { name })} />
          <button type="button" className="button" data-testid="same" onClick={same}>
            {words.same}
          </button>
        </div>
      )}
    </li>
  )
}
