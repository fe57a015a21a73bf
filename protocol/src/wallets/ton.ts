import { z } from 'zod'

/** `GET /v1/ton`: what the Mini App needs to meet wallets. */
export const tonSchema = z.object({
  /** `-239` the main network, `-3` the test network. */
  network: z.string(),
  /** Shows `<url>/tx/<lt>:<hash>` and `<url>/address/<address>`; null: none is known. */
  explorer_url: z.string().nullable(),
  /** A list of wallets in TON Connect's form; null: the public one. */
  wallets_list_url: z.string().nullable(),
  /** A script that brings a wallet into the page; null on the main network. */
  wallet_script_url: z.string().nullable(),
})
export type TonJson = z.infer<typeof tonSchema>
