use std::collections::HashSet;

use super::*;
use crate::error::ErrorKind;

const PAGE: &str = include_str!("../../../docs/errors.md");

#[test]
fn a_code_and_a_status_have_one_meaning() {
    let mut seen = HashSet::new();
    for code in CODES {
        let others = CODES.iter().filter(|other| other.code == code.code).count();
        assert!(!code.statuses.is_empty() || others == 1, "{code:?}");
        for status in code.statuses {
            assert!(seen.insert((code.code, status)), "{code:?}");
            assert_eq!(meaning(code.code, *status), Some(code));
        }
    }
    let errors: HashSet<_> = OAUTH_ERRORS.iter().map(|known| known.error).collect();
    assert_eq!(errors.len(), OAUTH_ERRORS.len());
}

#[test]
fn a_text_is_one_short_plain_sentence() {
    let codes = CODES.iter().flat_map(|known| [known.meaning, known.next]);
    let errors = OAUTH_ERRORS
        .iter()
        .flat_map(|known| [known.meaning, known.next]);
    for text in codes.chain(errors) {
        assert!(text.starts_with(char::is_uppercase), "{text}");
        assert!(text.ends_with('.') && !text.contains(". "), "{text}");
        assert!(text.chars().count() < 200, "{text}");
        assert!(!text.to_lowercase().contains("please"), "{text}");
        assert!(!text.contains(['|', '`', '\n']), "{text}");
    }
}

#[test]
fn an_ambiguous_code_is_resolved_by_its_status() {
    let at = |code, status| meaning(code, status).map(|known| known.meaning).unwrap();
    assert!(at("3000", 400).contains("not valid"));
    assert!(at("3000", 404).contains("not found"));
    assert!(at("2006", 403).contains("partner"));
    assert!(at("2006", 400).contains("subscriptions"));
    assert_eq!(meaning("2006", 404), None);
    assert_eq!(meaning("900421", 403), None);
}

#[test]
fn a_code_without_documented_status_is_known_with_any() {
    assert!(meaning("1002", 401).is_some() && meaning("1002", 403).is_some());
}

#[test]
fn what_is_unknown_has_no_meaning() {
    for code in ["", "1", "900 421", "0900421", "900421.0", "Forbidden"] {
        assert_eq!(meaning(code, 401), None, "{code:?}");
    }
    for error in ["", "INVALID_GRANT", "invalid_grant ", "server_error"] {
        assert_eq!(oauth(error), None, "{error:?}");
    }
}

#[test]
fn after_a_lost_change_nobody_is_told_to_repeat_it() {
    for code in CODES
        .iter()
        .filter(|known| known.statuses.iter().any(|status| *status >= 500))
    {
        assert!(code.next.starts_with("After a change, read"), "{code:?}");
    }
}

#[test]
fn a_lost_sign_in_names_its_causes_and_the_way_back() {
    for error in ["invalid_grant", "interaction_required"] {
        let known = oauth(error).unwrap();
        for cause in [
            "expired or was revoked",
            "multifactor authentication",
            "consent",
        ] {
            assert!(known.meaning.contains(cause), "{known:?}");
        }
        assert!(known.next.contains("interactively") && known.next.contains("refresh token"));
    }
}

#[test]
fn the_page_has_these_codes() {
    let rows = CODES.iter().map(|known| {
        let listed = |words: Vec<String>, none: &str| match words.as_slice() {
            [] => none.to_owned(),
            words => words.join(", "),
        };
        let statuses = known.statuses.iter().map(u16::to_string).collect();
        let kinds = known.statuses.iter().map(|status| kinds(*status)).collect();
        format!(
            "| `{}` | {} | {} | {} | {} |",
            known.code,
            listed(statuses, "not known"),
            listed(kinds, "by the HTTP status"),
            known.meaning,
            known.next
        )
    });
    assert_rows("| code | HTTP | kind | meaning | what to do |", rows);
}

#[test]
fn the_page_has_these_oauth_errors() {
    let rows = OAUTH_ERRORS
        .iter()
        .map(|known| format!("| `{}` | {} | {} |", known.error, known.meaning, known.next));
    assert_rows("| `error` | meaning | what to do |", rows);
}

#[test]
fn the_page_has_every_kind() {
    for kind in ErrorKind::ALL {
        let row = format!("| `{kind}` |");
        assert!(PAGE.lines().any(|line| line.starts_with(&row)), "{row}");
    }
}

/// The kinds of this status, of those that the table has.
fn kinds(status: u16) -> String {
    let kind = match status {
        401 => ErrorKind::Authentication,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 | 412 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        _ => ErrorKind::Rejected,
    };
    if status < 500 {
        return format!("`{kind}`");
    }
    format!("`{kind}` (read), `{}` (write)", ErrorKind::OutcomeUnknown)
}

/// The table below this heading has these rows, no fewer and no more.
fn assert_rows(heading: &str, expected: impl Iterator<Item = String>) {
    let expected: Vec<String> = expected.collect();
    let found: Vec<&str> = PAGE
        .lines()
        .skip_while(|line| *line != heading)
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert!(
        found == expected,
        "core/docs/errors.md should have, below {heading}\n{}",
        expected.join("\n")
    );
}
