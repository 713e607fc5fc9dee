//! Trusted roots that ship with this crate, unchanged from the registry package named in `ORIGIN.md` beside them. A root goes
//! stale: instances rotate their keys, and bundles made after the newest key fail until the root is updated.

/// The public-good instance (sigstore.dev).
pub const PUBLIC_GOOD: &str = include_str!("public_good.json");
/// GitHub's own instance, which signs for private repositories and releases.
pub const GITHUB: &str = include_str!("github.json");
/// The keys by which npm's registry signs, from the TUF repository of the public-good instance.
pub const NPM_KEYS: &str = include_str!("npm_keys.json");
/// The public-good instance's staging twin, for tests.
pub const STAGING: &str = include_str!("staging.json");
