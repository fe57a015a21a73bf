import { type CarriedRequest, doWork, type SealedWork } from './sealed-work.ts'

/** The measured work in a page: gives the time of it, ms. */
async function measure(work: SealedWork, times: number, carried: CarriedRequest): Promise<number> {
  const began = performance.now()
  await doWork(work, times, carried)
  return performance.now() - began
}

Object.assign(globalThis, { measureSealedWork: measure })
