//! What a document holds in which others keep evidence, as JSON. Nothing of it is verified.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use crate::format::source::pypi::Publisher;
use crate::format::source::{self, Piece, PieceBundle};
use crate::policy::options::UsageError;

/// A document, and the evidence in it.
#[derive(Debug, Serialize)]
pub struct SourceDescription {
    /// What it is, for programs.
    pub kind: &'static str,
    /// The same in plain words.
    pub title: &'static str,
    /// The evidence, in the order written.
    pub pieces: Vec<PieceDescription>,
}

/// One piece of evidence.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PieceDescription {
    /// JSON pointer into the document; of JSON Lines, the line counted from 0.
    pub at: String,
    /// The JSON text of a Sigstore bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<String>,
    /// Where the bundle is, if it is not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What the document says that the statement is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicate_type: Option<String>,
    /// Who published, by the registry's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<PublisherDescription>,
}

/// A publisher, in the registry's own words.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PublisherDescription {
    /// `GitHub`, `GitLab`, `Google` or another.
    pub kind: String,
    /// `owner/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The file of the workflow or pipeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    /// The deployment environment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The address of a service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Reads a document of any kind in which others keep evidence ([`source::read`]).
///
/// # Errors
/// [`UsageError`] when it is of none.
pub fn read_source(document: &[u8]) -> Result<SourceDescription, UsageError> {
    let source = source::read(document)?;
    let pieces = source.pieces.into_iter().map(PieceDescription::from).collect();
    Ok(SourceDescription { kind: source.kind.name(), title: source.kind.title(), pieces })
}

impl From<Piece> for PieceDescription {
    fn from(Piece { at, bundle, predicate_type, publisher }: Piece) -> Self {
        let (bundle, url) = match bundle {
            PieceBundle::Here(bundle) => (Some(bundle), None),
            PieceBundle::Elsewhere(url) => (None, Some(url)),
        };
        Self { at, bundle, url, predicate_type, publisher: publisher.map(PublisherDescription::from) }
    }
}

impl From<Publisher> for PublisherDescription {
    fn from(publisher: Publisher) -> Self {
        let of = |kind: &str| Self { kind: kind.into(), ..Self::default() };
        match publisher {
            Publisher::GitHub { repository, workflow, environment } => {
                Self { repository: Some(repository), workflow: Some(workflow), environment, ..of("GitHub") }
            }
            Publisher::GitLab { repository, workflow_filepath, environment } => {
                Self { repository: Some(repository), workflow: Some(workflow_filepath), environment, ..of("GitLab") }
            }
            Publisher::Google { email } => Self { email: Some(email), ..of("Google") },
            Publisher::Other { kind } => of(&kind),
        }
    }
}
