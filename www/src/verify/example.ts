import document from "../../../js/demo/sigstore-5.0.0.sigstore.json";

/** What npm has about sigstore 5.0.0, as it was published: it needs no network. */
export const bundle = JSON.stringify(document);
/** Of the tarball. */
export const artifact = "sha512:849a897e81bf7b8a8541a6ae40bd3473a27a16b1cb0462ad905bd6dc96d34881053a12eb4a375233f81677fc9439f628fe0b0445e8535c60b5559597fbd5f80e";
