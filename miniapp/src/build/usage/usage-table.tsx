import type { ReactNode } from 'react'
import type { UsageGroup } from '../../../../protocol/src/miniapp/usage.ts'
import { formatCount } from '../../network/price-words.ts'
import { Amount } from '../../ui/amount.tsx'
import { dayWords } from '../../ui/duration-words.ts'
import { useWords } from '../../words/define-words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { BUILD_WORDS } from '../words/words.ts'
import type { UsageLine } from './usage-figures.ts'

type Props = { readonly group: UsageGroup; readonly lines: readonly UsageLine[] }

/** The figures of a report, line by line: of days only those on which something was asked, the newest first. */
export function UsageTable({ group, lines }: Props): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const nameOf = useGroupWords(group)
  const shown = group === 'day' ? lines.filter(({ jobs }) => jobs > 0).toReversed() : lines
  const count = (value: number) => formatCount(language, value)
  return (
    <table className="figures" data-group={group}>
      <thead>
        <tr>
          <th scope="col">{words[`column-${group}`]}</th>
          <th scope="col">{words['column-requests']}</th>
          <th scope="col">{words['column-tokens']}</th>
          <th scope="col">{words['column-cost']}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((line) => (
          <tr key={line.group} data-testid="usage-row">
            <th scope="row">
              <bdi>{nameOf(line)}</bdi>
              {group !== 'day' && (
                <svg className="share" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
                  <rect width={line.share * 100} height="4" />
                </svg>
              )}
            </th>
            <td>{count(line.jobs)}</td>
            <td>
              <bdi dir="ltr">
                {count(line.promptTokens)} <br />
                {count(line.completionTokens)}
              </bdi>
            </td>
            <td>
              <Amount of={line.charge} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What a line is about, in words. */
function useGroupWords(group: UsageGroup): (line: UsageLine) => string {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  return ({ group: of, name }) => {
    if (group === 'day') return dayWords(language, String(of))
    if (group === 'model') return String(of)
    return of === null ? words['no-key'] : (name ?? words['gone-key'])
  }
}
