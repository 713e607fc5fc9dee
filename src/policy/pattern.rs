//! How a rule's text is matched: exactly, unless a pattern is asked for by name; patterns always match the whole text.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::encoding::quoted::Quoted;
use crate::limits::{MAX_MATCHED_BYTES, MAX_PATTERN_BYTES};

/// What a text must be.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// Exactly this, byte for byte.
    Exact(String),
    /// A glob: `*` stands for any characters but `/`, `**` for any characters, `?` for one character but `/`; everything
    /// else stands for itself.
    Glob(Glob),
    /// A regular expression, anchored at both ends.
    Regex(Box<Regex>),
}

/// Patterns of which any will do; at least one.
#[derive(Clone, Debug)]
pub struct Patterns(Vec<Pattern>);

impl Patterns {
    /// Just this pattern.
    #[must_use]
    pub fn one(pattern: Pattern) -> Self {
        Self(alloc::vec![pattern])
    }

    /// Any of these; `None` when there is none, which would match nothing.
    #[must_use]
    pub fn any_of(patterns: Vec<Pattern>) -> Option<Self> {
        (!patterns.is_empty()).then_some(Self(patterns))
    }

    /// Whether one of them matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.0.iter().any(|pattern| pattern.matches(text))
    }
}

impl fmt::Display for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, pattern) in self.0.iter().enumerate() {
            write!(f, "{}{pattern}", if index == 0 { "" } else { " or " })?;
        }
        Ok(())
    }
}

/// A glob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    text: String,
    tokens: Vec<Token>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// `**`
    Any,
    /// `*`
    Segment,
    /// `?`
    One,
    Literal(char),
}

/// An anchored regular expression.
#[derive(Clone, Debug)]
pub struct Regex {
    text: String,
    #[cfg(feature = "regex")]
    compiled: regex_lite::Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It is empty, and would match nothing or everything.
    Empty,
    /// It is a glob and a regular expression at once.
    Both,
    /// It is longer than [`MAX_PATTERN_BYTES`].
    TooLong,
    /// It is no regular expression, or one whose program would be too large.
    Regex,
    /// This build has no regular expressions.
    RegexNotBuilt,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("expected a text to match, found an empty one"),
            Self::Both => f.write_str("expected a glob or a regex, found both"),
            Self::TooLong => write!(f, "expected a pattern of at most {MAX_PATTERN_BYTES} bytes, found a longer one"),
            Self::Regex => f.write_str("expected a regular expression, found another text"),
            Self::RegexNotBuilt => f.write_str("expected no regular expression, for this build has none, found one"),
        }
    }
}

impl Pattern {
    /// A text to match exactly.
    ///
    /// # Errors
    /// [`PatternError::Empty`].
    pub fn exact(text: &str) -> Result<Self, PatternError> {
        if text.is_empty() { Err(PatternError::Empty) } else { Ok(Self::Exact(text.into())) }
    }

    /// A glob.
    ///
    /// # Errors
    /// [`PatternError::Empty`] and [`PatternError::TooLong`].
    pub fn glob(text: &str) -> Result<Self, PatternError> {
        check_length(text)?;
        let mut tokens = Vec::new();
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            tokens.push(match character {
                '*' if matches!(tokens.last(), Some(Token::Any)) => continue,
                '*' if characters.next_if_eq(&'*').is_some() => Token::Any,
                '*' => Token::Segment,
                '?' => Token::One,
                other => Token::Literal(other),
            });
        }
        Ok(Self::Glob(Glob { text: text.into(), tokens }))
    }

    /// A regular expression, matched against the whole text as `^(?:…)$` would.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn regex(text: &str) -> Result<Self, PatternError> {
        check_length(text)?;
        #[cfg(feature = "regex")]
        {
            // On its own first, so that `a)|(b` cannot escape from the group.
            regex_lite::Regex::new(text).map_err(|_| PatternError::Regex)?;
            let anchored = alloc::format!("\\A(?:{text})\\z");
            let compiled = regex_lite::Regex::new(&anchored).map_err(|_| PatternError::Regex)?;
            Ok(Self::Regex(Box::new(Regex { text: text.into(), compiled })))
        }
        #[cfg(not(feature = "regex"))]
        Err(PatternError::RegexNotBuilt)
    }

    /// Whether `text` is what this asks for.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(expected) => expected == text,
            Self::Glob(glob) => text.len() <= MAX_MATCHED_BYTES && glob.matches(text),
            #[cfg(feature = "regex")]
            Self::Regex(regex) => text.len() <= MAX_MATCHED_BYTES && regex.compiled.is_match(text),
            #[cfg(not(feature = "regex"))]
            Self::Regex(_) => false,
        }
    }
}

/// The pattern in a message: exact text quoted, others with their kind.
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => Quoted(text).fmt(f),
            Self::Glob(glob) => write!(f, "glob {}", Quoted(&glob.text)),
            Self::Regex(regex) => write!(f, "regex {}", Quoted(&regex.text)),
        }
    }
}

impl Glob {
    /// Follows every way at once, one character at a time: no pattern costs more than pattern times text. Up to the first wildcard there
    /// is only one way, and most texts differ there; from a last `**` on, whatever follows matches.
    fn matches(&self, text: &str) -> bool {
        let (mut tokens, mut rest) = (self.tokens.as_slice(), text.chars());
        while let [Token::Literal(expected), after @ ..] = tokens {
            if rest.next() != Some(*expected) {
                return false;
            }
            tokens = after;
        }
        let last = tokens.len();
        let takes_all_that_follows = matches!(tokens, [.., Token::Any]);
        let mut reached = Places::none(last);
        reached.add(0, tokens);
        let mut next = Places::none(last);
        for character in rest {
            if takes_all_that_follows && reached.has(last) {
                return true;
            }
            for (index, token) in tokens.iter().enumerate().filter(|(index, _)| reached.has(*index)) {
                let (stays, moves) = match token {
                    Token::Any => (true, false),
                    Token::Segment => (character != '/', false),
                    Token::One => (false, character != '/'),
                    Token::Literal(expected) => (false, character == *expected),
                };
                if stays {
                    next.add(index, tokens);
                }
                if moves {
                    next.add(index.saturating_add(1), tokens);
                }
            }
            core::mem::swap(&mut reached, &mut next);
            next.0.fill(false);
        }
        reached.has(last)
    }
}

/// Which places of a pattern the text so far leads to; the last is the pattern's end.
struct Places(Vec<bool>);

impl Places {
    fn none(last: usize) -> Self {
        Self(alloc::vec![false; last.saturating_add(1)])
    }

    fn has(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or(false)
    }

    /// This place, and the one behind a wildcard that stands there, which may stand for nothing. No two wildcards stand side by side.
    fn add(&mut self, place: usize, tokens: &[Token]) {
        let is_wildcard = matches!(tokens.get(place), Some(Token::Any | Token::Segment));
        for reached in self.0.iter_mut().skip(place).take(if is_wildcard { 2 } else { 1 }) {
            *reached = true;
        }
    }
}

fn check_length(text: &str) -> Result<(), PatternError> {
    match text.len() {
        0 => Err(PatternError::Empty),
        1..=MAX_PATTERN_BYTES => Ok(()),
        _ => Err(PatternError::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_the_whole_and_stop_at_slashes() {
        let matches = |pattern: &str, text: &str| Pattern::glob(pattern).unwrap().matches(text);
        assert!(matches("https://github.com/acme/*", "https://github.com/acme/app"));
        assert!(!matches("https://github.com/acme/*", "https://github.com/acme/app/x"));
        assert!(matches("https://github.com/acme/**", "https://github.com/acme/app/x"));
        assert!(!matches("https://github.com/acme/*", "xhttps://github.com/acme/app"));
        assert!(!matches("https://github.com/acme/*", "https://github.com/acme-evil/app"));
        assert!(matches("v?.*", "v1.") && !matches("v?", "v/") && !matches("v?", "v"));
        assert!(!matches("a.c", "abc"));
        assert!(matches("**a**b**c", &"abc".repeat(200)));
        assert!(
            matches("a/***", "a/b/c")
                && matches("a/****", "a/")
                && !matches("a/****b", "a/b/c")
                && matches("****b", "a/b")
        );
        assert!(
            matches("a/**/c", "a/b/b/c")
                && !matches("a/**/c", "a/c")
                && matches("**", "")
                && matches("*", "")
                && !matches("*", "/")
        );
    }

    /// What a glob says, written down as a definition: slow, and plainly right.
    fn plainly_matches(pattern: &[char], text: &[char]) -> bool {
        let any_tail_matches = |rest: &[char], stands_for: fn(&char) -> bool| {
            let most = text.iter().take_while(|character| stands_for(character)).count();
            (0..=most).any(|skipped| plainly_matches(rest, text.get(skipped..).unwrap_or_default()))
        };
        match (pattern, text) {
            (['*', '*', rest @ ..], _) => any_tail_matches(rest, |_| true),
            (['*', rest @ ..], _) => any_tail_matches(rest, |character| *character != '/'),
            ([], []) => true,
            ([wanted, pattern @ ..], [found, text @ ..]) => {
                (wanted == found || *wanted == '?' && *found != '/') && plainly_matches(pattern, text)
            }
            _ => false,
        }
    }

    #[test]
    fn globs_match_what_their_definition_says() {
        let all = |letters: [char; 4], longest: usize| -> Vec<Vec<char>> {
            let longer = |words: &Vec<Vec<char>>| -> Vec<Vec<char>> {
                words.iter().flat_map(|word| letters.map(|letter| [word.as_slice(), &[letter]].concat())).collect()
            };
            core::iter::successors(Some(alloc::vec![Vec::new()]), |words| Some(longer(words)))
                .take(longest + 1)
                .flatten()
                .collect()
        };
        let texts = all(['a', '/', 'ü', 'b'], 4);
        for pattern in all(['a', '/', '*', '?'], 5).iter().filter(|pattern| !pattern.is_empty()) {
            let glob = Pattern::glob(&pattern.iter().collect::<String>()).unwrap();
            for text in &texts {
                let written: String = text.iter().collect();
                assert_eq!(glob.matches(&written), plainly_matches(pattern, text), "{pattern:?} {written}");
            }
        }
    }

    #[cfg(feature = "regex")]
    #[test]
    fn regexes_match_the_whole() {
        let matches = |pattern: &str, text: &str| Pattern::regex(pattern).unwrap().matches(text);
        assert!(matches("a|b", "a") && !matches("a|b", "ab") && !matches("a|b", "ba"));
        assert!(!matches("(?m)a$", "a\nb") && !matches("a", "a\n"));
        assert_eq!(Pattern::regex("a)|(b").err(), Some(PatternError::Regex));
        assert_eq!(Pattern::regex("").err(), Some(PatternError::Empty));
        assert_eq!(Pattern::regex(&"a".repeat(2000)).err(), Some(PatternError::TooLong));
    }
}
