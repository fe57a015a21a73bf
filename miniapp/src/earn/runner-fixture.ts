import type { FleetRunnerJson } from '../../../protocol/src/miniapp/runners.ts'

/** A runner for tests: online, active, serving one model, without any earnings. */
export function makeRunner(given: Partial<FleetRunnerJson>): FleetRunnerJson {
  return {
    id: 'run_1',
    name: 'Living room',
    state: 'active',
    online: true,
    models: [makeServed({})],
    device: 'RTX 4090',
    region: 'EU',
    audience: 'everyone',
    group_id: null,
    earned_nano: '0',
    today_nano: '0',
    days_7_nano: '0',
    days_30_nano: '0',
    accruing_nano: '0',
    jobs_today: 0,
    created_at_ms: 0,
    last_seen_at_ms: 0,
    ...given,
  }
}

export function makeServed(
  given: Partial<FleetRunnerJson['models'][number]>,
): FleetRunnerJson['models'][number] {
  return {
    id: 'silkworm',
    slots: 4,
    running: 0,
    tokens_per_second: 80,
    ask: { input: '20000000', output: '60000000' },
    ask_by: 'runner',
    ...given,
  }
}
