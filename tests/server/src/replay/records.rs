//! Tells a TLS handshake from everything else that a client may send in the clear or by mistake.

/// Looks at the bytes of one connection as TLS records, without any key.
#[derive(Default)]
pub(super) struct Records {
    header: Vec<u8>,
    /// How much of the record's content is still to come.
    left: usize,
    /// Whether that content is application data.
    is_application: bool,
    /// Whether something came that is no record at all; nothing after it is one either.
    is_lost: bool,
    /// The bytes that belong to no handshake.
    pub(super) foreign: usize,
}

/// Change cipher spec, alert, handshake and application data.
const KINDS: std::ops::RangeInclusive<u8> = 20..=23;
const APPLICATION: u8 = 23;

impl Records {
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.take(byte);
        }
    }

    fn take(&mut self, byte: u8) {
        if self.is_lost {
            self.foreign += 1;
            return;
        }
        if self.left > 0 {
            self.left -= 1;
            self.foreign += usize::from(self.is_application);
            return;
        }
        self.header.push(byte);
        match self.header.as_slice() {
            [kind] if KINDS.contains(kind) => {}
            [_, 3] | [_, _, _] | [_, _, _, _] => {}
            [kind, _, _, high, low] => {
                self.left = usize::from(u16::from_be_bytes([*high, *low]));
                self.is_application = *kind == APPLICATION;
                self.header.clear();
            }
            _ => {
                self.is_lost = true;
                self.foreign += self.header.len();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foreign(bytes: &[u8]) -> usize {
        let mut records = Records::default();
        for part in bytes.chunks(3) {
            records.feed(part);
        }
        records.foreign
    }

    #[test]
    fn a_handshake_and_alerts_are_not_foreign() {
        assert_eq!(foreign(b""), 0);
        assert_eq!(foreign(b"\x16\x03\x01\0\x04GET "), 0);
        assert_eq!(foreign(b"\x16\x03\x01\0\x02ab\x14\x03\x03\0\x01\x01"), 0);
        assert_eq!(foreign(b"\x16\x03\x01\0\0\x15\x03\x03\0\x02\x02\x46"), 0);
    }

    #[test]
    fn application_data_is_foreign_in_any_form() {
        assert_eq!(foreign(b"PUT / HTTP/1.1\r\n\r\n"), 18);
        assert_eq!(foreign(b"\x16\x03\x01\0\x01aGET /"), 5);
        assert_eq!(foreign(b"\x17\x03\x03\0\x03abc"), 3);
        assert_eq!(foreign(b"\x16\x02abc"), 5);
    }
}
