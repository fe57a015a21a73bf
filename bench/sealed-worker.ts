import { type CarriedRequest, doWork, type SealedWork } from './sealed-work.ts'

type Order = { readonly work: SealedWork; readonly times: number; readonly carried: CarriedRequest }

/** The measured work in workerd. Its clock stands still while it computes: whoever asks takes the time. */
export const worker = {
  async fetch(request: Request): Promise<Response> {
    const { work, times, carried } = (await request.json()) as Order
    await doWork(work, times, carried)
    return new Response('done')
  },
}
