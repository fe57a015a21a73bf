import { nano } from '../../../protocol/src/money.ts'
import type { DownFrame } from '../../../protocol/src/runner/down.ts'
import type { Ask, Hello } from '../../../protocol/src/runner/up.ts'
import type { Price } from '../pricing/price.ts'
import { type RunnerAudience, shelvesOf } from './audience.ts'
import { type Desk, dropCurrent, type Link, type LinkFacts, refreshLink, setJobTimer } from './desk.ts'
import { failAttempt, handOver, pump } from './lease-job.ts'
import { emit, type LiveJob } from './live-job.ts'
import { canHandOver } from './sealed-answer.ts'
import { setSealedKeys } from './sealed-links.ts'
import { canOthersGoOn } from './sealed-supply.ts'

type Welcome = Extract<DownFrame, { type: 'welcome' }>

/** A runner's link stands: its jobs go on where they were, and waiting ones may begin. */
export function linkUp(desk: Desk, facts: LinkFacts, jobs: Hello['jobs']): Welcome {
  const link: Link = {
    facts,
    price: priceOf(facts.ask),
    shelves: shelvesOf(facts),
    leased: new Set<LiveJob>(),
    sealedKeys: [],
    admission: { last: Promise.resolve(), sinceMs: [] },
    strikes: desk.strikes.get(facts.runnerId) ?? 0,
    closed: false,
    leaving: false,
  }
  desk.links.set(facts.linkId, link)
  const welcome: Welcome = { type: 'welcome', leaseMs: desk.deps.bounds.leaseMs, resume: [], drop: [] }
  for (const { jobId, attempt } of jobs) {
    const live = desk.jobs.get(jobId)
    const current = live?.current
    if (!live || current?.runnerId !== facts.runnerId || current.number !== attempt || live.ending) {
      welcome.drop.push({ jobId, attempt })
      continue
    }
    current.linkId = facts.linkId
    link.leased.add(live)
    const place = desk.waiting.indexOf(live)
    if (place >= 0) desk.waiting.splice(place, 1)
    setJobTimer(desk, live, desk.deps.bounds.betweenDeltasMs, () => failAttempt(desk, live, 'timed-out'))
    welcome.resume.push({ jobId, attempt, fromSeq: current.nextSeq })
  }
  abandonForgotten(desk, facts, jobs)
  refreshLink(desk, link)
  return welcome
}

/** The owner says whose jobs a runner takes. Its links obey at once; what they have they finish. */
export function setAudience(
  desk: Desk,
  runnerId: string,
  { audience, groupId }: RunnerAudience,
): readonly Link[] {
  const links = [...desk.links.values()].filter(({ facts }) => facts.runnerId === runnerId)
  for (const link of links) {
    const { groupId: _, ...facts } = link.facts
    link.facts = { ...facts, audience, ...(groupId === undefined ? {} : { groupId }) }
    link.shelves = shelvesOf(link.facts)
    refreshLink(desk, link)
  }
  pump(desk)
  return links
}

/** A link's owner set its price; undefined: it has its own again. Jobs that it has keep theirs, the next has this one. */
export function repriceLink(desk: Desk, link: Link, ask: Ask | undefined): void {
  link.facts = { ...link.facts, ask: ask ?? link.facts.ownAsk }
  link.price = priceOf(link.facts.ask)
  refreshLink(desk, link)
}

function priceOf({ input, output }: Ask): Price {
  return { input: nano(BigInt(input)), output: nano(BigInt(output)) }
}

/** A link is gone. Its jobs wait for the runner to come back, shortly while another runner is free. */
export function linkDown(desk: Desk, linkId: string): void {
  const link = desk.links.get(linkId)
  if (!link) return
  desk.links.delete(linkId)
  rememberStrikes(desk, link)
  setSealedKeys(desk, link, [])
  desk.book.forget(linkId)
  for (const live of link.leased) {
    if (live.ending) continue
    if (live.stopping) handOver(desk, live, 'runner-lost')
    else waitForRunner(desk, live)
  }
}

/** A runner broke the rules of the wire: its jobs go to others at once. */
export function linkBroken(desk: Desk, linkId: string): void {
  const link = desk.links.get(linkId)
  for (const live of link ? [...link.leased] : []) failAttempt(desk, live, 'engine-failed')
  linkDown(desk, linkId)
}

function rememberStrikes({ strikes, deps }: Desk, { facts, strikes: faults }: Link): void {
  strikes.delete(facts.runnerId)
  if (faults > 0) strikes.set(facts.runnerId, faults)
  const [oldest] = strikes.keys()
  if (strikes.size > deps.bounds.strikesMax && oldest !== undefined) strikes.delete(oldest)
}

function waitForRunner(desk: Desk, live: LiveJob): void {
  const { bounds } = desk.deps
  emit(live, { type: 'pause' })
  setJobTimer(desk, live, bounds.resumeGraceMs, () => {
    // From here on whoever is free may go on with it; until the lease ends its own runner may, too.
    if (canHandOver(live)) desk.waiting.unshift(live)
    else if (canOthersGoOn(desk, live)) return loseRunner(desk, live)
    setJobTimer(desk, live, bounds.leaseMs - bounds.resumeGraceMs, () => loseRunner(desk, live))
    pump(desk)
  })
}

/** Nobody waits for the runner any longer. */
function loseRunner(desk: Desk, live: LiveJob): void {
  const place = desk.waiting.indexOf(live)
  if (place >= 0) desk.waiting.splice(place, 1)
  if (live.current) live.failedRunners.add(live.current.runnerId)
  dropCurrent(desk, live)
  handOver(desk, live, 'runner-lost')
}

/** The runner came back without a job that it had: a restart. Nobody waits for it any longer. */
function abandonForgotten(desk: Desk, { runnerId, linkId }: LinkFacts, jobs: Hello['jobs']): void {
  for (const live of desk.jobs.values()) {
    const current = live.current
    if (current?.runnerId !== runnerId || current.linkId === linkId || desk.links.has(current.linkId))
      continue
    if (jobs.some((job) => job.jobId === live.job.jobId && job.attempt === current.number)) continue
    const place = desk.waiting.indexOf(live)
    if (place >= 0) desk.waiting.splice(place, 1)
    dropCurrent(desk, live)
    handOver(desk, live, 'runner-lost')
  }
}
