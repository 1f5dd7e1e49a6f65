//! What is decided in a simulated operation: drawn from bytes, or read from lines such as
//! `send 1 -> its answer is lost`. What is not decided goes well.

use std::slice::Iter;
use std::time::Duration;

pub(super) struct Script<'a> {
    source: Source<'a>,
    /// What is decided about now, such as `send 1`.
    place: String,
    /// What did not go well.
    lines: Vec<String>,
}

enum Source<'a> {
    Bytes(Iter<'a, u8>),
    Lines(&'a [String]),
}

impl<'a> Script<'a> {
    pub(super) fn drawn(bytes: &'a [u8]) -> Self {
        Self::of(Source::Bytes(bytes.iter()))
    }

    pub(super) fn written(lines: &'a [String]) -> Self {
        Self::of(Source::Lines(lines))
    }

    fn of(source: Source<'a>) -> Self {
        Self {
            source,
            place: String::new(),
            lines: Vec::new(),
        }
    }

    pub(super) fn lines(self) -> Vec<String> {
        self.lines
    }

    /// Each place comes once.
    pub(super) fn at(&mut self, place: String) {
        self.place = place;
    }

    /// `well`, or one of `others` by its name; `well` is taken as often as `weight` of them.
    pub(super) fn pick<T: Copy>(&mut self, weight: usize, well: T, others: &[(&str, T)]) -> T {
        let start = format!("{} -> ", self.place);
        let picked = match &mut self.source {
            Source::Bytes(bytes) => {
                let drawn = bytes.next().map_or(0, |byte| usize::from(*byte));
                (drawn % (weight + others.len())).checked_sub(weight)
            }
            Source::Lines(lines) => {
                let here = lines.iter().filter_map(|line| line.strip_prefix(&start));
                let here: Vec<&str> = here.collect();
                others.iter().position(|(name, _)| here.contains(name))
            }
        };
        let Some(picked) = picked else { return well };
        let (name, value) = others[picked];
        self.lines.push(start + name);
        value
    }

    /// Once in `of`.
    pub(super) fn rarely(&mut self, of: usize, what: &str) -> bool {
        self.pick(of - 1, false, &[(what, true)])
    }

    /// A number below `below`, 0 being the harmless one.
    pub(super) fn number(&mut self, what: &str, below: u8) -> u8 {
        let start = format!("{} -> {what} ", self.place);
        let number = match &mut self.source {
            Source::Bytes(bytes) => bytes.next().map_or(0, |byte| byte % below),
            Source::Lines(lines) => lines
                .iter()
                .find_map(|line| line.strip_prefix(&start)?.parse().ok())
                .unwrap_or(0),
        };
        if number > 0 {
            self.lines.push(format!("{start}{number}"));
        }
        number
    }

    pub(super) fn seconds(&mut self, what: &str, below: u8) -> Duration {
        Duration::from_secs(self.number(&format!("{what}, in seconds:"), below).into())
    }
}

/// The lines of a text; `;` ends one, too.
pub(super) fn lines(text: &str) -> Vec<String> {
    let lines = text.split(['\n', ';']).map(str::trim);
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// The fewest of the lines that still fail: none of them can be left out.
pub(super) fn fewest(mut lines: Vec<String>, fails: impl Fn(&[String]) -> bool) -> Vec<String> {
    let mut at = 0;
    while at < lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(at);
        if fails(&fewer) {
            // Another may have become superfluous.
            (lines, at) = (fewer, 0);
        } else {
            at += 1;
        }
    }
    lines
}
