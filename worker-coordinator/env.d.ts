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
    /** A page of the chain: `<url>/tx/<lt>:<hash>`, `<url>/address/<address>`. */
    TON_EXPLORER_URL?: string
    /** A list of wallets in TON Connect's form, instead of the public one. */
    TON_WALLETS_LIST_URL?: string
    /** A script that brings a wallet into the page; never given out on the main network. */
    TON_WALLET_SCRIPT_URL?: string
    /** The operator's own TON wallets, divided by commas: what comes from them is float, nobody's deposit. */
    TON_OPERATOR_ADDRESSES?: string
    /** How long earnings accrue before they can be paid out, in s; a day where it is not set. */
    EARNINGS_MATURE_S?: string
    /** From which amount on earnings are paid out by themselves, the least that can be ordered, and its fee: nano. */
    PAYOUT_AUTOMATIC_NANO?: string
    PAYOUT_MINIMUM_NANO?: string
    PAYOUT_FEE_NANO?: string
    /** What one Telegram Star buys, nano. */
    STAR_NANO?: string
    /** Whom people write to about payments, such as `@name`. */
    SUPPORT_CONTACT?: string
    /** Who is told of what only the operator can mend. */
    OPERATOR_TELEGRAM_ID?: string
    /** 32 bytes in hex, the seed of the hot wallet's key. Absent: no deposits, no payouts. */
    TON_SEED?: string
    TELEGRAM_WEBHOOK_SECRET?: string
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[]
  }
  interface GlobalProps {
    mainModule: typeof import('./src/index.ts')
  }
}
