import { expect, test } from 'vitest'
import { findKnownAnswerFaults, KNOWN_ANSWERS } from './check-known-answers.ts'
import { byTheBook, HAS_ML_KEM, openWrap, openXWingWrap } from './second-opinion-fixture.ts'
import { SUITES, type Suite } from './suites.ts'

const { suites, documents, question } = KNOWN_ANSWERS
const hex = (text: string | undefined) => Buffer.from(text ?? '', 'hex')
const base64Url = (text: string | undefined) => Buffer.from(text ?? '', 'base64url')
const json = (text: string | Buffer) => JSON.parse(text.toString())

test('everything sealed, signed and hashed comes out as it was recorded, and opens', async () => {
  expect(await findKnownAnswerFaults()).toEqual([])
})

test('an answer that was recorded otherwise is found', async () => {
  const { x25519 } = suites
  const changed = { ...x25519, chunks: x25519.chunks.with(1, x25519.chunks[0] ?? '') }
  const faults = await findKnownAnswerFaults({ ...KNOWN_ANSWERS, suites: { ...suites, x25519: changed } })
  expect(faults).toHaveLength(5)
  expect(faults.join()).toContain('x25519: chunk 1 does not open')
})

const NO_ML_KEM = HAS_ML_KEM ? '' : ' (X-Wing skipped: this Node has no ML-KEM, 24.7 has)'
const judged = SUITES.filter((suite) => suite === 'x25519' || HAS_ML_KEM)
test.each(judged)(
  `%s: a second implementation, written from the RFC, opens the recorded request and answer${NO_ML_KEM}`,
  (suite: Suite) => {
    const { envelope, recipients, secrets, dataKey, chunks, pieces, ...known } = suites[suite]
    const ct = base64Url(envelope.ct)
    for (const [at, { privateKey, publicKey, evidenceDigest }] of recipients.entries()) {
      const wrap = envelope.wraps[at]
      const open = suite === 'x-wing' ? openXWingWrap : openWrap
      const opened = open({
        privateKey: hex(privateKey),
        publicKey: base64Url(publicKey),
        enc: base64Url(wrap?.enc),
        wrapped: base64Url(wrap?.wrapped),
        info: byTheBook.info(envelope.header, evidenceDigest),
        aad: byTheBook.wrapAad(ct),
      })
      expect(opened.dataKey.toString('hex')).toBe(dataKey)
      expect(opened.responseSecret.toString('hex')).toBe(secrets[at])
      expect(byTheBook.openBody(opened.dataKey, envelope.header, ct).toString()).toBe(question)
    }
    expect(byTheBook.requestHash(envelope.header, ct).toString('hex')).toBe(known.requestHash)
    for (const [index, chunk] of chunks.entries()) {
      const piece = byTheBook.openChunk(
        hex(secrets[1]),
        base64Url(envelope.wraps[1]?.enc),
        hex(known.responseNonce),
        { index, isLast: index === chunks.length - 1, bytes: base64Url(chunk) },
      )
      expect(json(piece)).toEqual(pieces[index])
    }
  },
)

test('a second implementation checks what was signed: receipt, announcement, directory and policy', () => {
  const runner = hex(documents.runner.publicKey)
  const coordinator = hex(documents.coordinator.publicKey)
  const { signature, ...receipt } = suites.x25519.receipt
  const sorted = Object.fromEntries(Object.entries(receipt).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  const text = `e2e/1 receipt${JSON.stringify(sorted)}`
  expect(byTheBook.isSigned(runner, base64Url(signature), text)).toBe(true)
  expect(byTheBook.isSigned(coordinator, base64Url(signature), text)).toBe(false)
  const paired = json(documents.paired.document)
  const announced = base64Url(paired.keys)
  expect(byTheBook.isSigned(runner, base64Url(paired.signature), `e2e/1 paired${announced}`)).toBe(true)
  const named = byTheBook.sha256(Buffer.from('e2e/1 paired'), byTheBook.sha256(announced))
  expect(named.toString('hex')).toBe(documents.paired.digest)
  const directory = json(documents.directory.document)
  const listed = base64Url(directory.directory)
  expect(byTheBook.isSigned(coordinator, base64Url(directory.signature), `e2e/1 directory${listed}`)).toBe(
    true,
  )
  expect(byTheBook.sha256(listed).toString('hex')).toBe(documents.directory.digest)
  const policy = json(documents.policy)
  const signers = [coordinator, runner]
  for (const [at, signer] of signers.entries()) {
    const signed = base64Url(policy.signatures[at].signature)
    expect(byTheBook.isSigned(signer, signed, `e2e/1 policy${base64Url(policy.policy)}`)).toBe(true)
  }
})

test('a second implementation ties the same statement, devices and quote together', () => {
  const { evidence } = documents
  const statement = byTheBook.sha256(Buffer.from(evidence.statement))
  const devices = byTheBook.sha256(hex(evidence.devices))
  const nonce = byTheBook.sha256(Buffer.from('beacon'), Buffer.alloc(32, 0xbe))
  const said = (label: string) => Buffer.from(label)
  const made = {
    beaconNonce: nonce,
    statementDigest: statement,
    devicesDigest: devices,
    gpuNonce: byTheBook.sha256(said('e2e/1 gpu'), nonce, statement),
    reportData: byTheBook.sha512(said('e2e/1 report-data'), nonce, statement, devices),
    evidenceDigest: byTheBook.sha256(
      said('e2e/1 evidence'),
      statement,
      devices,
      byTheBook.sha256(hex(evidence.quote)),
    ),
  }
  for (const [name, bytes] of Object.entries(made))
    expect([name, bytes.toString('hex')]).toEqual([name, Reflect.get(evidence, name)])
})
