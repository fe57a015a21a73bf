/*
 * Checks a proof of reserves, in a browser or in Node, with nothing but WebCrypto. It is written apart from the code that
 * makes the proofs, and short, so that whoever wants to trust it can read it. docs/reserves.md has the definitions.
 *
 * It has neither imports nor exports: as a plain script it also runs when the page was saved to a disk, where browsers
 * load no modules. What it offers stands in `globalThis.reservesCheck`.
 */
;(() => {
  const SUM_LIMIT = 1n << 128n
  const LEAVES_MAX = 2 ** 31 - 1
  const PADDING = '0'.repeat(96)

  const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
  const isAmount = (value) => typeof value === 'string' && /^(0|[1-9][0-9]{0,38})$/.test(value)
  const isCount = (value) => Number.isInteger(value) && value >= 0 && value <= LEAVES_MAX
  const isDay = (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)
  const isText = (value) => typeof value === 'string' && value.length <= 200

  const DOCUMENT_FIELDS = {
    version: (value) => value === 1,
    network: (value) => value === '-239' || value === '-3',
    day: isDay,
    root: isHash,
    total: isAmount,
    leaves: isCount,
    hotWallet: (value) => typeof value === 'string' && /^-?[0-9]{1,3}:[0-9a-f]{64}$/.test(value),
    hot: isAmount,
    cold: isAmount,
    scannedLt: (value) => typeof value === 'string' && /^[0-9]{0,20}$/.test(value),
    scannedHash: (value) => value === '' || isHash(value),
    createdAtMs: (value) => Number.isSafeInteger(value) && value >= 0,
    publicKey: (value) => typeof value === 'string' && /^[A-Za-z0-9_-]{43}$/.test(value),
    signature: isText,
  }
  const PATHS_FIELDS = { day: isDay, root: isHash, total: isAmount, leaves: isCount, paths: Array.isArray }
  const PATH_FIELDS = {
    account: isText,
    amount: (value) => typeof value === 'string' && /^-?[0-9]{1,60}$/.test(value),
    salt: isText,
    place: (value) => typeof value === 'number',
    steps: (value) => Array.isArray(value) && value.length <= 64 && value.every((step) => isText(step)),
  }

  /**
   * Reads what was pasted or dropped: a day's signed statement, a person's paths, or neither (`not-json`, `not-ours`, or
   * `bad-field` with the field's name).
   */
  function readProofFile(text) {
    let value
    try {
      value = JSON.parse(text)
    } catch {
      return { kind: 'neither', reason: 'not-json' } // a sentence on the page says so
    }
    const found = isObject(value) && isObject(value.latest) ? value.latest : value
    if (!isObject(found)) return { kind: 'neither', reason: 'not-ours' }
    if ('signature' in found) {
      const field = findBadField(found, DOCUMENT_FIELDS)
      return field ? { kind: 'neither', reason: 'bad-field', field } : { kind: 'document', document: found }
    }
    if (!('paths' in found)) return { kind: 'neither', reason: 'not-ours' }
    const field =
      findBadField(found, PATHS_FIELDS) ??
      found.paths.map((path) => (isObject(path) ? findBadField(path, PATH_FIELDS) : 'paths')).find(Boolean)
    return field ? { kind: 'neither', reason: 'bad-field', field } : { kind: 'paths', paths: found }
  }

  /**
   * Checks a statement by itself. `signature`: `valid`, `invalid`, or `unsupported` by this browser. `missing` is what it
   * says it owes beyond what it says it has.
   */
  async function checkDocument(document) {
    const total = BigInt(document.total)
    const held = BigInt(document.hot) + BigInt(document.cold)
    return {
      signature: await checkSignature(document),
      total,
      held,
      missing: total > held ? total - held : 0n,
    }
  }

  /**
   * Checks a person's paths against a statement. `fault`: `other-day`, `other-tree`, `no-paths`, `repeated`, or undefined;
   * each leaf has its own `reason`, undefined where it holds. `counted` is what holds.
   */
  async function checkPaths(document, person) {
    const { paths } = person
    const fault = findPathsFault(document, person)
    const checked = await Promise.all(
      paths.map(async (path) => ({
        account: path.account,
        amount: BigInt(path.amount),
        reason: await findPathFault(document, path),
      })),
    )
    const counted = checked.reduce((sum, { amount, reason }) => (reason ? sum : sum + amount), 0n)
    return { fault, leaves: checked, counted: fault ? 0n : counted }
  }

  function findPathsFault(document, { day, root, total, leaves, paths }) {
    if (day !== document.day) return 'other-day'
    const same = root === document.root && total === document.total && leaves === document.leaves
    if (!same) return 'other-tree'
    if (paths.length === 0) return 'no-paths'
    const repeats = (of) => new Set(paths.map(of)).size !== paths.length
    return repeats(({ place }) => place) || repeats(({ account }) => account) ? 'repeated' : undefined
  }

  /** Why a leaf is not counted in the statement's tree; undefined when it is. */
  async function findPathFault(document, { account, amount: amountText, salt, place, steps }) {
    const amount = BigInt(amountText)
    if (!/^[\x21-\x7e]{1,128}$/.test(account)) return 'bad-account'
    if (!/^[0-9a-f]{32}$/.test(salt)) return 'bad-salt'
    if (amount < 0n) return 'negative-amount'
    if (amount >= SUM_LIMIT) return 'amount-overflow'
    if (!Number.isSafeInteger(place) || place < 0 || place >= document.leaves) return 'bad-place'
    if (steps.length !== heightOf(document.leaves)) return 'wrong-length'

    const accountHash = await sha256(toHex(new TextEncoder().encode(account)))
    let hash = await sha256(`00${salt}${accountHash}${u128(amount)}`)
    let sum = amount
    let at = place
    let width = document.leaves
    for (const step of steps) {
      if (!/^[0-9a-f]{96}$/.test(step)) return 'bad-step'
      const isLeft = at % 2 === 0
      if (isLeft && at + 1 >= width && step !== PADDING) return 'wrong-padding'
      const node = `${hash}${u128(sum)}`
      sum += BigInt(`0x${step.slice(64)}`)
      if (sum >= SUM_LIMIT) return 'sum-overflow'
      hash = await sha256(isLeft ? `01${node}${step}` : `01${step}${node}`)
      at = Math.floor(at / 2)
      width = Math.ceil(width / 2)
    }
    if (hash !== document.root) return 'wrong-root'
    return sum === BigInt(document.total) ? undefined : 'wrong-total'
  }

  async function checkSignature(document) {
    const { signature, ...rest } = document
    const fields = Object.keys(rest).sort()
    const json = fields.map((name) => `${JSON.stringify(name)}:${JSON.stringify(rest[name])}`).join(',')
    const text = new TextEncoder().encode(`sharnaqa-reserves-v1\n{${json}}`)
    const publicKey = fromBase64Url(document.publicKey)
    const bytes = fromBase64Url(signature)
    if (publicKey?.length !== 32 || bytes?.length !== 64) return 'invalid'
    let key
    try {
      key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])
    } catch (error) {
      // Bytes that are no key are the statement's fault; an algorithm that is not known is the browser's.
      return error?.name === 'NotSupportedError' ? 'unsupported' : 'invalid'
    }
    return (await crypto.subtle.verify('Ed25519', key, bytes, text)) ? 'valid' : 'invalid'
  }

  /** The comment that carries the root on the chain. */
  function commentOf({ day, root }) {
    return `sharnaqa reserves ${day} ${root}`
  }

  function findBadField(value, fields) {
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name))
    return unknown ?? Object.keys(fields).find((name) => !fields[name](value[name]))
  }

  function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  }

  function heightOf(leaves) {
    let height = 0
    while (2 ** height < leaves) height++
    return height
  }

  function u128(value) {
    return value.toString(16).padStart(32, '0')
  }

  /** SHA-256 of bytes given in hex, in hex. */
  async function sha256(hex) {
    const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  }

  function toHex(bytes) {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  function fromBase64Url(text) {
    if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return undefined
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
  }

  globalThis.reservesCheck = Object.freeze({ readProofFile, checkDocument, checkPaths, commentOf })
})()
