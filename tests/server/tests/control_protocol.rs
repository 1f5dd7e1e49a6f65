//! Drives the `fixture-server` program once through its whole protocol.

#[cfg(test)]
#[path = "../src/testing.rs"]
#[allow(dead_code)]
mod testing;

#[cfg(test)]
mod tests {
    use super::testing::{Fixtures, PUT, Reply, entry, read_reply, tls};
    use serde_json::{Value, json};
    use std::io::{BufRead, BufReader, Write};
    use std::path::Path;
    use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

    struct Program {
        child: Child,
        input: ChildStdin,
        output: BufReader<ChildStdout>,
    }

    impl Program {
        fn start(fixtures: &Path) -> Self {
            let mut child = Command::new(env!("CARGO_BIN_EXE_fixture-server"))
                .arg("--fixtures")
                .arg(fixtures)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            Self {
                input: child.stdin.take().unwrap(),
                output: BufReader::new(child.stdout.take().unwrap()),
                child,
            }
        }

        fn hear(&mut self) -> Value {
            let mut line = String::new();
            self.output.read_line(&mut line).unwrap();
            serde_json::from_str(&line).unwrap()
        }

        fn ask(&mut self, command: &str) -> Value {
            writeln!(self.input, "{command}").unwrap();
            self.hear()
        }
    }

    #[test]
    fn cases_are_started_and_finished_by_lines() {
        let fixtures = Fixtures::with(&[entry()]);
        fixtures.case("put/two", None);
        let mut program = Program::start(fixtures.path());
        let hello = program.hear();
        let ca = hello["ca"].as_str().unwrap();

        let one = program.ask(r#"{"start": "put/one"}"#);
        let two = program.ask(r#"{"start": "put/two"}"#);
        let port = |answer: &Value| u16::try_from(answer["port"].as_u64().unwrap()).unwrap();
        let again = program.ask(r#"{"start": "put/one"}"#);
        assert!(again["error"].as_str().unwrap().contains("open already"));

        for (port, status) in [(port(&one), 200), (port(&two), 599)] {
            let mut stream = tls::connect(ca, "127.0.0.1", "http/1.1", port);
            stream.write_all(PUT.as_bytes()).unwrap();
            assert_eq!(read_reply(&mut stream).unwrap().status(), status);
        }
        let finished = program.ask(r#"{"finish": "put/one"}"#);
        let clean = json!({"requests": 1, "redirected": 0, "failures": []});
        assert_eq!(finished, clean);
        let finished = program.ask(r#"{"finish": "put/two"}"#);
        assert_eq!(finished["failures"].as_array().unwrap().len(), 1);

        fixtures.server_case("put/two", "proxy", Some("one"));
        let proxied = program.ask(r#"{"start": "put/two"}"#);
        assert!(proxied["port"].is_u64() && proxied["proxy_port"].is_u64());
        assert_ne!(proxied["port"], proxied["proxy_port"]);
        assert_eq!(one.get("proxy_port"), None);
        let finished = program.ask(r#"{"finish": "put/two"}"#);
        assert_eq!(finished["failures"].as_array().unwrap().len(), 1);

        for bad in [
            r#"{"finish": "put/one"}"#,
            r#"{"start": "put/none"}"#,
            r#"{"start": "../x"}"#,
            r#"{"emulator": {}}"#,
            "nonsense",
        ] {
            assert!(program.ask(bad)["error"].is_string(), "{bad}");
        }
        // A case may be started anew, and the end of the input ends the program all the same.
        assert!(program.ask(r#"{"start": "put/one"}"#)["port"].is_u64());
        drop(program.input);
        assert!(program.child.wait().unwrap().success());
    }

    /// One request to an emulator, with whatever token it takes.
    fn call(ca: &str, url: &str, token: &str, method: &str, path: &str, body: &str) -> Reply {
        let port = url.strip_prefix("https://127.0.0.1:").unwrap();
        let mut stream = tls::connect(ca, "127.0.0.1", "http/1.1", port.parse().unwrap());
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).unwrap();
        read_reply(&mut stream).unwrap()
    }

    #[test]
    fn emulators_are_started_steered_and_stopped_by_lines() {
        let fixtures = Fixtures::new();
        let mut program = Program::start(fixtures.path());
        let hello = program.hear();
        let ca = hello["ca"].as_str().unwrap();
        let one = program.ask(r#"{"emulate": {"name": "one", "customers": 3}}"#);
        let two = program.ask(r#"{"emulate": {"name": "two"}}"#);
        let member = |name: &str| one[name].as_str().unwrap();
        assert_ne!(one["url"], two["url"]);
        assert_ne!(one["token"], two["token"]);

        let (url, token) = (member("url"), member("token"));
        let list = call(ca, url, token, "GET", "/v1/customers?size=0", "");
        assert!(list.text().contains("Customer 00003"));
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            member("client_id"),
            member("client_secret"),
            member("refresh_token"),
        );
        let sign_in = format!("/{}/oauth2/v2.0/token", member("tenant"));
        let granted = call(ca, url, "none", "POST", &sign_in, &form);
        assert!(granted.text().contains(token));

        let customer = "11111111-aaaa-4aaa-8aaa-111111111111";
        let path = format!("/v1/customers/{customer}/qualifications");
        let decide = |more: &str| {
            format!(r#"{{"decide": {{"name": "one", "customer": "{customer}", {more}}}}}"#)
        };
        let early = program.ask(&decide(r#""approved": true"#));
        assert!(early["error"].as_str().unwrap().contains("in review"));
        let body = r#"{"qualification": "Education", "educationSegment": "K12"}"#;
        for (answer, seen) in [
            (r#""approved": false, "reason": "Restricted""#, "Restricted"),
            (r#""approved": false"#, "Not an Education Customer"),
            (r#""approved": true"#, "Approved"),
        ] {
            assert_eq!(call(ca, url, token, "POST", &path, body).status(), 201);
            assert_eq!(program.ask(&decide(answer)), json!({}));
            let items = call(ca, url, token, "GET", &path, "").text();
            assert!(items.contains(seen), "{items}");
        }

        let expired = program.ask(r#"{"expire": "one"}"#);
        let new = expired["token"].as_str().unwrap();
        assert_eq!(call(ca, url, token, "GET", &path, "").status(), 401);
        assert_eq!(call(ca, url, new, "GET", &path, "").status(), 200);

        for bad in [
            r#"{"emulate": {"name": "one"}}"#,
            r#"{"emulate": {"name": "three", "clients": 1}}"#,
            r#"{"emulate": {"name": "three", "customers": -1}}"#,
            r#"{"emulate": {"name": "three", "customers": 1000001}}"#,
            r#"{"emulate": "three"}"#,
            r#"{"expire": "three"}"#,
            r#"{"stop": "three"}"#,
            &decide(r#""approved": true, "reason": "none""#),
            &decide(r#""approved": true, "why": "none""#),
            r#"{"decide": {"name": "three", "customer": "x", "approved": true}}"#,
        ] {
            assert!(program.ask(bad)["error"].is_string(), "{bad}");
        }

        let stopped = program.ask(r#"{"stop": "two"}"#);
        assert_eq!(stopped, json!({"requests": []}));
        let stopped = program.ask(r#"{"stop": "one"}"#);
        let requests = stopped["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 10);
        assert_eq!(requests[0], json!(["GET", "/v1/customers"]));
        assert_eq!(requests[1], json!(["POST", sign_in]));
        assert!(program.ask(r#"{"stop": "one"}"#)["error"].is_string());
        drop(program.input);
        assert!(program.child.wait().unwrap().success());
    }

    #[test]
    fn wrong_arguments_are_explained() {
        let program = Command::new(env!("CARGO_BIN_EXE_fixture-server"))
            .arg("--help")
            .output()
            .unwrap();
        assert_eq!(program.status.code(), Some(2));
        let text = String::from_utf8(program.stderr).unwrap();
        assert!(text.contains("--fixtures DIR"));
    }
}
