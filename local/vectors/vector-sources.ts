import { cutDraftExample, cutOpenAiSchemas, cutXWing } from './cuts.ts'

/** One vector: where it lies here, and where in a public repository. */
export type VectorSource = {
  /** In the vectors' folder. */
  readonly file: string
  /** In the repository. */
  readonly path: string
  readonly repository: string
  readonly commit: string
  /** What of a larger file is kept; absent: all of it, byte for byte. */
  readonly cut?: (text: string) => string
}

type Repository = Pick<VectorSource, 'repository' | 'commit'>

const DCAP_QVL: Repository = {
  repository: 'Phala-Network/dcap-qvl',
  commit: '9bffe30b4da53acc05f2e3a36fafc0f6418973b8',
}
const GO_SEV_GUEST: Repository = {
  repository: 'google/go-sev-guest',
  commit: 'af1c107a648f47253da23a9de7a7c82ec073cfdb',
}
const ATTESTATION_SDK: Repository = {
  repository: 'NVIDIA/attestation-sdk',
  commit: '73c032ebff680ca6d2ba06f4006b511491b71ce9',
}
const NVTRUST: Repository = {
  repository: 'NVIDIA/nvtrust',
  commit: '028173093d43dbf37364bdc39ad7e696bccbce2e',
}
const EHBP: Repository = {
  repository: 'tinfoilsh/encrypted-http-body-protocol',
  commit: '93cc1fa1ad61e19f9a34fb23cb5b5d5635d3edb0',
}
const CHUNKED_OHTTP: Repository = {
  repository: 'ietf-wg-ohai/draft-ohai-chunked-ohttp',
  commit: '5abd05c4d0fd4d01de53cf4c7e3c4d8c2173c979',
}
const PANVA_HPKE: Repository = {
  repository: 'panva/hpke',
  commit: 'c12934dddc8e04ae300a10512d645edc46ddd37c',
}
const OPENAI: Repository = {
  repository: 'openai/openai-openapi',
  commit: 'f85dbe223d40e1a31cba812ab2d755c7e98a92a3',
}

/** Files of one folder of a repository: name here, name there. */
function from(
  repository: Repository,
  folder: string,
  files: readonly (readonly [string, string])[],
): readonly VectorSource[] {
  return files.map(([file, name]) => ({ ...repository, file, path: `${folder}/${name}` }))
}

const SDK_TESTS = 'nv-attestation-sdk-cpp/unit-tests/testdata'
const samples = [
  'blackwellAttestationReport',
  'blackwellCertChain',
  'hopperAttestationReport',
  'hopperAttestationReportExpired',
  'hopperAttestationReportInvalidSignature',
  'hopperCertChain',
  'hopperCertChainExpired',
].map((name) => [`nvidia/sample-${name}.txt`, `${name}.txt`] as const)

/** Every public vector that tests read. Data, under its repository's own licence: never a part of this project. */
export const VECTOR_SOURCES: readonly VectorSource[] = [
  ...from(DCAP_QVL, 'sample', [
    ['tdx/phala-v4-b0c06f.quote.bin', 'tdx_quote'],
    ['tdx/phala-v4-b0c06f.collateral.json', 'tdx_quote_collateral.json'],
    ['tdx/phala-v4-b0c06f-oldtcb.quote.hex', 'tdx-quote.hex'],
    ['tdx/phala-v5td15-90c06f-outdated.quote.bin', 'tdx_quote_outdated'],
    ['tdx/phala-v5td15-90c06f-outdated.collateral.json', 'tdx_quote_outdated_collateral.json'],
    ['tdx/negative-sgx-v3.quote.bin', 'sgx_quote'],
    ['tdx/negative-sgx-v3.collateral.json', 'sgx_quote_collateral.json'],
  ]),
  ...from(GO_SEV_GUEST, 'verify/testdata', [
    ['sev-snp/milan-ask-ark.pem', 'milan.testcer'],
    ['sev-snp/milan-report.bin', 'attestation.bin'],
    ['sev-snp/milan-vcek.der', 'vcek.testcer'],
  ]),
  ...from(ATTESTATION_SDK, 'common-test-data/serialized_test_evidence', [
    ['nvidia/hopper_evidence.json', 'hopper_evidence.json'],
    ['nvidia/hopper_evidence_cert_hold.json', 'hopper_evidence_cert_hold.json'],
  ]),
  ...from(ATTESTATION_SDK, SDK_TESTS, [
    ['nvidia/negative-rim-driver-bad-signature.xml', 'incorrect_signature_driver_rim.xml'],
    ['nvidia/rim-driver-GH100-550.144.03.xml', 'NV_GPU_DRIVER_GH100_550.144.03.xml'],
    ['nvidia/rim-root.crt', 'trusted_certs/rim_root.crt'],
    ['nvidia/nras-hopper-decoded.json', 'sample_attestation_data/hopperClaimsv3_decoded.json'],
  ]),
  ...from(ATTESTATION_SDK, `${SDK_TESTS}/sample_attestation_data/gpu`, samples),
  ...from(NVTRUST, 'guest_tools', [
    [
      'nvidia/device-identity-root.pem',
      'gpu_verifiers/local_gpu_verifier/src/verifier/certs/verifier_device_root.pem',
    ],
    [
      'nvidia/policy-v4-remote.json',
      'attestation_sdk/tests/policies/remote/v4/NVGPURemotePolicyExample.json',
    ],
  ]),
  ...from(EHBP, 'test-vectors', [
    ['hpke/ehbp-derive.json', 'derive.json'],
    ['hpke/ehbp-response-decryption.json', 'response-decryption.json'],
    ['hpke/ehbp-session-recovery-token.json', 'session-recovery-token.json'],
  ]),
  {
    ...CHUNKED_OHTTP,
    file: 'hpke/chunked-ohttp-draft-example.md',
    path: 'draft-ietf-ohai-chunked-ohttp.md',
    cut: cutDraftExample,
  },
  {
    ...PANVA_HPKE,
    file: 'hpke/hpke-pq-mlkem768x25519-vectors.json',
    path: 'test/vectors-pq.json',
    cut: cutXWing,
  },
  { ...OPENAI, file: 'openai/openai-schema.json', path: 'openapi.json', cut: cutOpenAiSchemas },
]
