import { createDesk, type Desk, type DispatchDeps } from './desk.ts'
import { pump } from './lease-job.ts'

/** Opens a desk whose freed slots go to whoever waits. */
export function openDesk(deps: DispatchDeps): Desk {
  const desk: Desk = createDesk(deps, () => pump(desk))
  return desk
}
