import * as z from 'zod/mini'
import { momentOf } from '../der/der.ts'
import { base64UrlText, hexText } from '../fields.ts'

/**
 * What comes with a TDX quote from Intel's provisioning service. `tcbInfo` and `qeIdentity` are the signed texts
 * themselves, signatures r ‖ s in hex, chains PEM (the signer, then the root), lists DER.
 */
export const tdxCollateralSchema = z.strictObject({
  rootCrl: base64UrlText(65_536),
  pckCrl: base64UrlText(262_144),
  tcbInfo: z.string().check(z.maxLength(65_536)),
  tcbInfoSignature: hexText(64),
  tcbInfoChain: z.string().check(z.maxLength(16_384)),
  qeIdentity: z.string().check(z.maxLength(16_384)),
  qeIdentitySignature: hexText(64),
  qeIdentityChain: z.string().check(z.maxLength(16_384)),
})
export type TdxCollateral = z.infer<typeof tdxCollateralSchema>

// Intel signs these documents and adds members to them now and then, so unknown ones are let pass here.
const upperOrLowerHex = (bytes: number) =>
  z.pipe(
    z.string().check(z.regex(new RegExp(`^[0-9A-Fa-f]{${bytes * 2}}$`))),
    z.transform((text) => text.toLowerCase()),
  )
const moment = z.pipe(
  z.string(),
  z.transform((text, context) => {
    const timeMs = momentOf(text)
    if (timeMs === undefined) context.issues.push({ code: 'custom', message: 'not a moment', input: text })
    return timeMs ?? 0
  }),
)
const svn = z.int().check(z.minimum(0), z.maximum(255))
const wideSvn = z.int().check(z.minimum(0), z.maximum(65_535))
const components = z.array(z.object({ svn })).check(z.length(16))
const advisoryIDs = z._default(z.array(z.string().check(z.maxLength(64))).check(z.maxLength(256)), [])
const statusOfLevel = { tcbStatus: z.string().check(z.maxLength(64)), advisoryIDs }
const enclaveLevel = z.object({ tcb: z.object({ isvsvn: wideSvn }), ...statusOfLevel })
const moduleIdentity = {
  mrsigner: upperOrLowerHex(48),
  attributes: upperOrLowerHex(8),
  attributesMask: upperOrLowerHex(8),
}
const dates = { issueDate: moment, nextUpdate: moment, tcbEvaluationDataNumber: z.int().check(z.minimum(0)) }

/** Intel's TCB info, version 3, for TDX. */
export const tcbInfoSchema = z.object({
  id: z.literal('TDX'),
  version: z.literal(3),
  ...dates,
  fmspc: upperOrLowerHex(6),
  pceId: upperOrLowerHex(2),
  tcbType: z.literal(0),
  tdxModule: z.object(moduleIdentity),
  tdxModuleIdentities: z._default(
    z
      .array(z.object({ id: z.string(), ...moduleIdentity, tcbLevels: z.array(enclaveLevel) }))
      .check(z.maxLength(64)),
    [],
  ),
  tcbLevels: z
    .array(
      z.object({
        tcb: z.object({ sgxtcbcomponents: components, pcesvn: wideSvn, tdxtcbcomponents: components }),
        ...statusOfLevel,
      }),
    )
    .check(z.minLength(1), z.maxLength(64)),
})
export type TcbInfo = z.infer<typeof tcbInfoSchema>

/** Intel's identity of the quoting enclave for trust domains, version 2. */
export const qeIdentitySchema = z.object({
  id: z.literal('TD_QE'),
  version: z.literal(2),
  ...dates,
  miscselect: upperOrLowerHex(4),
  miscselectMask: upperOrLowerHex(4),
  attributes: upperOrLowerHex(16),
  attributesMask: upperOrLowerHex(16),
  mrsigner: upperOrLowerHex(32),
  isvprodid: wideSvn,
  tcbLevels: z.array(enclaveLevel).check(z.minLength(1), z.maxLength(64)),
})
export type QeIdentity = z.infer<typeof qeIdentitySchema>
