//! Drives the `fixture-server` program once through its whole protocol.

#[cfg(test)]
#[path = "../src/testing.rs"]
#[allow(dead_code)]
mod testing;

#[cfg(test)]
mod tests {
    use super::testing::{Fixtures, PUT, entry, read_reply, tls};
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
        assert_eq!(finished, json!({"requests": 1, "failures": []}));
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
