//! One line for what was seen, and whether it is what was expected.

use libtest_mimic::Failed;
use serde_json::Value;

const HOST: &str = "127.0.0.1";

/// Sorted members; no port; a GUID that the case does not name becomes its number of appearance.
pub fn canonical(seen: &Value, case: &str) -> String {
    let line = seen.to_string();
    let mut out = String::new();
    let mut ids: Vec<String> = Vec::new();
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        if let Some(guid) = rest.get(..36).filter(|text| is_guid(text)) {
            if case.contains(guid) {
                out.push_str(guid);
            } else {
                let known = ids.iter().position(|id| id == guid);
                let number = known.unwrap_or_else(|| {
                    ids.push(guid.to_owned());
                    ids.len() - 1
                });
                out.push_str(&format!("id-{}", number + 1));
            }
            rest = &rest[36..];
        } else if let Some(after) = rest.strip_prefix(&format!("{HOST}:")) {
            out.push_str(&format!("{HOST}:port"));
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn is_guid(text: &str) -> bool {
    text.bytes().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
    })
}

/// Whether `seen` holds all that is expected: objects may hold more, everything else is equal.
pub fn covers(expected: &Value, seen: &Value, at: &str) -> Result<(), Failed> {
    match (expected, seen) {
        (Value::Object(expected), Value::Object(_)) => expected
            .iter()
            .try_for_each(|(name, value)| covers(value, &seen[name], &format!("{at}.{name}"))),
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => expected
            .iter()
            .zip(found)
            .enumerate()
            .try_for_each(|(index, (value, found))| {
                covers(value, found, &format!("{at}[{index}]"))
            }),
        _ if expected == seen => Ok(()),
        _ => Err(format!("{at}: expected {expected:#}, saw {seen:#}").into()),
    }
}
