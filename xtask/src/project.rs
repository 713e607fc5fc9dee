//! Where things lie in the repository.

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The npm package's sources.
pub fn js() -> PathBuf {
    root().join("js")
}

/// The built npm package.
pub fn dist() -> PathBuf {
    js().join("dist")
}

/// The files of a folder whose names end in `suffix`, sorted.
pub fn files_ending(folder: &Path, suffix: &str) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(suffix) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
