//! The one error type of this crate.

use std::fmt;
use std::io;

/// Why a server could not be started.
#[derive(Debug)]
pub enum ServerError {
    /// A file could not be read.
    Unreadable {
        /// The file, relative to the fixtures directory.
        file: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file was read, but is not what it should be.
    Invalid {
        /// The file, relative to the fixtures directory.
        file: String,
        /// The member at fault, such as `log.entries[0].response.status`; empty for the whole file.
        member: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The name of a case or a recording is not one that can exist.
    Name(String),
    /// The certificates could not be made.
    Certificate(String),
    /// The socket could not be opened.
    Socket(io::Error),
}

impl fmt::Display for ServerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, source } => write!(f, "{file}: cannot be read: {source}"),
            Self::Invalid {
                file,
                member,
                problem,
            } if member.is_empty() => write!(f, "{file}: {problem}"),
            Self::Invalid {
                file,
                member,
                problem,
            } => write!(f, "{file}: {member}: {problem}"),
            Self::Name(name) => write!(f, "{name:?} is not the name of a case or a recording"),
            Self::Certificate(problem) => write!(f, "no certificate could be made: {problem}"),
            Self::Socket(source) => write!(f, "no socket could be opened: {source}"),
        }
    }
}

impl std::error::Error for ServerError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { source, .. } | Self::Socket(source) => Some(source),
            _ => None,
        }
    }
}
