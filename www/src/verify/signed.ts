import type { Signed } from "./judging.js";

/** The first bundle of each signer, npm's registry last. Who signed is an identity and who vouches for it: anybody can vouch for any. */
export function signersOf(signed: readonly Signed[]): readonly Signed[] {
  const firsts = new Map<string, Signed>();
  for (const one of signed) {
    const { identity, issuer } = one.report.certificate ?? {};
    const who = JSON.stringify([one.byNpm, identity?.value, issuer]);
    if (!firsts.has(who)) firsts.set(who, one);
  }
  return [...firsts.values()].sort((one, another) => Number(one.byNpm) - Number(another.byNpm));
}
