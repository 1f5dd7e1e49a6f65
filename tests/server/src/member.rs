//! A JSON value that knows where it stands, so that an error can name the member at fault.

use crate::error::ServerError;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

/// A parsed file and its name relative to the fixtures directory.
pub(crate) struct Document {
    file: String,
    value: Value,
}

/// One value inside a [`Document`].
#[derive(Clone)]
pub(crate) struct Member<'a> {
    file: &'a str,
    path: String,
    value: &'a Value,
}

impl Document {
    /// Reads `folder/name.extension` below `fixtures`. The name must stay below the folder.
    pub(crate) fn read(
        fixtures: &Path,
        folder: &str,
        name: &str,
        extension: &str,
    ) -> Result<Self, ServerError> {
        if !is_safe_name(name) {
            return Err(ServerError::Name(name.to_owned()));
        }
        let file = format!("{folder}/{name}.{extension}");
        let bytes = fs::read(fixtures.join(&file)).map_err(|source| ServerError::Unreadable {
            file: file.clone(),
            source,
        })?;
        Self::parse(file, &bytes)
    }

    pub(crate) fn parse(file: String, bytes: &[u8]) -> Result<Self, ServerError> {
        match serde_json::from_slice(bytes) {
            Ok(value) => Ok(Self { file, value }),
            Err(error) => Err(ServerError::Invalid {
                file,
                member: String::new(),
                problem: format!("is not JSON: {error}"),
            }),
        }
    }

    pub(crate) fn root(&self) -> Member<'_> {
        Member {
            file: &self.file,
            path: String::new(),
            value: &self.value,
        }
    }
}

fn is_safe_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.split('/')
        .all(|part| !part.is_empty() && !part.starts_with('.') && part.chars().all(plain))
}

impl<'a> Member<'a> {
    pub(crate) fn wrong(&self, problem: impl Into<String>) -> ServerError {
        ServerError::Invalid {
            file: self.file.to_owned(),
            member: self.path.clone(),
            problem: problem.into(),
        }
    }

    fn object(&self) -> Result<&'a Map<String, Value>, ServerError> {
        self.value
            .as_object()
            .ok_or_else(|| self.wrong("must be an object"))
    }

    fn child(&self, name: &str, value: &'a Value) -> Self {
        let path = if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        };
        Self {
            file: self.file,
            path,
            value,
        }
    }

    /// The member `name`, which must be there.
    pub(crate) fn get(&self, name: &str) -> Result<Self, ServerError> {
        match self.optional(name)? {
            Some(member) => Ok(member),
            None => Err(self.child(name, self.value).wrong("is missing")),
        }
    }

    /// The member `name`, if it is there.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<Self>, ServerError> {
        let value = self.object()?.get(name);
        Ok(value.map(|value| self.child(name, value)))
    }

    /// Refuses every member that is not named here: a typing error must not pass for a default.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), ServerError> {
        match self
            .object()?
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()))
        {
            Some((name, value)) => Err(self.child(name, value).wrong("is not a known member")),
            None => Ok(()),
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        self.value.is_null()
    }

    pub(crate) fn text(&self) -> Result<&'a str, ServerError> {
        self.value
            .as_str()
            .ok_or_else(|| self.wrong("must be a text"))
    }

    /// A text that fits on one line of a response head.
    pub(crate) fn line(&self) -> Result<&'a str, ServerError> {
        let text = self.text()?;
        if text.chars().any(|c| c.is_control() && c != '\t') {
            return Err(self.wrong("must not contain control characters"));
        }
        Ok(text)
    }

    pub(crate) fn number(&self) -> Result<u64, ServerError> {
        self.value
            .as_u64()
            .ok_or_else(|| self.wrong("must be a whole number, not negative"))
    }

    pub(crate) fn items(&self) -> Result<Vec<Self>, ServerError> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| self.wrong("must be an array"))?;
        Ok(items
            .iter()
            .enumerate()
            .map(|(index, value)| Self {
                file: self.file,
                path: format!("{}[{index}]", self.path),
                value,
            })
            .collect())
    }
}
