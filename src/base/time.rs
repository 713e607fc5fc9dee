//! Instants and windows. The core reads no clock: every time is in the evidence, or is passed in.

use core::fmt;
use core::time::Duration;

use der::DateTime;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// Trusted roots write fractions of a second (`23:59:59.999Z`), CT logs count milliseconds, everything else seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The instant this many milliseconds after the epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant this many seconds after the epoch; `None` when it cannot be held in milliseconds.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Option<Self> {
        match seconds.checked_mul(1000) {
            Some(millis) => Some(Self(millis)),
            None => None,
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This instant moved by `millis`, kept at the ends of the range.
    #[must_use]
    pub const fn saturating_add_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Reads an RFC 3339 date-time: `2025-09-23T00:00:00Z`, with any number of fraction digits (cut to milliseconds) and
    /// `Z` or a numeric offset. Years 1970–9999, no leap second.
    #[must_use]
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once('T')?;
        let mut parts = date.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let day = digits(parts.next()?, 2)?;
        if parts.next().is_some() {
            return None;
        }
        let zone_at = rest.find(['Z', '+', '-'])?;
        let (clock, zone) = (rest.get(..zone_at)?, rest.get(zone_at..)?);
        let (clock, fraction) = clock.split_once('.').map_or((clock, None), |(c, f)| (c, Some(f)));
        let mut parts = clock.split(':');
        let hour = digits(parts.next()?, 2)?;
        let minute = digits(parts.next()?, 2)?;
        let second = digits(parts.next()?, 2)?;
        if parts.next().is_some() {
            return None;
        }
        let instant = calendar(year, month, day, hour, minute, second)?;
        let offset = match zone {
            "Z" => 0,
            _ => {
                let (sign, clock) = zone.split_at_checked(1)?;
                let (hours, minutes) = clock.split_once(':')?;
                let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let millis = i64::from(hours).checked_mul(60)?.checked_add(i64::from(minutes))?.checked_mul(60_000)?;
                if sign == "-" { millis.checked_neg()? } else { millis }
            }
        };
        let millis = fraction.map_or(Some(0), fraction_millis)?;
        Some(Self(instant.0.checked_add(millis)?.checked_sub(offset)?))
    }

    /// Reads a DER UTCTime as RFC 5280 §4.1.2.5.1 allows it: `250612120220Z`, of the years 1950 to 2049, of which those before 1970
    /// are refused.
    #[must_use]
    pub fn from_utc_time(text: &str) -> Option<Self> {
        let century: [u8; 2] = if text.starts_with(['5', '6', '7', '8', '9']) { *b"19" } else { *b"20" };
        let mut whole = [0; 15];
        let (start, rest) = whole.split_at_mut_checked(century.len())?;
        if rest.len() != text.len() {
            return None;
        }
        start.copy_from_slice(&century);
        rest.copy_from_slice(text.as_bytes());
        Self::from_generalized_time(core::str::from_utf8(&whole).ok()?)
    }

    /// Reads a DER GeneralizedTime as RFC 3161 §2.4.2 allows it: `20250612120220Z`, or with a fraction
    /// (`20250612120220.123Z`, no trailing zero).
    #[must_use]
    pub fn from_generalized_time(text: &str) -> Option<Self> {
        let text = text.strip_suffix('Z')?;
        let (clock, fraction) = text.split_once('.').map_or((text, None), |(c, f)| (c, Some(f)));
        if clock.len() != 14 || fraction.is_some_and(|f| f.ends_with('0')) {
            return None;
        }
        let part = |range: core::ops::Range<usize>| {
            let length = range.len();
            digits(clock.get(range)?, length)
        };
        let instant = calendar(part(0..4)?, part(4..6)?, part(6..8)?, part(8..10)?, part(10..12)?, part(12..14)?)?;
        Some(Self(instant.0.checked_add(fraction.map_or(Some(0), fraction_millis)?)?))
    }
}

fn calendar(year: u16, month: u16, day: u16, hour: u16, minute: u16, second: u16) -> Option<UnixTime> {
    let small = |n: u16| u8::try_from(n).ok();
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?)
        .ok()
        .map(|time| UnixTime(i64::try_from(time.unix_duration().as_millis()).unwrap_or(i64::MAX)))
}

fn digits(text: &str, length: usize) -> Option<u16> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn fraction_millis(fraction: &str) -> Option<i64> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut millis: i64 = 0;
    for place in 0..3 {
        let digit = fraction.as_bytes().get(place).map_or(0, |b| i64::from(b.wrapping_sub(b'0')));
        millis = millis.checked_mul(10)?.checked_add(digit)?;
    }
    Some(millis)
}

/// RFC 3339 in UTC, with milliseconds only where they are not zero.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = u64::try_from(self.0)
            .ok()
            .and_then(|millis| DateTime::from_unix_duration(Duration::from_millis(millis)).ok());
        let Some(date) = date else {
            return write!(f, "{} ms since 1970", self.0);
        };
        let (year, month, day) = (date.year(), date.month(), date.day());
        write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", date.hour(), date.minutes(), date.seconds())?;
        match self.0.rem_euclid(1000) {
            0 => f.write_str("Z"),
            millis => write!(f, ".{millis:03}Z"),
        }
    }
}

impl serde::Serialize for UnixTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A closed interval of time: both ends are inside (the client specification and the official conformance cases).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first instant inside.
    pub start: UnixTime,
    /// The last instant inside; `None` while it is open.
    pub end: Option<UnixTime>,
}

impl Window {
    /// Whether `time` lies inside, both ends included.
    #[must_use]
    pub fn contains(&self, time: UnixTime) -> bool {
        self.start <= time && self.end.is_none_or(|end| time <= end)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(end) => write!(f, "{} to {end}", self.start),
            None => write!(f, "{} onwards", self.start),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn rfc3339_round_trips() {
        for text in ["1970-01-01T00:00:00Z", "2022-10-31T23:59:59.999Z", "2026-02-28T12:00:00Z", "9999-12-31T23:59:59Z"]
        {
            assert_eq!(UnixTime::from_rfc3339(text).unwrap().to_string(), text);
        }
        assert_eq!(
            UnixTime::from_rfc3339("2025-01-01T01:30:00.1+01:30").unwrap().to_string(),
            "2025-01-01T00:00:00.100Z"
        );
    }

    #[test]
    fn malformed_times_are_refused() {
        for text in [
            "",
            "2025-01-01",
            "2025-1-01T00:00:00Z",
            "2025-02-30T00:00:00Z",
            "2025-01-01T00:00:60Z",
            "2025-01-01T00:00:00",
            "2025-01-01T00:00:00.Z",
            "2025-01-01 00:00:00Z",
            "+025-01-01T00:00:00Z",
            "2025-01-01T00:00:00+24:00",
        ] {
            assert_eq!(UnixTime::from_rfc3339(text), None, "{text}");
        }
        for text in ["20250612120220", "20250612120220.Z", "20250612120220.10Z", "202506121202Z", "20251312120220Z"] {
            assert_eq!(UnixTime::from_generalized_time(text), None, "{text}");
        }
        for text in
            ["250612120220", "2506121202Z", "250612120220+0000", "691231235959Z", "20250612120220Z", "é50612120220"]
        {
            assert_eq!(UnixTime::from_utc_time(text), None, "{text}");
        }
        assert_eq!(
            UnixTime::from_generalized_time("20250612120220.5Z").unwrap().to_string(),
            "2025-06-12T12:02:20.500Z"
        );
        for (text, read) in [("491231235959Z", "2049-12-31T23:59:59Z"), ("700101000000Z", "1970-01-01T00:00:00Z")] {
            assert_eq!(UnixTime::from_utc_time(text).unwrap().to_string(), read);
        }
    }

    #[test]
    fn windows_are_closed() {
        let [start, end] = [10, 20].map(UnixTime::from_millis);
        let window = Window { start, end: Some(end) };
        assert!(window.contains(start) && window.contains(end));
        assert!(!window.contains(UnixTime::from_millis(9)) && !window.contains(UnixTime::from_millis(21)));
    }
}
