//! The emulator over TLS.

use super::*;
use crate::testing::tls::connect;

#[test]
fn everything_is_served_over_tls_with_the_certificate_of_the_authority() {
    let authority = Authority::new().unwrap();
    let emulator = Emulator::start_tls(EmulatorOptions::default(), &authority).unwrap();
    let port = port(&emulator);
    assert_eq!(emulator.url(), format!("https://127.0.0.1:{port}"));
    let exchange = |host: &'static str, request: &str| {
        let mut stream = connect(authority.pem(), host, "http/1.1", port);
        stream.write_all(request.as_bytes()).unwrap();
        read_reply(&mut stream).unwrap()
    };
    let request = format!(
        "GET {} HTTP/1.1\r\nAuthorization: Bearer {}\r\n\r\n",
        path(CONTOSO),
        emulator.token()
    );
    for host in ["127.0.0.1", "localhost"] {
        assert_eq!(value(&exchange(host, &request)), "none");
    }
    let request = "GET /contoso.example/v2.0/.well-known/openid-configuration HTTP/1.1\r\n\r\n";
    let body: Value = serde_json::from_slice(&exchange("localhost", request).body).unwrap();
    assert_eq!(body["issuer"], format!("{}/{CONTOSO}/v2.0", emulator.url()));

    // A body that does not fit into one TLS record.
    let options = EmulatorOptions {
        customers: 500,
        ..EmulatorOptions::default()
    };
    let many = Emulator::start_tls(options, &authority).unwrap();
    let mut stream = connect(authority.pem(), "localhost", "http/1.1", super::port(&many));
    let request = format!(
        "GET /v1/customers?size=0 HTTP/1.1\r\nAuthorization: Bearer {}\r\n\r\n",
        many.token()
    );
    for _ in 0..2 {
        stream.write_all(request.as_bytes()).unwrap();
        let all = document(&read_reply(&mut stream).unwrap());
        assert_eq!(all["totalCount"], 505);
    }
}

#[test]
fn stopping_closes_open_tls_connections_and_the_port() {
    let authority = Authority::new().unwrap();
    let emulator = Emulator::start_tls(EmulatorOptions::default(), &authority).unwrap();
    let port = port(&emulator);
    let mut idle = connect(authority.pem(), "127.0.0.1", "http/1.1", port);
    idle.write_all(b"GET /v1 HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(read_reply(&mut idle).unwrap().status(), 401);
    // Neither a handshake that never comes nor plain text holds it up.
    let _silent = plain(port);
    let mut unprotected = plain(port);
    unprotected.write_all(b"GET /v1 HTTP/1.1\r\n\r\n").unwrap();
    emulator.stop();
    assert!(read_reply(&mut idle).is_none());
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}
