//! Entries of the sign-in authority: no token, a form, and an answer that holds a token.

use super::*;

const FORM: &str = "scope=${api}/.default&client_id=app&client_secret=s%2Bcret-one\
    &grant_type=client_credentials";

fn token_entry() -> Value {
    json!({
        "request": {
            "method": "POST",
            "url": "https://login.example/tenant/oauth2/v2.0/token",
            "headers": [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}],
            "postData": {"mimeType": "application/x-www-form-urlencoded", "text": FORM}
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [],
            "content": {"text": "{\"access_token\":\"${token:2}\",\"issuer\":\"${api}/tenant\"}"}
        },
        "_match": {"token": 0}
    })
}

fn post(form: &str, more: &str) -> String {
    format!(
        "POST /tenant/oauth2/v2.0/token HTTP/1.1\r\n{more}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    )
}

/// The form as another client would write it: another order, everything encoded.
fn good_form(running: &Running) -> String {
    format!(
        "grant_type=client%5Fcredentials&client_secret=s%2Bcret-one&client_id=app\
         &scope=https%3A%2F%2F127.0.0.1%3A{}%2F.default",
        running.replay.port()
    )
}

#[test]
fn a_sign_in_is_matched_and_answered_with_a_token() {
    let running = Running::new(&[token_entry(), second_entry(), token_entry()]);
    let reply = running.send(&post(&good_form(&running), ""));
    let port = running.replay.port();
    assert_eq!(
        reply.text(),
        format!(
            "{{\"access_token\":\"second-token\",\"issuer\":\"https://127.0.0.1:{port}/tenant\"}}"
        )
    );
    assert_eq!(running.send(&second_put()).status(), 200);
    assert_eq!(running.send(&post(&good_form(&running), "")).status(), 200);
    assert_eq!(running.finish(), clean(3));
}

#[test]
fn a_token_where_none_is_due_is_a_failure() {
    for (header, got) in [
        ("Bearer first-token", "the token of position 1"),
        ("Bearer first-secret", "a token that the case does not have"),
        ("Basic first-secret", "a value that is not a bearer token"),
    ] {
        let running = Running::new(&[token_entry()]);
        let authorization = format!("Authorization: {header}\r\n");
        let reply = running.send(&post(&good_form(&running), &authorization));
        assert_eq!(reply.status(), 599);
        let failure = &running.finish().failures[0];
        let expected = format!("header authorization: expected none, got {got}");
        assert!(failure.ends_with(&expected), "{failure}");
    }
}

#[test]
fn no_secret_of_a_form_is_in_a_failure() {
    // Another secret, the due one in the wrong places, and a form where JSON or nothing is due.
    let running = Running::new(&[token_entry(), entry()]);
    let good = good_form(&running);
    let wrong = good.replace("s%2Bcret-one", "other-secret");
    let mut replies = vec![running.send(&post(&wrong, "")).text()];
    let misplaced = format!("{good}&client_id=s%2Bcret-one&s+cret-one&other-secret=1");
    replies.push(running.send(&post(&misplaced, "X-Secret: 1\r\n")).text());
    let in_path = post(&good, "").replace("/tenant/", "/s+cret-one/s%2Bcret-one/");
    replies.push(running.send(&in_path).text());
    assert_eq!(running.send(&post(&good, "")).status(), 200);
    replies.push(running.send(&post(&good, "")).text());
    replies.push(
        running
            .send(&post(&good, "").replace("-Type", "-Kind"))
            .text(),
    );

    assert!(replies[0].contains("form parameter client_secret: another value"));
    assert!(replies[3].contains("body: expected 3, got a form of client_id, client_secret"));
    assert!(replies[4].contains("body: expected 3, got a form of client_id, client_secret"));
    let mut texts = running.finish().failures;
    assert_eq!(texts.len(), 6);
    texts.append(&mut replies);
    for text in texts {
        for secret in ["cret-one", "other-secret"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
