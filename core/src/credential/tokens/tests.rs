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
    let asking = Asking {
        control: &Control::default(),
        deadline: Instant::now() + Duration::from_secs(60),
        claims: None,
        send: &|_| None,
    };
    tokens.get(need, &asking)
}

fn lasting(token: &str, seconds: u64) -> AccessToken {
    let end = SystemTime::now() + Duration::from_secs(seconds);
    AccessToken::new(token, Some(end))
}

#[test]
fn many_waiting_threads_make_one_call() {
    let (tokens, calls) = tokens(|_| Ok(lasting("a", 3600)));
    std::thread::scope(|scope| {
        for _ in 0..64 {
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
        for _ in 0..64 {
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
    let start = std::sync::Barrier::new(64);
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                start.wait();
                assert!(matches!(
                    get(&tokens, Need::Any),
                    Err(TokenFailure::Provider(_))
                ));
            });
        }
    });
    // A thread that came late enough to miss a call makes another one.
    assert!(calls.load(Ordering::SeqCst) < 16);
}

#[test]
fn an_early_renewal_may_fail_and_a_late_one_may_not() {
    let (early, calls) = tokens(|call| match call {
        0 => Ok(lasting("a", 200)),
        // Each of them an early renewal that gives nothing better.
        1 => Err(TokenProviderError("down".into())),
        _ => Ok(AccessToken::new("", None)),
    });
    let renew = |pause: bool| {
        let mut state = lock(&early.state);
        state.current.as_mut().unwrap().renew_at = Some(SystemTime::now());
        state.renew_after = state.renew_after.filter(|_| pause);
    };
    assert_eq!(get(&early, Need::Any).ok().unwrap(), "a");
    for calls_by_then in [2, 3] {
        renew(false);
        for _ in 0..5 {
            assert_eq!(get(&early, Need::Any).ok().unwrap(), "a");
        }
        assert_eq!(calls.load(Ordering::SeqCst), calls_by_then);
    }
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
fn a_short_life_is_not_all_renewal() {
    let (tokens, calls) = tokens(|call| Ok(lasting(&format!("t{call}"), 240)));
    for _ in 0..20 {
        assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "t0");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[test]
fn only_a_token_that_was_fetched_for_the_claims_will_do() {
    let (tokens, calls) = tokens(|call| Ok(AccessToken::new(format!("t{call}"), None)));
    let for_claims = |need: Need<'_>| {
        let asking = Asking {
            control: &Control::default(),
            deadline: Instant::now() + Duration::from_secs(60),
            claims: Some("{}"),
            send: &|_| None,
        };
        tokens.get(need, &asking).ok().unwrap()
    };
    assert_eq!(get(&tokens, Need::Any).ok().unwrap(), "t0");
    assert_eq!(get(&tokens, Need::OtherThan("t0")).ok().unwrap(), "t1");
    // Another token than the refused one, but nobody asked for these claims.
    assert_eq!(for_claims(Need::OtherThan("t0")), "t2");
    assert_eq!(for_claims(Need::OtherThan("t0")), "t2");
    assert_eq!(calls.load(Ordering::SeqCst), 3);
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
