//! Sigstore in a box: the test-only signer.
