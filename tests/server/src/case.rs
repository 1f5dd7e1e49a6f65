//! The parts of a case file that the server needs.

use crate::error::ServerError;
use crate::member::Document;
use std::path::Path;

/// One case: what the credential hands out, and which recording answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    /// The path of the file below `cases`, without `.json`.
    pub id: String,
    /// The tokens in the order in which the credential hands them out.
    pub tokens: Vec<String>,
    /// The name of the recording; `None` when nothing may reach the server.
    pub recording: Option<String>,
}

impl Case {
    /// Reads `cases/ID.json` below `fixtures`.
    pub fn load(fixtures: &Path, id: &str) -> Result<Self, ServerError> {
        let document = Document::read(fixtures, "cases", id, "json")?;
        let case = document.root();
        let named = case.get("id")?;
        if named.text()? != id {
            return Err(named.wrong(format!("must be {id:?}, as the file is named")));
        }
        let tokens = case.get("tokens")?;
        let texts: Vec<String> = tokens
            .items()?
            .iter()
            .map(|token| match token.line()? {
                "" => Err(token.wrong("must not be empty")),
                text => Ok(text.to_owned()),
            })
            .collect::<Result<_, _>>()?;
        if texts.is_empty() {
            return Err(tokens.wrong("must not be empty"));
        }
        let recording = case.get("recording")?;
        let recording = if recording.is_null() {
            None
        } else {
            Some(recording.text()?.to_owned())
        };
        Ok(Self {
            id: id.to_owned(),
            tokens: texts,
            recording,
        })
    }
}
