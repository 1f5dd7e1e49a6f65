//! The tokens that are accepted, and what they are given out for.

use std::io;
use uuid::Uuid;

/// What an accepted token says of its bearer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// A user signed in to the application.
    User,
    /// The application alone.
    Application,
}

/// Why a request was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unauthorized {
    Missing,
    Wrong,
}

/// The application's secrets and its tokens of now.
#[derive(Clone)]
pub(super) struct SignIn {
    client_secret: String,
    user_token: String,
    application_token: String,
    /// What every refresh token begins with; its number follows.
    refresh_root: String,
    /// The number of the latest refresh token.
    refreshes: u64,
}

impl SignIn {
    /// A token must be visible ASCII without spaces, as it goes into a header.
    pub(super) fn new(token: Option<String>) -> io::Result<Self> {
        let user_token = token.unwrap_or_else(|| invent("emulator"));
        if user_token.is_empty() || !user_token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the token must be visible ASCII without spaces",
            ));
        }
        Ok(Self {
            client_secret: invent("emulator-secret"),
            user_token,
            application_token: invent("emulator-app"),
            refresh_root: invent("emulator-refresh"),
            refreshes: 0,
        })
    }

    pub(super) fn client_secret(&self) -> &str {
        &self.client_secret
    }

    pub(super) fn token(&self, caller: Caller) -> &str {
        match caller {
            Caller::User => &self.user_token,
            Caller::Application => &self.application_token,
        }
    }

    /// Replaces the tokens; the old ones are refused from now on.
    pub(super) fn expire(&mut self) {
        self.user_token = invent("emulator");
        self.application_token = invent("emulator-app");
    }

    /// Who sends these `Authorization` headers.
    pub(super) fn caller(&self, authorization: &[&str]) -> Result<Caller, Unauthorized> {
        let given = match authorization {
            [] => return Err(Unauthorized::Missing),
            [one] => bearer(one),
            _ => None,
        };
        [Caller::User, Caller::Application]
            .into_iter()
            .find(|caller| given == Some(self.token(*caller)))
            .ok_or(Unauthorized::Wrong)
    }

    /// The latest refresh token.
    pub(super) fn refresh_token(&self) -> String {
        format!("{}-{}", self.refresh_root, self.refreshes)
    }

    /// The next refresh token. Those before it stay valid.
    pub(super) fn rotate(&mut self) -> String {
        self.refreshes += 1;
        self.refresh_token()
    }

    pub(super) fn is_refresh_token(&self, text: &str) -> bool {
        text.rsplit_once('-').is_some_and(|(root, number)| {
            let issued = number.parse::<u64>().ok().filter(|n| *n <= self.refreshes);
            // No other spelling of the number.
            root == self.refresh_root && issued.is_some_and(|n| n.to_string() == number)
        })
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn invent(kind: &str) -> String {
    format!("{kind}-{}", Uuid::new_v4().simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refresh_token_that_was_given_out_stays_valid() {
        let mut sign_in = SignIn::new(None).unwrap();
        let first = sign_in.refresh_token();
        let second = sign_in.rotate();
        assert_ne!(first, second);
        assert_eq!(sign_in.refresh_token(), second);
        assert!(sign_in.is_refresh_token(&first) && sign_in.is_refresh_token(&second));
        let root = first.strip_suffix("-0").unwrap();
        for wrong in [
            format!("{root}-2"),
            format!("{root}-00"),
            format!("{root}-+1"),
            format!("{root}-"),
            root.to_owned(),
            "other-0".to_owned(),
            String::new(),
        ] {
            assert!(!sign_in.is_refresh_token(&wrong), "{wrong}");
        }
    }
}
