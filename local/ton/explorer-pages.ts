import { Address, fromNano, type Message } from '@ton/core'
import { html } from 'hono/html'
import type { LoggedTransaction } from './chain-log.ts'
import { commentOf, messageHash } from './message-hash.ts'
import { FAUCET, type SandboxChain } from './sandbox-chain.ts'
import { hashOf, outMessagesOf } from './to-chain-transaction.ts'

/** What every page looks at: the chain, and the development wallet's raw address. */
export type View = { readonly chain: SandboxChain; readonly wallet: string }

type Html = ReturnType<typeof html>

const NEWEST_MAX = 50
const OUT_MESSAGES_MAX = 300

export async function homePage(view: View): Promise<string> {
  const { chain, wallet } = view
  const newest = chain.allTransactions().slice(-NEWEST_MAX).toReversed()
  const count = chain.allTransactions().length
  return layout({
    title: 'Local TON',
    body: html`
      <p class="lead">A TON network on this machine. Its coins are worth nothing.
        The <a href="/address/${wallet}">development wallet</a> confirms for you in the Mini App.</p>
      <dl class="facts" data-live>
        <div><dt>Time of the chain</dt><dd>${timeOf(chain.nowS())}</dd></div>
        <div><dt>Transactions so far</dt><dd>${count}</dd></div>
      </dl>
      <h2>Newest transactions</h2>
      <section data-live>${transactionList(view, newest)}</section>`,
  })
}

export async function addressPage(view: View, address: Address): Promise<string> {
  const raw = address.toRawString()
  const { balance, state } = await view.chain.account(raw)
  const own = view.chain
    .allTransactions()
    .filter(({ account }) => account === raw)
    .slice(-NEWEST_MAX)
    .toReversed()
  const words = { active: 'Active contract', uninitialized: 'No contract yet', frozen: 'Frozen' }
  return layout({
    title: nameOf(view, raw) ?? shortOf(address),
    body: html`
      <h1>${nameOf(view, raw) ?? 'Address'}</h1>
      ${copyLine('To pay', friendlyOf(address, false))}
      ${copyLine('Bounceable', friendlyOf(address, true))}
      ${copyLine('Raw', raw)}
      <section data-live>
        <p class="amount">${ton(balance)}</p>
        <p class="hint">${words[state]}</p>
      </section>
      <form class="faucet" data-faucet="${raw}">
        <label for="amount">TON from the faucet</label>
        <input id="amount" name="amount" inputmode="decimal" value="10" required autocomplete="off" />
        <button type="submit">Get coins</button>
        <p class="hint" role="status" data-faucet-status></p>
      </form>
      <h2>Transactions</h2>
      <section data-live>${transactionList(view, own, raw)}</section>`,
  })
}

export async function transactionPage(view: View, entry: LoggedTransaction): Promise<string> {
  const { transaction, account, lt, hash, seqno } = entry
  const { description, totalFees } = transaction
  const compute = description.type === 'generic' ? description.computePhase : undefined
  const storage = description.type === 'generic' ? description.storagePhase?.storageFeesCollected : undefined
  const out = outMessagesOf(transaction)
  return layout({
    title: `Transaction ${lt}`,
    body: html`
      <h1>Transaction</h1>
      <dl class="facts">
        <div><dt>Account</dt><dd>${addressLink(view, Address.parse(account))}</dd></div>
        <div><dt>When</dt><dd>${timeOf(transaction.now)}</dd></div>
        <div><dt>Logical time</dt><dd>${lt}</dd></div>
        <div><dt>Block</dt><dd>${seqno}</dd></div>
        <div><dt>Result</dt><dd>${resultOf(entry)}</dd></div>
        <div><dt>Fees</dt><dd>${ton(totalFees.coins)}</dd></div>
        ${compute?.type === 'vm' ? html`<div><dt>Gas</dt><dd>${compute.gasUsed}</dd></div>` : ''}
        ${storage ? html`<div><dt>of it storage</dt><dd>${ton(storage)}</dd></div>` : ''}
      </dl>
      ${copyLine('Hash', hash)}
      ${
        transaction.prevTransactionLt === 0n
          ? html`<p class="hint">The account's first transaction.</p>`
          : html`<p><a href="/tx/${transaction.prevTransactionLt}:${hashOf(transaction.prevTransactionHash)}">The account's transaction before this one</a></p>`
      }
      <h2>Message in</h2>
      ${transaction.inMessage ? messageCard(view, transaction.inMessage) : html`<p class="empty">None.</p>`}
      <h2>Messages out${out.length ? ` (${out.length})` : ''}</h2>
      ${
        out.length
          ? out.slice(0, OUT_MESSAGES_MAX).map((message) => messageCard(view, message))
          : html`<p class="empty">It sent nothing on.</p>`
      }`,
  })
}

export async function notFoundPage(_view: View, text: string): Promise<string> {
  return layout({
    title: 'Not found',
    body: html`
      <h1>Not found</h1>
      <p>Nothing here is called <q class="wrap">${text}</q>.</p>
      <p class="hint">Search takes an address in any form, a hash of a transaction or a message, or a logical time.</p>
      <p><a href="/">To the newest transactions</a></p>`,
  })
}

function transactionList(view: View, entries: readonly LoggedTransaction[], account?: string): Html {
  if (!entries.length) {
    return html`<p class="empty">Nothing has happened ${account ? 'at this address' : 'on this chain'} yet.
      ${account ? 'Get coins from the faucet to begin.' : 'Open an address and get coins from its faucet.'}</p>`
  }
  return html`<ol class="list">${entries.map((entry) => transactionRow(view, entry))}</ol>`
}

function transactionRow(view: View, entry: LoggedTransaction): Html {
  const { transaction, account, lt, hash } = entry
  const { inMessage } = transaction
  const out = outMessagesOf(transaction)
  const own = Address.parse(account)
  const isInternal = inMessage?.info.type === 'internal'
  const one = isInternal ? inMessage : out.length === 1 ? out[0] : undefined
  const value = isInternal && inMessage.info.type === 'internal' ? inMessage.info.value.coins : sumOf(out)
  const text = one ? commentOf(one.body) : undefined
  return html`<li>
    <a class="row" href="/tx/${lt}:${hash}">
      <span class="kind">${isInternal ? 'Received' : 'Signed'}</span>
      <span class="time">${timeOf(transaction.now)}</span>
      <span class="value ${isInternal ? 'in' : 'out'}">${ton(value)}</span>
    </a>
    <p class="who">${
      isInternal && inMessage.info.type === 'internal'
        ? html`${addressLink(view, inMessage.info.src)} <span aria-label="to">→</span> ${addressLink(view, own)}`
        : html`${addressLink(view, own)} <span aria-label="to">→</span> ${
            out.length === 1 && out[0]?.info.dest instanceof Address
              ? addressLink(view, out[0].info.dest)
              : `${out.length} messages`
          }`
    }</p>
    ${text ? html`<p class="comment" dir="auto">${text}</p>` : ''}
    <p class="hint">${resultOf(entry)} · fees ${ton(transaction.totalFees.coins)}</p>
  </li>`
}

function messageCard(view: View, message: Message): Html {
  const { info, body } = message
  const text = commentOf(body)
  return html`<article class="card">
    <dl class="facts">
      <div><dt>From</dt><dd>${info.type === 'external-in' ? 'outside the chain' : addressLink(view, info.src)}</dd></div>
      <div><dt>To</dt><dd>${info.type === 'external-out' ? 'outside the chain' : addressLink(view, info.dest)}</dd></div>
      ${
        info.type === 'internal'
          ? html`<div><dt>Value</dt><dd>${ton(info.value.coins)}</dd></div>
              <div><dt>Forwarding</dt><dd>${ton(info.forwardFee + info.ihrFee)}</dd></div>
              ${info.bounced ? html`<div><dt>Bounced</dt><dd>yes</dd></div>` : ''}`
          : ''
      }
    </dl>
    ${
      text
        ? html`<p class="comment" dir="auto">${text}</p>`
        : body.bits.length || body.refs.length
          ? html`<details><summary>Body, ${body.bits.length} bits</summary><pre>${body.toString()}</pre></details>`
          : html`<p class="hint">No text.</p>`
    }
    ${copyLine('Hash', messageHash(message))}
  </article>`
}

function resultOf({ transaction: { description } }: LoggedTransaction): string {
  if (description.type !== 'generic') return 'Done'
  const { computePhase, actionPhase, aborted } = description
  if (computePhase.type === 'skipped') {
    return computePhase.reason === 'no-state'
      ? 'Kept: there is no contract yet'
      : `Skipped: ${computePhase.reason}`
  }
  if (!computePhase.success) return `Failed with exit code ${computePhase.exitCode}`
  if (actionPhase?.skippedActions) return `Done, but ${actionPhase.skippedActions} messages were left out`
  return aborted ? `Failed with result ${actionPhase?.resultCode ?? ''}` : 'Done'
}

function sumOf(messages: readonly Message[]): bigint {
  return messages.reduce((sum, { info }) => (info.type === 'internal' ? sum + info.value.coins : sum), 0n)
}

function ton(nano: bigint): Html {
  return html`<bdi dir="ltr" title="${nano} nano">${fromNano(nano)} TON</bdi>`
}

function timeOf(atS: number): Html {
  const iso = new Date(atS * 1000).toISOString()
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`
}

function addressLink(view: View, address: Address): Html {
  const raw = address.toRawString()
  return html`<a href="/address/${raw}" title="${raw}">${nameOf(view, raw) ?? shortOf(address)}</a>`
}

function nameOf({ wallet }: View, raw: string): string | undefined {
  if (raw === FAUCET) return 'Faucet'
  return raw === wallet ? 'Development wallet' : undefined
}

function shortOf(address: Address): string {
  const text = friendlyOf(address, false)
  return `${text.slice(0, 6)}…${text.slice(-6)}`
}

function friendlyOf(address: Address, bounceable: boolean): string {
  return address.toString({ testOnly: true, bounceable })
}

function copyLine(label: string, text: string): Html {
  return html`<p class="copy"><span class="hint">${label}</span> <code class="wrap">${text}</code>
    <button type="button" class="quiet" data-copy="${text}" aria-label="Copy: ${label}">Copy</button></p>`
}

async function layout({ title, body }: { title: string; body: Html }): Promise<string> {
  return String(
    await html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    <link rel="icon" href="/mark.svg" />
    <link rel="stylesheet" href="/explorer.css" />
    <script type="module" src="/explorer.js"></script>
  </head>
  <body>
    <a class="skip" href="#main">Skip to the content</a>
    <header>
      <a class="brand" href="/"><img src="/mark.svg" alt="" width="28" height="28" /> Local TON</a>
      <form action="/search" role="search">
        <label class="visually-hidden" for="q">Address, hash or logical time</label>
        <input id="q" name="q" type="search" placeholder="Address, hash or logical time" autocomplete="off" spellcheck="false" />
        <button type="submit">Search</button>
      </form>
    </header>
    <main id="main">${body}</main>
    <footer class="hint">A stand-in for TON on this machine. Nothing leaves it.</footer>
  </body>
</html>`,
  )
}
