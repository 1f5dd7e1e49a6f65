use std::time::{Duration, SystemTime};

use httpdate::parse_http_date;

use crate::http::Response;

/// How long the answer asks to wait: the largest of its `Retry-After` headers.
///
/// Seconds, or an HTTP date (RFC 9110, 10.2.3). A date is compared with the answer's own `Date`, so
/// that a wrong clock on this machine shortens no wait; without one with `now`. Anything else counts
/// as absent.
pub(crate) fn retry_after(response: &Response, now: SystemTime) -> Option<Duration> {
    response
        .all("retry-after")
        .filter_map(|value| {
            let value = value.trim();
            if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
                return value.parse().ok().map(Duration::from_secs);
            }
            let until = parse_http_date(value).ok()?;
            let sent = response
                .header("date")
                .and_then(|date| parse_http_date(date).ok());
            let sent = sent.unwrap_or(now);
            Some(until.duration_since(sent).unwrap_or_default())
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(&str, &str)]) -> Option<u64> {
        let response = Response {
            status: 429,
            reason_phrase: None,
            headers: headers
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            body: Vec::new(),
            cut: None,
        };
        retry_after(&response, SystemTime::UNIX_EPOCH).map(|wait| wait.as_secs())
    }

    const DATE: (&str, &str) = ("date", "Tue, 06 Oct 2026 10:00:00 GMT");

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(asked(&[("retry-after", "57")]), Some(57));
        assert_eq!(
            asked(&[DATE, ("retry-after", "Tue, 06 Oct 2026 10:02:00 GMT")]),
            Some(120)
        );
        assert_eq!(
            asked(&[DATE, ("retry-after", "Tue, 06 Oct 2026 09:00:00 GMT")]),
            Some(0)
        );
    }

    #[test]
    fn nonsense_counts_as_absent() {
        for value in [
            "",
            "-1",
            "+5",
            "1.5",
            "99999999999999999999",
            "tomorrow",
            "\u{664}",
        ] {
            assert_eq!(asked(&[DATE, ("retry-after", value)]), None, "{value}");
        }
        let undated = asked(&[("retry-after", "Tue, 06 Oct 2026 10:02:00 GMT")]);
        // By this machine's clock, which the test sets to 1970.
        assert!(undated.is_some_and(|wait| wait > 1_000_000_000));
    }

    #[test]
    fn the_largest_of_several_wins() {
        assert_eq!(
            asked(&[
                ("retry-after", "3"),
                ("retry-after", "x"),
                ("retry-after", "9")
            ]),
            Some(9)
        );
    }
}
