//! The listener to which a recording redirects and no request may go.

use super::*;

fn redirect(to: &str) -> Value {
    let mut entry = entry();
    entry["response"]["status"] = json!(307);
    entry["response"]["headers"] = json!([{"name": "Location", "value": to}]);
    entry
}

#[test]
fn what_follows_a_redirect_is_counted_and_a_failure() {
    let running = Running::new(&[redirect("${redirect}/v1/x")]);
    let reply = running.send(PUT);
    let target = reply.header("Location").unwrap();
    let port = target.strip_prefix("https://127.0.0.1:").unwrap();
    let port = port.strip_suffix("/v1/x").unwrap().parse().unwrap();
    assert_ne!(port, running.replay.port());

    let mut stream = connect(running.authority.pem(), "127.0.0.1", "http/1.1", port);
    assert_eq!(exchange(&mut stream, PUT).status(), 599);
    // One that is not whole counts too.
    stream.write_all(b"PUT /v1").unwrap();
    running.until(|account| account.progress().1 == 2);
    drop(stream);
    let mut stream = connect(running.authority.pem(), "127.0.0.1", "http/1.1", port);
    assert_eq!(exchange(&mut stream, PUT).status(), 599);

    let verdict = running.finish();
    assert_eq!((verdict.requests, verdict.redirected), (1, 3));
    assert_eq!(verdict.failures.len(), 3);
    let followed = "a request followed a redirect: PUT /v1/customers/4d3cf487/qualification";
    let whole = verdict.failures.iter().filter(|text| *text == followed);
    assert_eq!(whole.count(), 2);
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn a_redirect_that_is_not_followed_is_clean() {
    for to in ["${redirect}/", "${api}/v1/x", "/v1/x"] {
        let running = Running::new(&[redirect(to)]);
        assert_eq!(running.send(PUT).status(), 307);
        assert_eq!(running.finish(), clean(1));
    }
}

#[test]
fn there_is_no_second_listener_where_none_is_named() {
    let running = Running::new(&[redirect("${api}/v1/x")]);
    assert_eq!(running.replay.listeners.len(), 1);
    let running = Running::new(&[redirect("${redirect}/v1/x")]);
    assert_eq!(running.replay.listeners.len(), 2);
}
