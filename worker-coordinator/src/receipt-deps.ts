import { readJob } from './jobs/job-store.ts'
import { connectDb } from './ledger/ledger-store.ts'
import { logToConsole } from './platform/log.ts'
import { buildReceiptDay } from './receipts/build-receipt-day.ts'
import { readJobProof } from './receipts/read-job-proof.ts'
import {
  findNextDay,
  findReceiptDay,
  insertChunks,
  listChunks,
  listReceiptDays,
  readChunk,
  readJobsPage,
} from './receipts/receipt-store.ts'
import { makeDirectoryKey } from './sealed/directory-key.ts'

/** The functions of the daily trees of receipts: what routes read of them, and what a clock builds, each minute. */
export function createReceiptDeps(env: Cloudflare.Env) {
  const db = connectDb(env.DB)
  const nowMs = Date.now
  return {
    listReceiptDays: () => listReceiptDays(db),
    findReceiptDay: (day: number) => findReceiptDay(db, day),
    readJobProof: (own: { jobId: string; accountId: number }) =>
      readJobProof(
        {
          nowMs,
          readJob: (jobId, accountId) => readJob(db, jobId, accountId),
          findDay: (day) => findReceiptDay(db, day),
          listChunks: (day) => listChunks(db, day),
          readChunk: (range) => readChunk(db, range),
        },
        own,
      ),
    buildReceiptDay: () =>
      buildReceiptDay({
        nowMs,
        log: logToConsole,
        findNextDay: () => findNextDay(db),
        listChunks: (day) => listChunks(db, day),
        readJobs: (range) => readJobsPage(db, range),
        insertChunks: (day, chunks, whole) => insertChunks(db, day, chunks, whole),
        signer: () => makeDirectoryKey(env.SESSION_KEY),
      }),
  }
}
