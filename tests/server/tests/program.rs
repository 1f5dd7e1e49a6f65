//! Runs the `partner-center-emulator` program.

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use std::io::{BufRead, BufReader, Read};
    use std::net::TcpStream;
    use std::process::{Command, Stdio};

    fn program(words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_partner-center-emulator"));
        command
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    #[test]
    fn it_says_where_it_is_and_ends_with_its_input() {
        let mut child = program(&["--customers", "2"]).spawn().unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let url = told["url"].as_str().unwrap();
        let address = url.strip_prefix("http://").unwrap();
        assert!(TcpStream::connect(address).is_ok());
        for name in [
            "token",
            "tenant",
            "client_id",
            "client_secret",
            "refresh_token",
        ] {
            assert!(told[name].is_string(), "{name}");
        }
        drop(child.stdin.take());
        assert!(child.wait().unwrap().success());
        assert!(TcpStream::connect(address).is_err());
        let mut rest = String::new();
        out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }

    #[test]
    fn wrong_usage_and_a_bad_seed_are_told() {
        let seed = std::env::temp_dir().join(format!("seed-{}.json", uuid::Uuid::new_v4()));
        std::fs::write(&seed, r#"{"customers": [{"id": "x"}]}"#).unwrap();
        let file = seed.to_str().unwrap();
        for (words, told) in [
            (
                vec!["--seed", file],
                format!("{file}: customers[0]: missing field"),
            ),
            (
                vec!["--seed", "/nowhere/at/all"],
                "/nowhere/at/all: No such file".to_owned(),
            ),
            (vec!["--port", "x"], "invalid digit".to_owned()),
            (vec!["--port"], "--port needs a value".to_owned()),
            (vec!["--help"], "unknown option --help".to_owned()),
        ] {
            let ended = program(&words).output().unwrap();
            let text = String::from_utf8(ended.stderr).unwrap();
            assert_eq!(ended.status.code(), Some(2), "{text}");
            assert!(text.contains(&told) && text.contains("usage: "), "{text}");
        }
        std::fs::remove_file(seed).unwrap();
    }
}
