//! Whom the emulator itself answers: programs of this machine, and its own page.
//!
//! Any site that is open in a browser can send requests here. It cannot choose the `Host`, unless
//! its own name leads here; nor leave out `Origin` and `Sec-Fetch-Site`; nor send JSON without
//! asking first, which is never allowed.

use crate::form;
use crate::http::Request;

/// Whether it may come in; else why not.
pub(super) fn check(request: &Request, url: &str) -> Result<(), (u16, String)> {
    let forbidden = |text: &str| Err((403, text.to_owned()));
    let (scheme, own) = url.split_once("://").unwrap_or_default();
    let (address, port) = own.rsplit_once(':').unwrap_or_default();
    let local = format!("localhost:{port}");
    let mut hosts = vec![own, &local];
    // A client leaves out the port that the scheme has anyway (RFC 9110, section 4.2).
    if [("http", "80"), ("https", "443")].contains(&(scheme, port)) {
        hosts.extend([address, "localhost"]);
    }
    let host = match request.values("host").as_slice() {
        [host] if hosts.iter().any(|one| host.eq_ignore_ascii_case(one)) => *host,
        _ => return forbidden(&format!("the host must be {own} or {local}")),
    };
    let is_ours = |origin: &&str| origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"));
    if !request.values("origin").iter().all(is_ours) {
        return forbidden("another site's page may not ask");
    }
    // The page itself may be led to by a link; there is nothing in it yet.
    let is_page = request.path == "/";
    let sites = request.values("sec-fetch-site");
    if !is_page
        && !sites
            .iter()
            .all(|one| ["same-origin", "none"].contains(one))
    {
        return forbidden("another site's page may not ask");
    }
    let content = request.header("content-type").unwrap_or_default();
    if request.method != "GET" && !form::is_of("application/json", content) {
        return Err((415, "the Content-Type must be application/json".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lets_in(url: &str, host: &str, origin: &str) -> bool {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = Request {
            method: "GET".to_owned(),
            path: "/emulator/state".to_owned(),
            query: None,
            headers: vec![header("Host", host), header("Origin", origin)],
            body: Vec::new(),
            keep_alive: false,
        };
        check(&request, url).is_ok()
    }

    #[test]
    fn the_port_that_a_scheme_has_may_be_left_out() {
        let url = "http://127.0.0.1:80";
        assert!(lets_in(url, "127.0.0.1", "http://127.0.0.1"));
        assert!(lets_in(url, "localhost", "http://localhost"));
        assert!(lets_in(url, "127.0.0.1:80", "http://127.0.0.1:80"));
        assert!(!lets_in(url, "127.0.0.1", "https://127.0.0.1"));
        assert!(!lets_in(
            "http://127.0.0.1:443",
            "127.0.0.1",
            "http://127.0.0.1"
        ));
        assert!(!lets_in(
            "https://127.0.0.1:80",
            "localhost",
            "https://localhost"
        ));
    }
}
