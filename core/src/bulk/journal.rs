//! What a run writes down: its plan, each request before it leaves, and each end. Lines are only
//! ever added. Nothing of it is a secret.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use super::change::ChangeOperation;
use super::plan::PlannedChange;
use super::report::ChangeResult;
use crate::control::Recorder;
use crate::error::{Details, Error, ErrorKind};
use crate::model::{PendingOperation, milliseconds};
use crate::pending::lock;

/// The form that this version writes.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    Journal(Header),
    /// A change of the plan; so many as the header says.
    Planned(PlannedChange),
    /// A request is about to leave.
    Sending { row: u32, change: PendingOperation },
    /// It can have changed nothing.
    Refused { row: u32 },
    /// Its answer is lost.
    Lost(Lost),
    /// What became of a change.
    Ended(ChangeResult),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    version: u32,
    pub(super) operation: ChangeOperation,
    pub(super) base_url: String,
    pub(super) fingerprint: String,
    pub(super) made: u64,
    pub(super) doubles: u32,
    pub(super) planned: usize,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct Lost {
    pub(super) row: u32,
    /// In milliseconds since 1970.
    pub(super) at: u64,
    pub(super) said_done: bool,
    /// The wait that the service asked for, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) asked: Option<u64>,
}

impl Header {
    pub(super) fn new(plan: &super::Plan) -> Self {
        Self {
            version: VERSION,
            operation: plan.operation,
            base_url: plan.base_url.clone(),
            fingerprint: plan.fingerprint.clone(),
            made: plan.made,
            doubles: plan.doubles,
            planned: plan.changes.len(),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        self.version == VERSION
    }
}

/// A file that this run alone writes.
pub(super) struct Journal {
    file: File,
    written: Mutex<Written>,
    /// How many lines are known to be on the disk. Whoever holds it waits for the disk; the others
    /// find their lines there.
    synced: Mutex<u64>,
}

#[derive(Default)]
struct Written {
    lines: u64,
    /// Why nothing more is written: a line after a torn one could not be told from it.
    broken: Option<String>,
}

impl Journal {
    /// A new file.
    pub(super) fn create(path: &Path) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| {
            let next = match error.kind() {
                std::io::ErrorKind::AlreadyExists => "Resume it, or give another path.",
                _ => "Give a path that can be written.",
            };
            failed(path, "made", &error.to_string(), next)
        })?;
        // What could not become a journal would stand in the way of the next attempt.
        Self::founded(file, path).inspect_err(|_| drop(std::fs::remove_file(path)))
    }

    fn founded(file: File, path: &Path) -> Result<Self, Error> {
        let journal = Self::of(file, path)?;
        // The file's name has to survive, too.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            let synced = File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(|error| failed(path, "made", &error.to_string(), ELSEWHERE))?;
        }
        Ok(journal)
    }

    /// An earlier run's file, with what it holds, and whether its last line was torn.
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<Line>, bool), Error> {
        let cannot = |error: std::io::Error| failed(path, "read", &error.to_string(), ELSEWHERE);
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).open(path).map_err(cannot)?;
        let mut journal = Self::of(file, path)?;
        let mut text = Vec::new();
        journal.file.read_to_end(&mut text).map_err(cannot)?;
        let end = text.iter().rposition(|byte| *byte == b'\n');
        let end = end.map_or(0, |at| at + 1);
        // What stands after the last line end is no line: the process died while it wrote.
        let torn = end < text.len();
        text.truncate(end);
        if torn {
            let end = u64::try_from(end).unwrap_or(u64::MAX);
            journal.file.set_len(end).map_err(cannot)?;
        }
        let lines = text.split(|byte| *byte == b'\n');
        let lines = lines.filter(|line| !line.is_empty()).enumerate();
        let lines = lines.map(|(number, line)| {
            serde_json::from_slice(line).map_err(|error| {
                let why = format!("line {}: {error}", number + 1);
                failed(path, "read", &why, "Restore the file; it was altered.")
            })
        });
        let lines = lines.collect::<Result<_, _>>()?;
        journal.file.seek(SeekFrom::End(0)).map_err(cannot)?;
        Ok((journal, lines, torn))
    }

    fn of(file: File, path: &Path) -> Result<Self, Error> {
        match file.try_lock() {
            Ok(()) => Ok(Self {
                file,
                written: Mutex::default(),
                synced: Mutex::default(),
            }),
            Err(TryLockError::WouldBlock) => Err(failed(
                path,
                "locked",
                "another run is writing it",
                "Wait for that run, or stop it.",
            )),
            Err(TryLockError::Error(error)) => {
                Err(failed(path, "locked", &error.to_string(), ELSEWHERE))
            }
        }
    }

    /// Adds a line; its number. It may not be on the disk yet.
    pub(super) fn write(&self, line: &Line) -> Result<u64, String> {
        let mut text = serde_json::to_vec(line).map_err(|error| error.to_string())?;
        text.push(b'\n');
        let mut written = lock(&self.written);
        if let Some(why) = &written.broken {
            return Err(why.clone());
        }
        if let Err(error) = (&self.file).write_all(&text) {
            return Err(written.broken.insert(error.to_string()).clone());
        }
        written.lines += 1;
        Ok(written.lines)
    }

    /// Returns once that line is on the disk, with all before it.
    pub(super) fn sync(&self, line: u64) -> Result<(), String> {
        let mut synced = lock(&self.synced);
        if *synced >= line {
            return Ok(());
        }
        let lines = {
            let written = lock(&self.written);
            // A disk may report a failure to the first only who asks (fsync(2)).
            if let Some(why) = &written.broken {
                return Err(why.clone());
            }
            written.lines
        };
        if let Err(error) = self.file.sync_data() {
            // What is on the disk is no longer known.
            return Err(lock(&self.written).broken.insert(error.to_string()).clone());
        }
        *synced = lines;
        Ok(())
    }

    /// Lets others write it. Whoever still holds it here writes nothing more: it would not stand
    /// behind what they write.
    pub(super) fn close(&self) {
        let mut written = lock(&self.written);
        written
            .broken
            .get_or_insert_with(|| "its run has ended".to_owned());
        // What fails here ends with the process at the latest.
        let _ = self.file.unlock();
    }

    /// Adds a line that is on the disk when this returns.
    pub(super) fn note(&self, line: &Line) -> Result<(), String> {
        self.write(line).and_then(|line| self.sync(line))
    }
}

/// A process forked meanwhile has the file, too, until it becomes another program: closing it here
/// would leave the lock to that one (flock(2)).
impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

const ELSEWHERE: &str = "Cure what the file is on, or give another path.";

pub(super) fn failed(path: &Path, done: &str, why: &str, next: &str) -> Error {
    let path = path.display();
    let failed = format!("The journal {path} could not be {done}: {why}. Nothing was sent.");
    Details::new(ErrorKind::Journal, failed, next).into()
}

/// Writes down what happens to one change.
pub(super) struct Entry {
    pub(super) journal: Arc<Journal>,
    pub(super) row: u32,
}

impl Recorder for Entry {
    fn sending(&self, change: &PendingOperation) -> Result<(), String> {
        self.journal.note(&Line::Sending {
            row: self.row,
            change: change.clone(),
        })
    }

    fn refused(&self) {
        // Without this line a later run takes it for a request that may have been acted on.
        let _ = self.journal.write(&Line::Refused { row: self.row });
    }

    fn lost(&self, said_done: bool, asked: Option<Duration>) {
        let asked = asked.map(|asked| u64::try_from(asked.as_millis()).unwrap_or(u64::MAX));
        // A journal that takes it no more takes no further request either.
        let _ = self.journal.note(&Line::Lost(Lost {
            row: self.row,
            at: milliseconds(SystemTime::now()),
            said_done,
            asked,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_lock_ends_with_it() {
        let path = std::env::temp_dir().join(format!("journal-{}", uuid::Uuid::new_v4()));
        let journal = Journal::create(&path).unwrap();
        // As a forked process has it.
        let forked = journal.file.try_clone().unwrap();
        assert!(Journal::open(&path).is_err());
        drop(journal);
        let journal = Journal::open(&path).unwrap().0;
        journal.close();
        let again = Journal::open(&path);
        std::fs::remove_file(&path).unwrap();
        assert!(again.is_ok());
        drop(forked);
        // Whoever comes too late writes into no other run's file, and is told so.
        assert!(journal.note(&Line::Refused { row: 0 }).is_err());
        assert!(journal.sync(u64::MAX).is_err());
    }
}
