//! Names, documents and layers of images, for those who fetch them.

use admissible::Expected;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{answer, apart, thrown_usage};

/// The name of an image, taken apart: `{ registry?, repository, tag?, digest? }`.
///
/// # Errors
/// Throws a `"usage"` text when it is none.
#[wasm_bindgen(js_name = readImageName)]
pub fn read_image_name(name: &str) -> Result<String, String> {
    answer(&admissible::read_image_name(name))
}

/// A manifest or an index, after a check that it is what `expected` says, as JSON text: `{ digest?, size?, mediaType?, subject? }`.
///
/// # Errors
/// Throws a `"usage"` text when it is another, or none.
#[wasm_bindgen(js_name = readImageDocument)]
pub fn read_image_document(bytes: &[u8], expected: &str) -> Result<String, String> {
    let expected = Expected::from_json(expected).map_err(|error| thrown_usage(&error))?;
    answer(&admissible::read_image_document(bytes, &expected))
}

/// The image for a platform in the first of the indexes that `indexes` holds one after the other, each as long as `lengths` says:
/// `{ image, through }` or `{ needed }`.
///
/// # Errors
/// Throws a `"usage"` text when there is none, or an index cannot be read.
#[wasm_bindgen(js_name = findPlatform)]
pub fn find_platform(platform: &str, indexes: &[u8], lengths: &[u32]) -> Result<String, String> {
    answer(&admissible::find_platform(platform, &apart(indexes, lengths)))
}

/// A layer that is evidence, of which `layer` is the descriptor as JSON text: `{ kind: "bundle", bundle }`, or `{ kind: "statement", statement }`
/// with what nobody signed.
///
/// # Errors
/// Throws a `"usage"` text when it is other content, or no evidence.
#[wasm_bindgen(js_name = readImageLayer)]
pub fn read_image_layer(layer: &str, bytes: &[u8], image: Option<String>) -> Result<String, String> {
    answer(&admissible::read_image_layer(layer, bytes, image.as_deref()))
}
