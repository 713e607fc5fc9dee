//! Untrusted text in our own sentences.

use core::fmt;

use crate::limits::MAX_QUOTED_CHARS;

/// Displays untrusted text in back-quotes: control characters, bidirectional marks and everything outside printable ASCII
/// are escaped (`\u{202e}`), and the text is cut at [`MAX_QUOTED_CHARS`] characters. So a name in a certificate can neither
/// forge a line of a report nor pass for a look-alike.
#[derive(Clone, Copy)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`")?;
        let end = self.0.char_indices().nth(MAX_QUOTED_CHARS).map(|(end, _)| end);
        let shown = end.and_then(|end| self.0.get(..end)).unwrap_or(self.0);
        // What needs no escape, which is most of it, is written in one go.
        for piece in shown.split_inclusive(|c| !matches!(c, ' '..='~') || matches!(c, '`' | '\\')) {
            let last = piece.chars().next_back().filter(|c| !matches!(c, ' '..='~') || matches!(c, '`' | '\\'));
            f.write_str(last.and_then(|c| piece.strip_suffix(c)).unwrap_or(piece))?;
            match last {
                Some(c @ ('`' | '\\')) => write!(f, "\\{c}")?,
                Some(c) => write!(f, "{}", c.escape_unicode())?,
                None => {}
            }
        }
        if end.is_some() {
            f.write_str("…")?;
        }
        f.write_str("`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn nothing_unprintable_survives() {
        assert_eq!(Quoted("a\n\u{202e}é`\\").to_string(), "`a\\u{a}\\u{202e}\\u{e9}\\`\\\\`");
        let long = "x".repeat(500);
        assert_eq!(Quoted(&long).to_string().chars().count(), MAX_QUOTED_CHARS + 3);
    }
}
