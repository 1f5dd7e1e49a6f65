//! The sign-in authority.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

fn post(emulator: &Emulator, tenant: &str, form: &str) -> Reply {
    let request = format!(
        "POST /{tenant}/oauth2/v2.0/token HTTP/1.1\r\n\
         Content-Type: application/x-www-form-urlencoded;charset=utf-8\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    raw(emulator, &request)
}

fn refresh(emulator: &Emulator, refresh_token: &str) -> Reply {
    let form = format!(
        "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={refresh_token}\
         &scope=http%3A%2F%2F127.0.0.1%2Fuser_impersonation+offline_access",
        emulator.client_id(),
        emulator.client_secret(),
    );
    post(emulator, emulator.tenant(), &form)
}

fn application(emulator: &Emulator) -> Reply {
    let form = format!(
        "scope=http%3A%2F%2F127.0.0.1%2F.default&client_secret={}&client_id={}\
         &grant_type=client%5Fcredentials",
        emulator.client_secret(),
        emulator.client_id(),
    );
    post(emulator, emulator.tenant(), &form)
}

/// The answer's document; the sign-in authority writes no byte order mark.
fn json(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn granted(reply: &Reply) -> Value {
    assert_eq!(reply.status_line, "HTTP/1.1 200 OK", "{reply:?}");
    assert_eq!(reply.header("Cache-Control"), Some("no-store, no-cache"));
    assert!(reply.header("MS-RequestId").is_none() && reply.header("MS-CV").is_none());
    json(reply)
}

/// Status, OAuth error and AADSTS number; the rest has the documented form.
fn refused(reply: &Reply) -> (u16, String, u64) {
    let body = json(reply);
    let code = body["error_codes"][0].as_u64().unwrap();
    let description = body["error_description"].as_str().unwrap();
    assert!(
        description.starts_with(&format!("AADSTS{code}: ")),
        "{body}"
    );
    for part in [" Trace ID: ", " Correlation ID: ", " Timestamp: "] {
        assert!(description.contains(part), "{body}");
    }
    assert_eq!(body["timestamp"].as_str().unwrap().len(), 20);
    for id in ["trace_id", "correlation_id"] {
        assert!(Uuid::try_parse(body[id].as_str().unwrap()).is_ok());
    }
    assert!(
        body["error_uri"]
            .as_str()
            .unwrap()
            .ends_with(&format!("?code={code}"))
    );
    let error = body["error"].as_str().unwrap().to_owned();
    (reply.status(), error, code)
}

#[test]
fn a_refresh_token_gives_the_users_token_and_the_next_refresh_token() {
    let emulator = emulator();
    let first = emulator.refresh_token();
    let body = granted(&refresh(&emulator, &first));
    let second = emulator.refresh_token();
    assert_ne!(first, second);
    assert_eq!(
        body,
        json!({
            "token_type": "Bearer",
            "expires_in": 3599,
            "ext_expires_in": 3599,
            "access_token": emulator.token(),
            "refresh_token": second,
        })
    );
    // The old one stays valid, and every use gives a new one.
    let body = granted(&refresh(&emulator, &first));
    assert_eq!(body["refresh_token"], emulator.refresh_token());
    assert_ne!(body["refresh_token"], second);
    assert_eq!(refresh(&emulator, &second).status(), 200);
}

#[test]
fn a_client_that_asks_is_told_the_account() {
    let emulator = emulator();
    let refresh_token = emulator.refresh_token() + "&client_info=1";
    let body = granted(&refresh(&emulator, &refresh_token));
    let info = URL_SAFE_NO_PAD.decode(body["client_info"].as_str().unwrap());
    let account: Value = serde_json::from_slice(&info.unwrap()).unwrap();
    assert_eq!(account["utid"], PARTNER_TENANT);
    assert!(Uuid::try_parse(account["uid"].as_str().unwrap()).is_ok());
}

#[test]
fn an_expired_token_is_replaced() {
    let emulator = emulator();
    let old = granted(&refresh(&emulator, &emulator.refresh_token()))["access_token"].clone();
    let old_application = granted(&application(&emulator))["access_token"].clone();
    let new = emulator.expire_token();
    for token in [&old, &old_application] {
        let reply = call_as(
            &emulator,
            token.as_str().unwrap(),
            "GET",
            &path(CONTOSO),
            "",
        );
        assert_eq!(reply.status(), 401);
    }
    let body = granted(&refresh(&emulator, &emulator.refresh_token()));
    assert_eq!(body["access_token"], new);
    assert_eq!(get(&emulator, CONTOSO).status(), 200);
    assert_ne!(
        granted(&application(&emulator))["access_token"],
        old_application
    );
}

#[test]
fn an_application_may_read_and_not_write() {
    let emulator = emulator();
    let body = granted(&application(&emulator));
    assert_eq!(body["expires_in"], 3599);
    assert_eq!(body.get("refresh_token"), None);
    let token = body["access_token"].as_str().unwrap();
    assert_ne!(token, emulator.token());
    let plural = path(CONTOSO) + "s";
    let contoso = format!("/v1/customers/{CONTOSO}");
    for target in [
        path(CONTOSO).as_str(),
        &plural,
        &contoso,
        "/v1/customers?size=0",
        "/v1/customers/all/validations",
    ] {
        assert_eq!(call_as(&emulator, token, "GET", target, "").status(), 200);
    }
    for (method, target) in [
        ("PUT", path(CONTOSO)),
        ("POST", plural),
        ("PUT", path(MISSING)),
    ] {
        let reply = call_as(&emulator, token, method, &target, "nonsense");
        assert_eq!(fault(&reply), (403, json!(900_329)), "{target}");
    }
    let reply = call_as(&emulator, token, "DELETE", &path(CONTOSO), "");
    assert_eq!(reply.status(), 405);
    assert_eq!(emulator.applied(), 0);
}

#[test]
fn a_sign_in_that_is_wrong_is_refused() {
    let emulator = emulator();
    let (id, secret) = (emulator.client_id(), emulator.client_secret());
    let refresh_token = emulator.refresh_token();
    let client = format!("client_id={id}&client_secret={secret}");
    let cases = [
        (String::new(), 400, "invalid_request", 900_144),
        (client.clone(), 400, "invalid_request", 900_144),
        (
            "grant_type=refresh_token".to_owned(),
            400,
            "invalid_request",
            900_144,
        ),
        (
            format!("grant_type=refresh_token&{client}"),
            400,
            "invalid_request",
            900_144,
        ),
        (
            format!("grant_type=client_credentials&{client}"),
            400,
            "invalid_request",
            900_144,
        ),
        (
            format!("grant_type=password&{client}"),
            400,
            "unsupported_grant_type",
            70_003,
        ),
        (
            format!("grant_type=client_credentials&client_id={MISSING}&client_secret={secret}"),
            400,
            "unauthorized_client",
            700_016,
        ),
        (
            format!("grant_type=client_credentials&client_id={id}&client_secret=wrong&scope=a"),
            401,
            "invalid_client",
            7_000_215,
        ),
        (
            format!("grant_type=refresh_token&client_id={id}&refresh_token={refresh_token}"),
            401,
            "invalid_client",
            7_000_218,
        ),
        (
            format!("grant_type=refresh_token&{client}&refresh_token=wrong"),
            400,
            "invalid_grant",
            70_000,
        ),
        (
            format!("grant_type=client_credentials&{client}&scope=a"),
            400,
            "invalid_scope",
            1_002_012,
        ),
        ("grant_type=%".to_owned(), 400, "invalid_request", 900_144),
    ];
    for (form, status, error, code) in cases {
        let reply = post(&emulator, emulator.tenant(), &form);
        assert_eq!(refused(&reply), (status, error.to_owned(), code), "{form}");
        for text in [secret.as_str(), &refresh_token, "wrong"] {
            assert!(!reply.text().contains(text), "{form}");
        }
    }
    assert_eq!(emulator.refresh_token(), refresh_token);

    let form = format!("grant_type=refresh_token&{client}&refresh_token={refresh_token}");
    for (tenant, error, code) in [
        (CONTOSO, "unauthorized_client", 700_016),
        ("contoso.example", "unauthorized_client", 700_016),
        (MISSING, "invalid_request", 90_002),
        ("common", "invalid_request", 90_002),
    ] {
        let reply = post(&emulator, tenant, &form);
        assert_eq!(refused(&reply), (400, error.to_owned(), code), "{tenant}");
    }
    assert_eq!(post(&emulator, PARTNER_DOMAIN, &form).status(), 200);

    // Anything but a form has no parameters.
    let path = format!("/{}/oauth2/v2.0/token", emulator.tenant());
    let reply = call(&emulator, "POST", &path, &form);
    assert_eq!(refused(&reply).2, 900_144);
    let reply = call(&emulator, "GET", &path, "");
    assert_eq!(
        refused(&reply),
        (405, "invalid_request".to_owned(), 900_561)
    );
    assert_eq!(reply.header("Allow"), Some("POST"));
}

#[test]
fn a_domain_leads_to_its_tenant() {
    let emulator = with_one_more();
    let generated = generated_id(1);
    let look = |name: &str| {
        let path = format!("/{name}/v2.0/.well-known/openid-configuration");
        raw(&emulator, &format!("GET {path} HTTP/1.1\r\n\r\n"))
    };
    for (name, tenant) in [
        ("contoso.onmicrosoft.com", CONTOSO),
        ("Contoso.Example", CONTOSO),
        (CONTOSO, CONTOSO),
        ("litwarecounty.example", LITWARE_COUNTY),
        ("customer00001.onmicrosoft.com", generated.as_str()),
        (PARTNER_DOMAIN, PARTNER_TENANT),
        (PARTNER_TENANT, PARTNER_TENANT),
    ] {
        let url = format!("{}/{tenant}", emulator.url());
        let body = granted(&look(name));
        assert_eq!(body["issuer"], format!("{url}/v2.0"), "{name}");
        assert_eq!(body["token_endpoint"], format!("{url}/oauth2/v2.0/token"));
        assert_eq!(
            body["authorization_endpoint"],
            format!("{url}/oauth2/v2.0/authorize")
        );
    }
    for name in ["nowhere.example", "common", "", MISSING] {
        let expected = (400, "invalid_tenant".to_owned(), 90_002);
        assert_eq!(refused(&look(name)), expected, "{name}");
    }
    let path = "/common/v2.0/.well-known/openid-configuration";
    assert_eq!(call(&emulator, "POST", path, "").status(), 405);
}

fn with_one_more() -> Emulator {
    let options = EmulatorOptions {
        customers: 1,
        ..EmulatorOptions::default()
    };
    Emulator::start(options).unwrap()
}

#[test]
fn an_instance_is_discovered() {
    let emulator = emulator();
    let host = emulator.url().replace("http://", "");
    for (tenant, expected) in [
        (PARTNER_TENANT, PARTNER_TENANT),
        ("contoso.example", CONTOSO),
        ("nowhere.example", PARTNER_TENANT),
    ] {
        let request = format!(
            "GET /common/discovery/instance?api-version=1.1\
             &authorization_endpoint=http%3A%2F%2F{host}%2F{tenant}%2Foauth2%2Fv2.0%2Fauthorize \
             HTTP/1.1\r\n\r\n"
        );
        let body = granted(&raw(&emulator, &request));
        assert_eq!(
            body["tenant_discovery_endpoint"],
            format!("http://{host}/{expected}/v2.0/.well-known/openid-configuration")
        );
        assert_eq!(body["api-version"], "1.1");
        assert_eq!(body["metadata"][0]["aliases"], json!([host]));
    }
    let reply = raw(&emulator, "GET /common/discovery/instance HTTP/1.1\r\n\r\n");
    granted(&reply);
}

#[test]
fn what_the_application_needs_is_fixed_or_random() {
    let (one, other) = (emulator(), emulator());
    assert_eq!((one.tenant(), one.client_id()), (PARTNER_TENANT, CLIENT_ID));
    assert_ne!(one.client_secret(), other.client_secret());
    assert_ne!(one.refresh_token(), other.refresh_token());
}
