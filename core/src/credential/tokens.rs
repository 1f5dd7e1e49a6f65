use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant, SystemTime};

use super::{AccessToken, Credential, Source, TokenProviderError, TokenRequest, asked_for};
use crate::pending::{Control, lock};

/// A token is renewed this long before it expires.
const MARGIN: Duration = Duration::from_secs(300);
/// How often a call that waits for another's token looks whether its own caller has left.
const TICK: Duration = Duration::from_millis(50);

/// Which token will do.
#[derive(Clone, Copy)]
pub(crate) enum Need<'a> {
    Any,
    /// Not this one: the service refused it.
    OtherThan(&'a str),
}

/// Why there is no token.
pub(crate) enum TokenFailure {
    Provider(TokenProviderError),
    Same,
    NoHeader,
    Cancelled,
    Timeout,
}

/// The token of one client: one call of the credential for all that wait.
pub(crate) struct Tokens {
    client: u64,
    source: Source,
    scope: String,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    current: Option<AccessToken>,
    fetching: bool,
    /// How many fetches have begun, and how the last one that failed did.
    fetches: u64,
    failed: Option<(u64, TokenProviderError)>,
}

impl Tokens {
    pub(crate) fn new(client: u64, credential: Credential, scope: String) -> Self {
        Self {
            client,
            source: credential.0,
            scope,
            state: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    /// The service refused it: nobody gets it any more.
    pub(crate) fn drop_refused(&self, token: &str) {
        let mut state = lock(&self.state);
        state.current = state.current.take().filter(|held| held.token != token);
    }

    /// The text of a token that will do.
    pub(crate) fn get(
        &self,
        need: Need<'_>,
        control: &Control,
        deadline: Instant,
    ) -> Result<String, TokenFailure> {
        if let Some(token) = self.held_or_turn(need, control, deadline)? {
            return Ok(token);
        }
        let turn = Turn(self);
        let fetched = self.fetch(need, control, deadline);
        let mut state = lock(&self.state);
        let result = match fetched {
            Ok(token) => {
                let text = token.token.clone();
                if matches!(need, Need::OtherThan(refused) if refused == text) {
                    Err(TokenFailure::Same)
                } else {
                    state.current = Some(token);
                    Ok(text)
                }
            }
            Err(TokenFailure::Provider(error)) => {
                state.failed = Some((state.fetches, error.clone()));
                // An early renewal may fail while the held token still works.
                let held = state.current.as_ref().filter(|held| held.will_do(need));
                held.map(|held| held.token.clone())
                    .ok_or(TokenFailure::Provider(error))
            }
            Err(failure) => Err(failure),
        };
        drop(state);
        drop(turn);
        result
    }

    /// A token that is held, or `None` when it is this call's turn to fetch one. Who waited for
    /// another's fetch shares its failure: N callers must not knock N times at a closed door.
    fn held_or_turn(
        &self,
        need: Need<'_>,
        control: &Control,
        deadline: Instant,
    ) -> Result<Option<String>, TokenFailure> {
        let mut waited_for = None;
        let mut state = lock(&self.state);
        loop {
            let usable = state.current.as_ref().filter(|held| held.will_do(need));
            if let Some(held) = usable
                && (state.fetching || !held.is_due())
            {
                return Ok(Some(held.token.clone()));
            }
            if control.is_cancelled() {
                return Err(TokenFailure::Cancelled);
            }
            if !state.fetching {
                if let Some((fetch, error)) = &state.failed
                    && waited_for == Some(*fetch)
                {
                    return Err(TokenFailure::Provider(error.clone()));
                }
                state.fetching = true;
                state.fetches += 1;
                return Ok(None);
            }
            waited_for = Some(state.fetches);
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(TokenFailure::Timeout);
            }
            state = self
                .changed
                .wait_timeout(state, left.min(TICK))
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .0;
        }
    }

    fn fetch(
        &self,
        need: Need<'_>,
        control: &Control,
        deadline: Instant,
    ) -> Result<AccessToken, TokenFailure> {
        let request = TokenRequest {
            scopes: vec![self.scope.clone()],
            force_refresh: matches!(need, Need::OtherThan(_)),
        };
        let token = match &self.source {
            Source::Provider(provider) => asked_for(self.client, || provider.token(&request))
                .map_err(TokenFailure::Provider)?,
            Source::Waiter => control.ask(request, deadline)?,
        };
        // RFC 6750, 2.1: b64token. Anything else would break the header, or be somebody's mistake.
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
        if token.token.is_empty() || !token.token.bytes().all(fits) {
            return Err(TokenFailure::NoHeader);
        }
        Ok(token)
    }
}

impl AccessToken {
    fn will_do(&self, need: Need<'_>) -> bool {
        let refused = matches!(need, Need::OtherThan(refused) if refused == self.token);
        !refused && self.expires_on.is_none_or(|end| end > SystemTime::now())
    }

    fn is_due(&self) -> bool {
        self.expires_on
            .is_some_and(|end| end <= SystemTime::now() + MARGIN)
    }
}

/// Lets the next in line ask, however the fetch ends.
struct Turn<'a>(&'a Tokens);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.0.state).fetching = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::credential::TokenProvider;

    struct Counting {
        calls: Arc<AtomicUsize>,
        give: fn(usize) -> Result<AccessToken, TokenProviderError>,
    }

    impl TokenProvider for Counting {
        fn token(&self, _: &TokenRequest) -> Result<AccessToken, TokenProviderError> {
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
            (self.give)(call)
        }
    }

    fn tokens(
        give: fn(usize) -> Result<AccessToken, TokenProviderError>,
    ) -> (Tokens, Arc<AtomicUsize>) {
        let calls = Arc::new(AtomicUsize::new(0));
        let provider = Counting {
            calls: Arc::clone(&calls),
            give,
        };
        (Tokens::new(0, provider.into(), String::new()), calls)
    }

    fn get(tokens: &Tokens, need: Need<'_>) -> Result<String, TokenFailure> {
        tokens.get(
            need,
            &Control::default(),
            Instant::now() + Duration::from_secs(60),
        )
    }

    fn lasting(token: &str, seconds: u64) -> AccessToken {
        let end = SystemTime::now() + Duration::from_secs(seconds);
        AccessToken::new(token, Some(end))
    }

    #[test]
    fn many_waiting_threads_make_one_call() {
        let (tokens, calls) = tokens(|_| Ok(lasting("a", 3600)));
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "a"));
            }
        });
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn many_threads_with_one_refused_token_make_one_call() {
        let (tokens, calls) = tokens(|call| Ok(AccessToken::new(format!("t{call}"), None)));
        assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "t0");
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    assert_eq!(get(&tokens, Need::OtherThan("t0")).ok().unwrap(), "t1");
                });
            }
        });
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn the_refused_token_again_is_said_so() {
        let (tokens, _) = tokens(|_| Ok(AccessToken::new("a", None)));
        assert!(get(&tokens, Need::Any).is_ok());
        let again = get(&tokens, Need::OtherThan("a"));
        assert!(matches!(again, Err(TokenFailure::Same)));
    }

    #[test]
    fn a_refused_token_is_given_to_nobody_again() {
        let (tokens, calls) = tokens(|call| Ok(AccessToken::new(format!("t{call}"), None)));
        assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "t0");
        tokens.drop_refused("another");
        assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "t0");
        tokens.drop_refused("t0");
        assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "t1");
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn who_waited_for_a_failing_call_shares_its_failure() {
        let (tokens, calls) = tokens(|_| {
            std::thread::sleep(Duration::from_millis(200));
            Err(TokenProviderError("down".into()))
        });
        let start = std::sync::Barrier::new(32);
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| {
                    start.wait();
                    assert!(matches!(
                        get(&tokens, Need::Any),
                        Err(TokenFailure::Provider(_))
                    ));
                });
            }
        });
        // A thread that came late enough to miss the first call makes the second one.
        assert!(calls.load(Ordering::SeqCst) <= 2);
    }

    #[test]
    fn an_early_renewal_may_fail_and_a_late_one_may_not() {
        let (early, calls) = tokens(|call| match call {
            0 => Ok(lasting("a", 200)),
            _ => Err(TokenProviderError("down".into())),
        });
        for _ in 0..2 {
            assert_eq!(get(&early, Need::Any).ok().unwrap(), "a");
        }
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        let (late, _) = tokens(|call| match call {
            0 => Ok(lasting("a", 0)),
            _ => Err(TokenProviderError("down".into())),
        });
        assert!(get(&late, Need::Any).is_ok());
        assert!(matches!(
            get(&late, Need::Any),
            Err(TokenFailure::Provider(_))
        ));
    }

    #[test]
    fn a_token_that_no_header_may_hold_is_refused() {
        for text in ["", "a b", "a\r\nx: y", "ä"] {
            let tokens = Tokens::new(0, crate::StaticToken::new(text).into(), String::new());
            assert!(matches!(
                get(&tokens, Need::Any),
                Err(TokenFailure::NoHeader)
            ));
        }
    }
}
