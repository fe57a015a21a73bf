import { Hono } from 'hono'
import { telegramRoute } from '../../bot/src/telegram-route.ts'
import { type AboutRouteDeps, aboutRoute } from './about/about-route.ts'
import { type AccountDataRouteDeps, accountDataRoute } from './accounts/account-data-route.ts'
import { type AccountsRouteDeps, accountsRoute } from './accounts/accounts-route.ts'
import { type BillingRouteDeps, billingRoute } from './billing/billing-route.ts'
import { type PayoutsRouteDeps, payoutsRoute } from './billing/payouts-route.ts'
import { type DepositSeenRouteDeps, depositSeenRoute } from './deposits/deposit-seen-route.ts'
import { type LinkRouteDeps, linkRoute } from './dispatch/link-route.ts'
import { type EscrowRouteDeps, escrowRoute } from './escrow/escrow-route.ts'
import { type GroupsRouteDeps, groupsRoute } from './groups/groups-route.ts'
import { type JobsRouteDeps, jobsRoute } from './jobs/jobs-route.ts'
import { type RequestLogRouteDeps, requestLogRoute } from './jobs/request-log-route.ts'
import { type ChoicesRouteDeps, choicesRoute } from './models/choices-route.ts'
import { type LiveNetworkRouteDeps, liveNetworkRoute } from './network/live-network-route.ts'
import { type NetworkRouteDeps, networkRoute } from './network/network-route.ts'
import type { OpenAiDeps } from './openai-api/openai-deps.ts'
import { createOpenAiApi } from './openai-api/openai-route.ts'
import { type ReceiptsRouteDeps, receiptsRoute } from './receipts/receipts-route.ts'
import { type ReservesRouteDeps, reservesRoute } from './reserves/reserves-route.ts'
import { type AsksRouteDeps, asksRoute } from './runners/asks-route.ts'
import { type FleetRouteDeps, fleetRoute } from './runners/fleet-route.ts'
import { type ForecastRouteDeps, forecastRoute } from './runners/forecast-route.ts'
import { type PairingProgressRouteDeps, pairingProgressRoute } from './runners/pairing-progress-route.ts'
import { type RunnersRouteDeps, runnersRoute } from './runners/runners-route.ts'
import { type DirectoryRouteDeps, directoryRoute } from './sealed/directory-route.ts'
import { type PolicyRouteDeps, policyRoute } from './sealed/policy-route.ts'
import { type SealedChatDeps, sealedChatRoute } from './sealed/sealed-chat-route.ts'
import { type TonConnectRouteDeps, tonConnectRoute } from './ton-connect/ton-connect-route.ts'
import { type WalletsRouteDeps, walletsRoute } from './wallets/wallets-route.ts'

export type AppDeps = {
  readonly telegram: Parameters<typeof telegramRoute>[0]
  readonly links: LinkRouteDeps
  readonly about: AboutRouteDeps
  readonly accounts: AccountsRouteDeps
  readonly accountData: AccountDataRouteDeps
  readonly runners: RunnersRouteDeps
  readonly fleet: FleetRouteDeps & AsksRouteDeps & ForecastRouteDeps & PairingProgressRouteDeps
  readonly groups: GroupsRouteDeps
  readonly choices: ChoicesRouteDeps
  readonly jobs: JobsRouteDeps
  readonly requests: RequestLogRouteDeps
  readonly network: NetworkRouteDeps
  readonly liveNetwork: LiveNetworkRouteDeps
  readonly billing: BillingRouteDeps
  readonly payouts: PayoutsRouteDeps
  readonly depositSeen: DepositSeenRouteDeps
  readonly wallets: WalletsRouteDeps
  readonly tonConnect: TonConnectRouteDeps
  readonly escrow: EscrowRouteDeps
  readonly receipts: ReceiptsRouteDeps
  readonly reserves: ReservesRouteDeps
  readonly seals: DirectoryRouteDeps & PolicyRouteDeps
  readonly sealedChat: SealedChatDeps
  readonly openAi: OpenAiDeps
  /** The Mini App's files. */
  readonly fetchAsset: (request: Request) => Promise<Response>
}

/** Mounts every route. The OpenAI API comes last: it answers for all of `/v1` that nothing else took. */
export function createApp(deps: AppDeps): Hono {
  const app = new Hono()
  app.route('/', telegramRoute(deps.telegram))
  app.route('/', linkRoute(deps.links))
  app.route('/', aboutRoute(deps.about))
  app.route('/', accountsRoute(deps.accounts))
  app.route('/', accountDataRoute(deps.accountData))
  app.route('/', runnersRoute(deps.runners))
  app.route('/', fleetRoute(deps.fleet))
  app.route('/', asksRoute(deps.fleet))
  app.route('/', forecastRoute(deps.fleet))
  app.route('/', pairingProgressRoute(deps.fleet))
  app.route('/', groupsRoute(deps.groups))
  app.route('/', choicesRoute(deps.choices))
  app.route('/', jobsRoute(deps.jobs))
  app.route('/', requestLogRoute(deps.requests))
  app.route('/', networkRoute(deps.network))
  app.route('/', liveNetworkRoute(deps.liveNetwork))
  app.route('/', billingRoute(deps.billing))
  app.route('/', payoutsRoute(deps.payouts))
  app.route('/', depositSeenRoute(deps.depositSeen))
  app.route('/', walletsRoute(deps.wallets))
  app.route('/', tonConnectRoute(deps.tonConnect))
  app.route('/', escrowRoute(deps.escrow))
  app.route('/', receiptsRoute(deps.receipts))
  app.route('/', reservesRoute(deps.reserves))
  app.route('/', policyRoute(deps.seals))
  app.route('/', directoryRoute(deps.seals))
  app.route('/', sealedChatRoute(deps.sealedChat))
  app.route('/', createOpenAiApi(deps.openAi))
  // On Cloudflare the Mini App's files are served before the Worker is asked; elsewhere they are asked for here.
  app.notFound((c) => deps.fetchAsset(c.req.raw))
  return app
}
