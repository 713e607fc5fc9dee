/** One public key as PEM (SPKI or PKCS#1), and nothing else around it but white space. */
const one = /^\s*-----BEGIN (RSA )?PUBLIC KEY-----\s+[A-Za-z0-9+/=\s]+-----END \1?PUBLIC KEY-----\s*$/u;

/** Whether a text is one public key as PEM. What is inside is read by the core. */
export function isPublicKey(pem: string): boolean {
  return one.test(pem) && pem.split("-----BEGIN ").length === 2;
}

/** The public keys of a text that has nothing but such; `undefined` when there is anything else in it. */
export function publicKeys(pems: string): readonly string[] | undefined {
  const keys = pems.split(/(?=-----BEGIN )/u).filter((part) => part.trim() !== "");
  return keys.length > 0 && keys.every(isPublicKey) ? keys.map((key) => `${key.trim()}\n`) : undefined;
}
