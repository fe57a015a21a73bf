// @ts-check
// The development wallet: a TON Connect JS bridge at window.sharnaqaDev.tonconnect. Include it before the page's own
// scripts: <script src="http://127.0.0.1:8082/wallet.js"></script>. The local TON that serves it holds the key.
;(() => {
  const root = new URL(/** @type {HTMLScriptElement} */ (document.currentScript).src).origin
  const NETWORK = '-3'
  const KEY = 'sharnaqa-dev-wallet' // in the page's storage: '1' while the page is connected
  const UNKNOWN_ERROR = 0
  const BAD_REQUEST = 1
  const MANIFEST_NOT_FOUND = 2
  const MANIFEST_CONTENT = 3
  const UNKNOWN_APP = 100
  const USER_REJECTS = 300
  const NOT_SUPPORTED = 400
  const features = ['SendTransaction', { name: 'SendTransaction', maxMessages: 255 }]
  const deviceInfo = {
    platform: 'browser',
    appName: 'sharnaqaDev',
    appVersion: '1.0.0',
    maxProtocolVersion: 2,
    features,
  }
  const walletInfo = {
    name: 'Development wallet',
    app_name: 'sharnaqaDev',
    image: `${root}/mark.svg`,
    about_url: root,
    platforms: ['chrome', 'firefox', 'safari', 'linux', 'macos', 'windows', 'ios', 'android'],
    features,
  }

  /** @type {Set<(event: object) => void>} */
  const listeners = new Set()
  let eventId = 0

  /** What the bridge refuses with, and why. */
  class WalletError extends Error {
    /** @param {number} code @param {string} message */
    constructor(code, message) {
      super(message)
      this.code = code
    }
  }

  /** Asks the local TON. @param {string} path @param {object} [body] */
  async function ask(path, body) {
    /** @type {RequestInit} */
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const response = await fetch(`${root}/wallet/${path}`, body ? post : undefined).catch(() => undefined)
    if (!response?.ok) throw new WalletError(UNKNOWN_ERROR, 'The local TON does not answer. Is it running?')
    const answer = await response.json()
    if (answer.ok === false) throw new WalletError(answer.code, answer.message)
    return answer
  }

  /** Real wallets fetch the manifest before they ask anybody. @param {string} url */
  async function checkManifest(url) {
    const response = await fetch(url).catch(() => undefined)
    if (!response?.ok) throw new WalletError(MANIFEST_NOT_FOUND, `The manifest cannot be read: ${url}`)
    const manifest = await response.json().catch(() => ({}))
    for (const field of ['url', 'name', 'iconUrl']) {
      if (typeof manifest[field] !== 'string') {
        throw new WalletError(MANIFEST_CONTENT, `The manifest has no ${field}.`)
      }
    }
    return manifest
  }

  async function addressItem() {
    const { address, network, walletStateInit, publicKey } = await ask('account')
    return { name: 'ton_addr', address, network, walletStateInit, publicKey }
  }

  /** @param {{ name: string, payload?: string }} item */
  async function replyTo(item) {
    if (item.name === 'ton_addr') return addressItem()
    if (item.name === 'ton_proof') {
      const { proof } = await ask('proof', { domain: location.host, payload: item.payload })
      return { name: 'ton_proof', proof }
    }
    return { name: item.name, error: { code: NOT_SUPPORTED, message: 'The wallet does not know this item.' } }
  }

  /** @param {unknown} error */
  function connectError(error) {
    const { code, message } = toWalletError(error)
    return { event: 'connect_error', id: eventId++, payload: { code, message } }
  }

  /** @param {unknown} error */
  function toWalletError(error) {
    if (error instanceof WalletError) return error
    return new WalletError(UNKNOWN_ERROR, error instanceof Error ? error.message : 'Something went wrong.')
  }

  const tonconnect = {
    deviceInfo,
    walletInfo,
    protocolVersion: 2,
    isWalletBrowser: false,

    /** @param {number} protocolVersion @param {{ manifestUrl: string, items: any[] }} message */
    async connect(protocolVersion, message) {
      try {
        if (protocolVersion > 2)
          throw new WalletError(BAD_REQUEST, 'The wallet knows version 2 of TON Connect.')
        const items = Array.isArray(message?.items) ? message.items : []
        const wanted = items.find(({ name }) => name === 'ton_addr')
        if (!wanted) throw new WalletError(BAD_REQUEST, 'The page asks for no address.')
        if (wanted.network !== undefined && wanted.network !== NETWORK) {
          throw new WalletError(BAD_REQUEST, `This wallet is on the test network (${NETWORK}).`)
        }
        const manifest = await checkManifest(message.manifestUrl)
        const proves = items.some(({ name }) => name === 'ton_proof')
        const confirmed = await bridge.confirm({
          title: `Connect to ${manifest.name}?`,
          lines: [
            `${location.host} will see your address and balance.`,
            ...(proves ? ['You sign a proof that this wallet is yours. No coins move.'] : []),
          ],
        })
        if (!confirmed) throw new WalletError(USER_REJECTS, 'The person said no.')
        const replies = []
        for (const item of items) replies.push(await replyTo(item))
        localStorage.setItem(KEY, '1')
        return { event: 'connect', id: eventId++, payload: { items: replies, device: deviceInfo } }
      } catch (error) {
        return connectError(error)
      }
    },

    async restoreConnection() {
      try {
        if (!localStorage.getItem(KEY)) throw new WalletError(UNKNOWN_APP, 'This page is not connected.')
        return {
          event: 'connect',
          id: eventId++,
          payload: { items: [await addressItem()], device: deviceInfo },
        }
      } catch (error) {
        return connectError(error)
      }
    },

    /** @param {{ method: string, params: string[], id: string }} request */
    async send({ method, params, id }) {
      try {
        if (!localStorage.getItem(KEY)) throw new WalletError(UNKNOWN_APP, 'This page is not connected.')
        if (method === 'disconnect') {
          localStorage.removeItem(KEY)
          return { id, result: {} }
        }
        if (method !== 'sendTransaction') {
          throw new WalletError(NOT_SUPPORTED, `The development wallet does not do ${method}.`)
        }
        return { id, result: await sendTransaction(params[0] ?? '') }
      } catch (error) {
        const { code, message } = toWalletError(error)
        return { id, error: { code, message } }
      }
    },

    /** @param {(event: object) => void} callback */
    listen(callback) {
      listeners.add(callback)
      return () => void listeners.delete(callback)
    },

    disconnect() {
      localStorage.removeItem(KEY)
    },
  }

  /** @param {string} text the request as JSON; answers the sent message as a base64 BOC */
  async function sendTransaction(text) {
    let request
    try {
      request = JSON.parse(text)
    } catch {
      throw new WalletError(BAD_REQUEST, 'The request is not JSON.')
    }
    const { preview } = await ask('preview', request)
    const lines = preview.messages.slice(0, 4).map(
      /** @param {{ to: string, amount: string, comment: string | null }} message */
      ({ to, amount, comment }) => `${ton(amount)} to ${short(to)}${comment ? ` with “${comment}”` : ''}`,
    )
    const more = preview.messages.length - lines.length
    const confirmed = await bridge.confirm({
      title: `Send ${ton(preview.total)}?`,
      lines: [...lines, ...(more > 0 ? [`and ${more} more messages`] : []), 'Network fees come on top.'],
    })
    if (!confirmed) throw new WalletError(USER_REJECTS, 'The person said no.')
    const { boc } = await ask('send', request)
    return boc
  }

  /** Nano to TON, all digits. @param {string} nano */
  function ton(nano) {
    const digits = nano.padStart(10, '0')
    const decimals = digits.slice(-9).replace(/0+$/, '')
    return `${digits.slice(0, -9)}${decimals ? `.${decimals}` : ''} TON`
  }

  /** @param {string} address */
  function short(address) {
    return `${address.slice(0, 6)}…${address.slice(-6)}`
  }

  const STYLE = `
    :host { all: initial; }
    dialog { box-sizing: border-box; width: min(420px, 100vw); max-width: none; margin: auto auto 0; padding: 24px;
      border: 0; border-radius: 22px 22px 0 0; color: #0b0c0e; background: #fff;
      font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", sans-serif; }
    dialog::backdrop { background: #00000080; }
    .kicker { margin: 0; font-size: 13px; color: #5d646c; }
    h2 { margin: 4px 0 12px; font-size: 17px; font-weight: 600; overflow-wrap: anywhere; }
    p { margin: 4px 0; overflow-wrap: anywhere; }
    .buttons { display: flex; gap: 12px; margin-top: 24px; }
    button { flex: 1; min-height: 48px; font: inherit; border: 0; border-radius: 10px; cursor: pointer;
      color: #fff; background: #2278be; }
    button.reject { color: #0b0c0e; background: #eef0f4; }
    button:focus-visible { outline: 2px solid #1f6ca8; outline-offset: 2px; }
    @media (min-width: 600px) { dialog { margin: auto; border-radius: 22px; } }
    @media (prefers-color-scheme: dark) {
      dialog { color: #f3f5f7; background: #17212b; }
      .kicker { color: #8fa0b2; }
      button { background: #2a72af; }
      button.reject { color: #f3f5f7; background: #2a3642; }
    }`

  /** One sheet after another. @type {Promise<unknown>} */
  let turn = Promise.resolve()

  /**
   * Asks the person in a sheet over the page. Escape means no.
   * @param {{ title: string, lines: string[] }} question
   * @returns {Promise<boolean>}
   */
  function confirmInSheet(question) {
    const mine = turn.then(() => openSheet(question))
    turn = mine.catch(() => undefined) // whoever asked hears it
    return mine
  }

  /** @param {{ title: string, lines: string[] }} question */
  function openSheet({ title, lines }) {
    const host = document.createElement('div')
    host.id = 'sharnaqa-dev-wallet'
    const shadow = host.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet() // not an inline style: the page may forbid those
    sheet.replaceSync(STYLE)
    shadow.adoptedStyleSheets = [sheet]
    const dialog = document.createElement('dialog')
    dialog.setAttribute('aria-labelledby', 'title')
    dialog.append(
      element('p', 'Development wallet · coins without worth', 'kicker'),
      Object.assign(element('h2', title), { id: 'title' }),
      ...lines.map((line) => element('p', line)),
    )
    const buttons = element('div', '', 'buttons')
    const reject = element('button', 'Reject', 'reject')
    const confirm = element('button', 'Confirm')
    reject.dataset.testid = 'wallet-reject'
    confirm.dataset.testid = 'wallet-confirm'
    buttons.append(reject, confirm)
    dialog.append(buttons)
    shadow.append(dialog)
    document.body.append(host)
    return new Promise((resolve) => {
      const close = (/** @type {boolean} */ answer) => {
        host.remove()
        resolve(answer)
      }
      reject.addEventListener('click', () => close(false))
      confirm.addEventListener('click', () => close(true))
      dialog.addEventListener('cancel', () => close(false))
      dialog.showModal()
      confirm.focus()
    })
  }

  /** @param {string} name @param {string} text @param {string} [className] */
  function element(name, text, className) {
    const made = document.createElement(name)
    made.textContent = text
    made.dir = 'auto'
    if (className) made.className = className
    return made
  }

  const bridge = {
    tonconnect,
    /** How the person is asked; a test may put its own answer here. */
    confirm: confirmInSheet,
    /** Ends the connection from the wallet's side, as a person does in a wallet's settings. */
    forget() {
      localStorage.removeItem(KEY)
      for (const listener of listeners) listener({ event: 'disconnect', id: eventId++, payload: {} })
    },
  }
  Object.assign(window, { sharnaqaDev: bridge })
})()
