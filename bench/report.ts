import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Verdict, withUnit } from './bounds.ts'
import type { BundledModel } from './bundled-model.ts'
import type { DispatchChoice } from './dispatch-choice.ts'
import type { Pace } from './load-order.ts'
import type { Machine } from './machine.ts'
import type { Latency, Throughput } from './measure-load.ts'
import type { MeasuredPage } from './measure-page.ts'
import type { MeasuredSealed } from './measure-sealed.ts'
import { median, percentile } from './statistics.ts'

export type Figures = {
  readonly machine: Machine
  readonly command: string
  readonly latency: readonly { readonly pace: Pace; readonly rows: readonly Latency[] }[]
  readonly throughput: readonly { readonly pace: Pace; readonly rows: readonly Throughput[] }[]
  readonly dispatch: DispatchChoice
  readonly model: BundledModel
  /** Undefined where there is no browser. */
  readonly page: MeasuredPage | undefined
  readonly sealed: MeasuredSealed
  readonly sealedChat: Figures['latency'][number]
  readonly verdicts: readonly Verdict[]
  readonly skipped: readonly string[]
}

type Table = { readonly title: string; readonly head: readonly string[]; readonly rows: readonly string[][] }

const FILE = join(import.meta.dirname, '../docs/benchmarks.md')
const BEGIN = '<!-- figures: begin -->'
const END = '<!-- figures: end -->'

/** The figures as tables for a terminal. */
export function toText(figures: Figures): string {
  return tablesOf(figures)
    .map(({ title, head, rows }) => {
      const widths = head.map((name, column) =>
        Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
      )
      const line = (cells: readonly string[]) =>
        cells
          .map((cell, column) =>
            column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
          )
          .join('  ')
      return [title, line(head), ...rows.map(line)].join('\n')
    })
    .join('\n\n')
}

/** Writes the figures between the markers of docs/benchmarks.md; the prose around them is for people to write. */
export async function writeFigures(figures: Figures): Promise<void> {
  const text = await readFile(FILE, 'utf8')
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`docs/benchmarks.md has no "${BEGIN}" before "${END}"`)
  await writeFile(FILE, `${text.slice(0, begin)}${BEGIN}\n\n${toMarkdown(figures)}\n\n${text.slice(end)}`)
}

function toMarkdown(figures: Figures): string {
  const { cpu, cores, memoryGb, system, node, workerd, date, load } = figures.machine
  const machine = `${date}, \`${figures.command}\`, on ${cores} cores of ${cpu} with ${memoryGb} GB, ${system}, Node ${node}, workerd ${workerd}. Load of the machine before the run: ${load.toFixed(1)}.`
  const tables = tablesOf(figures).map(({ title, head, rows }) =>
    [
      `### ${title}`,
      '',
      `| ${head.join(' | ')} |`,
      `| --- |${' ---: |'.repeat(head.length - 1)}`,
      ...rows.map((row) => `| ${row.join(' | ')} |`),
    ].join('\n'),
  )
  return [machine, ...tables, ...figures.skipped].join('\n\n')
}

function tablesOf({
  latency,
  throughput,
  dispatch,
  model,
  page,
  sealed,
  sealedChat,
  verdicts,
}: Figures): readonly Table[] {
  return [
    {
      title: 'Promises',
      head: ['what', 'measured', 'aim', 'not done beyond', ''],
      rows: verdicts.map(({ bound, value, state }) => [
        bound.what,
        withUnit(value, bound),
        withUnit(bound.aim, bound),
        withUnit(bound.limit, bound),
        { aim: 'aim met', limit: 'done', broken: 'NOT DONE' }[state],
      ]),
    },
    ...latency.map(latencyTable),
    ...throughput.map(throughputTable),
    {
      title: 'Dispatch and the bundled model',
      head: ['what', 'measured'],
      rows: [
        ['a choice among 100 runners', `${dispatch.few.toFixed(2)} µs`],
        ['a choice among 10,000 runners', `${dispatch.many.toFixed(2)} µs`],
        ['silkworm: first token', `${model.firstTokenMs} ms`],
        ['silkworm: tokens a second, one answer', String(model.tokensPerSecond)],
        ['silkworm: tokens a second, four answers at once', String(model.tokensPerSecondFourStreams)],
        ['silkworm: loading', `${model.loadMs} ms`],
        ['silkworm: most memory', `${model.memoryMb} MB on ${model.device}`],
      ],
    },
    ...(page ? [pageTable(page)] : []),
    sealedTable(sealed),
    {
      ...latencyTable(sealedChat),
      title: `One caller, in the open and sealed, upstream ${paceText(sealedChat.pace)}: ms`,
    },
  ]
}

function sealedTable({ times, codeKb }: MeasuredSealed): Table {
  return {
    title: `Sealed jobs: medians of one each; ${codeKb.toFixed(1)} KB gzip of code in a page`,
    head: [
      '',
      'TDX evidence verified',
      'sealed to three, X25519',
      'sealed to three, X-Wing',
      'a piece sealed and opened',
    ],
    rows: times.map(({ runtime, verifyMs, sealX25519Ms, sealXWingMs, chunkUs }) => [
      runtime,
      `${verifyMs.toFixed(1)} ms`,
      `${sealX25519Ms.toFixed(1)} ms`,
      `${sealXWingMs.toFixed(1)} ms`,
      `${chunkUs.toFixed(0)} µs`,
    ]),
  }
}

function pageTable(page: MeasuredPage): Table {
  return {
    title: 'The Mini App, in Chromium',
    head: ['what', 'measured'],
    rows: [
      [
        'chat: first useful paint, cold, processor slowed down 4×',
        `${page.firstUsefulPaintMs.toFixed(0)} ms`,
      ],
      ['chat: first contentful paint, the same', `${page.firstContentfulPaintMs.toFixed(0)} ms`],
      ['500 messages, scrolled: tasks over 50 ms', String(page.longTasks)],
      ['500 messages, scrolled: frames later than 25 ms', `${(page.lateFramesShare * 100).toFixed(0)} %`],
    ],
  }
}

function latencyTable({ pace, rows }: Figures['latency'][number]): Table {
  const direct = rows[0]?.samples ?? []
  const at = (row: Latency['samples'], key: 'firstMs' | 'totalMs' | 'thereMs' | 'backMs', share: number) =>
    percentile(
      row.map((sample) => sample[key]),
      share,
    )
  const added = (row: Latency['samples'], share: number) =>
    signed(at(row, 'firstMs', share) - at(direct, 'firstMs', share))
  return {
    title: `One caller, upstream ${paceText(pace)}: ms`,
    head: [
      '',
      'first token p50',
      'p95',
      'added p50',
      'added p95',
      'way there p50',
      'way back p50',
      'whole answer p50',
    ],
    rows: rows.map(({ name, samples }) => [
      name,
      at(samples, 'firstMs', 0.5).toFixed(1),
      at(samples, 'firstMs', 0.95).toFixed(1),
      added(samples, 0.5),
      added(samples, 0.95),
      at(samples, 'thereMs', 0.5).toFixed(1),
      at(samples, 'backMs', 0.5).toFixed(1),
      at(samples, 'totalMs', 0.5).toFixed(1),
    ]),
  }
}

function throughputTable({ pace, rows }: Figures['throughput'][number]): Table {
  return {
    title: `16 callers, upstream ${paceText(pace)}`,
    head: ['', 'answers a second', 'of direct', 'whole answer p50', 'CPU an answer'],
    rows: rows.map(({ name, rates, ratios, totalMs, cpuMsPerAnswer }) => [
      name,
      median(rates).toFixed(1),
      `${median(ratios).toFixed(2)}×`,
      `${median(totalMs).toFixed(0)} ms`,
      cpuMsPerAnswer === undefined ? '' : `${cpuMsPerAnswer.toFixed(1)} ms`,
    ]),
  }
}

function paceText({ tokens, firstMs, everyMs }: Pace): string {
  const first = firstMs === 0 ? 'without any delay' : `with its first token after ${firstMs} ms`
  const rest = everyMs === 0 ? '' : `, then one each ${everyMs} ms`
  return `${first}${rest}, ${tokens} tokens`
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`
}
