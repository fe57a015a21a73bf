declare namespace Cloudflare {
  interface Env {
    DB: D1Database
    ASSETS: Fetcher
    /** One object per model and shard: the runners' links, the live side of the queue, the running jobs. */
    DISPATCH: DurableObjectNamespace<import('./src/dispatch/dispatch-object.ts').DispatchObject>
    /** One object per Telegram chat and topic. */
    CONVERSATION: DurableObjectNamespace<
      import('./src/conversations/conversation-object.ts').ConversationObject
    >
    /** One object, `hot`: deposits and payouts of the hot wallet. */
    TREASURY: DurableObjectNamespace<import('./src/treasury/treasury-object.ts').TreasuryObject>
    WELCOME_CREDIT_NANO: string
    COMMISSION_BPS: string
    TELEGRAM_API_ROOT: string
    OPEN_CATALOG: string
    /** The address that people and runners use; absent: the address of the request. */
    PUBLIC_URL?: string
    /** Secret of the sessions' signatures, at least 32 characters. */
    SESSION_KEY?: string
    BOT_TOKEN?: string
    /** `-239` the main network, `-3` the test network: as wallets say it. */
    TON_NETWORK: string
    /** A toncenter-compatible API, without a slash at its end. */
    TONCENTER_URL: string
    TONCENTER_API_KEY?: string
    /** 32 bytes in hex, the seed of the hot wallet's key. Absent: no deposits, no payouts. */
    TON_SEED?: string
    TELEGRAM_WEBHOOK_SECRET?: string
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[]
  }
  interface GlobalProps {
    mainModule: typeof import('./src/index.ts')
  }
}
