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
    let (_, port) = own.rsplit_once(':').unwrap_or_default();
    let local = format!("localhost:{port}");
    let host = match request.values("host").as_slice() {
        [host] if [own, local.as_str()].contains(&host.to_ascii_lowercase().as_str()) => *host,
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
