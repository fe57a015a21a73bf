/** AMD's processors whose reports are judged. Milan is not among them: the seed of its keys can be extracted. */
export type SnpProduct = 'genoa' | 'turin'

/** The certificates that evidence must end in, as SHA-256 of their DER, and the names on the way there. */
export type TrustRoots = {
  readonly intel: {
    readonly root: string
    readonly names: {
      readonly root: string
      readonly authorities: readonly string[]
      readonly pck: string
      readonly tcbSigner: string
    }
  }
  readonly amd: {
    readonly leafName: string
    readonly products: Readonly<Record<SnpProduct, { readonly ark: string; readonly ask: string }>>
  }
  readonly nvidia: { readonly root: string }
}

/**
 * The makers' own roots. The figures are in the source so that a change of one is seen in a review; they are the
 * SHA-256 fingerprints that Intel, AMD and NVIDIA serve at certificates.trustedservices.intel.com,
 * kdsintf.amd.com/vcek/v1/<product>/cert_chain and NVIDIA's attestation tools.
 */
export const PINNED_ROOTS: TrustRoots = {
  intel: {
    root: '44a0196b2b99f889b8e149e95b807a350e7424964399e885a7cbb8ccfab674d3',
    names: {
      root: 'Intel SGX Root CA',
      authorities: ['Intel SGX PCK Platform CA', 'Intel SGX PCK Processor CA'],
      pck: 'Intel SGX PCK Certificate',
      tcbSigner: 'Intel SGX TCB Signing',
    },
  },
  amd: {
    leafName: 'SEV-VCEK',
    products: {
      genoa: {
        ark: '4c6598d19c18719c5dfd4a7d335f674e5bfe1d8f800cea2cf270c10d103db2f1',
        ask: '5464738c1546aed5f2cecf1dc98c5c960a92e8913238a61711bc90ec6e828521',
      },
      turin: {
        ark: '1f084161a44bb6d93778a904877d4819cafa5d05ef4193b2ded9dd9c73dd3f6a',
        ask: '5b77ef5fe7a7a004fd9032668fba9d0fda22f88c4442069a479636a6ae3b3185',
      },
    },
  },
  nvidia: { root: '102bf659d5419614c9d8e6aecebc80454eb26b1df6a769ac720b9a690b167b48' },
}

/** Names of the simulated TEE. No maker's certificate bears them. */
export const SIMULATED_NAMES = {
  root: 'SIMULATED TEE Root CA',
  authorities: ['SIMULATED PCK Platform CA'],
  pck: 'SIMULATED PCK Certificate',
  tcbSigner: 'SIMULATED TCB Signing',
} as const satisfies TrustRoots['intel']['names']

/** Name of the simulated processor's key. */
export const SIMULATED_CHIP_NAME = 'SIMULATED SEV-VCEK'
