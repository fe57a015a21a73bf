import { type ReactNode, useState } from 'react'
import { parserOf } from '../../../../protocol/src/miniapp/fields.ts'
import {
  type UsageGroup,
  type UsageReportJson,
  usageReportSchema,
} from '../../../../protocol/src/miniapp/usage.ts'
import { formatTon, nano, parseNano } from '../../../../protocol/src/money.ts'
import { useLive } from '../../data/use-live.ts'
import { formatCount } from '../../network/price-words.ts'
import type { Session } from '../../session/session.ts'
import { Bone } from '../../ui/bones.tsx'
import { LiveView } from '../../ui/live-view.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TapAmount } from '../../ui/tap-amount.tsx'
import { useWords } from '../../words/define-words.ts'
import { fillText, pluralOf } from '../../words/words.ts'
import { useSpeech } from '../../words/words-context.tsx'
import { BUILD_WORDS } from '../words/words.ts'
import { DayChart } from './day-chart.tsx'
import { USAGE_PERIODS, type UsagePeriod, usageLines, usageRange } from './usage-figures.ts'
import { UsageTable } from './usage-table.tsx'

const REFRESH_MS = 15_000
const GROUPS: readonly UsageGroup[] = ['day', 'key', 'model']
const parseUsage = parserOf(usageReportSchema)

/** What was spent: in all, by day as bars, and by day, key or model in a table. */
export function UsageSection({ session }: { readonly session: Session }): ReactNode {
  const words = useWords(BUILD_WORDS)
  const [period, setPeriod] = useState<UsagePeriod>('30')
  const [group, setGroup] = useState<UsageGroup>('day')
  const report = useLive({
    key: ['build', 'usage', period, group],
    ask: (signal) => {
      const query = new URLSearchParams({ ...usageRange(period, Date.now()), group_by: group })
      return session.ask(`/v1/usage?${query}`, parseUsage, { signal })
    },
    everyMs: REFRESH_MS,
  })
  return (
    <article className="card usage">
      <Segmented
        label={words['usage-period']}
        options={USAGE_PERIODS.map((value) => ({ value, text: words[`usage-${value}`] }))}
        value={period}
        onChange={setPeriod}
        testId="usage-period"
      />
      <Segmented
        label={words['usage-group']}
        options={GROUPS.map((value) => ({ value, text: words[`usage-by-${value}`] }))}
        value={group}
        onChange={setGroup}
        testId="usage-group"
      />
      <LiveView of={report} skeleton={<Bone rows={6} />}>
        {(value) => <Report report={value} period={period} />}
      </LiveView>
    </article>
  )
}

function Report({
  report,
  period,
}: {
  readonly report: UsageReportJson
  readonly period: UsagePeriod
}): ReactNode {
  const { language } = useSpeech()
  const words = useWords(BUILD_WORDS)
  const { total, group_by: group } = report
  const lines = usageLines(report)
  const spent = parseNano(total.charge_nano) ?? nano(0n)
  const jobs = fillText(pluralOf(language, words['usage-jobs'], total.jobs), {
    count: formatCount(language, total.jobs),
  })
  return (
    <>
      <div>
        <p className="hint">{fillText(words['usage-spent'], { period: words[`usage-${period}`] })}</p>
        <p className="number">
          <TapAmount
            short={formatTon(spent)}
            exact={`${formatCount('en', spent)} nano`}
            testId="usage-total"
          />
        </p>
        <p className="hint">{total.jobs === 0 ? words['usage-none'] : jobs}</p>
      </div>
      {group === 'day' && <DayChart lines={lines} />}
      {total.jobs > 0 && <UsageTable group={group} lines={lines} />}
    </>
  )
}
