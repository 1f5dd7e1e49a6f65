//! What stands before every endpoint: 503, 401 and 429.

use super::*;

fn body(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn one_in_so_many_requests_is_throttled() {
    let emulator = with(Switches {
        throttle_every: 3,
        retry_after_s: 57,
        ..Switches::default()
    });
    for _ in 0..2 {
        assert_eq!(read(&emulator, CONTOSO), "none");
        // Without a good token, nobody counts.
        assert_eq!(raw(&emulator, "GET /v1 HTTP/1.1\r\n\r\n").status(), 401);
        assert_eq!(call(&emulator, "GET", "/nowhere", "").status(), 404);
        let reply = set(&emulator, CONTOSO, &id(1)).reply();
        assert_eq!(reply.status_line, "HTTP/1.1 429 Too Many Requests");
        assert_eq!(reply.header("Retry-After"), Some("57"));
        let message = "Rate limit is exceeded. Try again in 57 seconds.";
        assert_eq!(body(&reply), json!({"statusCode": 429, "message": message}));
    }
    let seen = Writes {
        arrived: 2,
        refused: 2,
        rejected: 0,
    };
    assert_eq!(emulator.writes_of(&id(1)), seen);
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn the_next_requests_are_refused_in_spite_of_their_token() {
    let emulator = with(Switches {
        unauthorized: Chance::times(2),
        ..Switches::default()
    });
    // A wrong token is refused anyway.
    assert_eq!(call_as(&emulator, "wrong", "GET", "/v1", "").status(), 401);
    assert_eq!(emulator.switches().unauthorized, Chance::times(2));
    for _ in 0..2 {
        let reply = set(&emulator, CONTOSO, &id(1)).reply();
        assert_eq!(fault(&reply), (401, json!(800_001)));
        let challenge = reply.header("WWW-Authenticate");
        assert_eq!(challenge, Some("Bearer error=\"invalid_token\""));
    }
    assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
    let seen = Writes {
        arrived: 3,
        refused: 2,
        rejected: 0,
    };
    assert_eq!(emulator.writes_of(&id(1)), seen);
}

#[test]
fn the_service_is_unavailable_for_a_while_or_for_good() {
    let emulator = with(Switches {
        unavailable: Chance::times(2),
        ..Switches::default()
    });
    let reply = set(&emulator, CONTOSO, &id(1)).reply();
    assert_eq!(reply.status_line, "HTTP/1.1 503 Service Unavailable");
    assert_eq!(body(&reply)["statusCode"], 503);
    assert_eq!(call_as(&emulator, "wrong", "GET", "/v1", "").status(), 503);
    assert_eq!(set(&emulator, CONTOSO, &id(1)).status(), 200);
    let seen = Writes {
        arrived: 2,
        ..Writes::default()
    };
    assert_eq!(emulator.writes_of(&id(1)), seen);

    emulator.set_switches(Switches {
        unavailable: Chance::ALWAYS,
        ..Switches::default()
    });
    for _ in 0..20 {
        assert_eq!(get(&emulator, CONTOSO).status(), 503);
    }
    // The authority is another service.
    let configuration = "/contoso.example/v2.0/.well-known/openid-configuration";
    assert_eq!(call(&emulator, "GET", configuration, "").status(), 200);
}

#[test]
fn mfa_is_reported_with_any_answer_that_follows_a_good_token() {
    let emulator = with(Switches {
        unauthorized: Chance::times(1),
        ..Switches::default()
    });
    let request = format!(
        "GET /nowhere HTTP/1.1\r\nAuthorization: Bearer {}\r\nValidateMfa: true\r\n\r\n",
        emulator.token()
    );
    assert_eq!(raw(&emulator, &request).header("isMfaCompliant"), None);
    let reply = raw(&emulator, &request);
    assert_eq!(reply.status(), 404);
    assert_eq!(reply.header("isMfaCompliant"), Some("true"));
}
