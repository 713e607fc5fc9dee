//! Single facts of a provenance.

use alloc::string::String;

/// Something that provenance claims about a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub name: FactName,
    /// The value: text as claimed, with a source's location split into its parts.
    pub value: String,
    /// JSON pointer into the statement.
    pub pointer: String,
}

macro_rules! names {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What a fact is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FactName {
            $($(#[$doc])* $variant,)*
        }

        impl FactName {
            /// Every name.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The fact of this name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|fact| fact.name() == name)
            }
        }
    };
}

names! {
    /// `builder.id`: who built.
    Builder = "builder";
    /// `buildType`: what the other fields mean.
    BuildType = "buildType";
    /// The repository that was built.
    SourceRepository = "sourceRepository";
    /// Its ref.
    SourceRef = "sourceRef";
    /// Its commit.
    SourceCommit = "sourceCommit";
    /// Its immutable id.
    SourceRepositoryId = "sourceRepositoryId";
    /// Its owner's immutable id.
    SourceOwnerId = "sourceOwnerId";
    /// The path of the workflow or build configuration in its repository.
    ConfigPath = "configPath";
    /// The workflow with repository, path and ref.
    ConfigUri = "configURI";
    /// The commit of the workflow.
    ConfigCommit = "configCommit";
    /// What the build configuration calls the part that ran: a workflow's title, a job.
    EntryPoint = "entryPoint";
    /// The event that started the build.
    Trigger = "trigger";
    /// The run.
    Run = "run";
    /// The environment of the runner: `github-hosted`, `self-hosted`.
    Runner = "runner";
    /// When the build started, as written.
    Started = "started";
    /// When it finished, as written.
    Finished = "finished";
}
