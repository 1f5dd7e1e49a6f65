//! A small gzip that becomes large: it is written by hand, since only one content is ever needed.

/// What the bomb expands to: as many spaces.
pub(super) const EXPANDED: usize = 64 * 1024 * 1024;
/// The check sum of that content.
const CRC_32: u32 = 0x97BF_D3EC;
/// The longest repetition that the format knows.
const LONGEST: usize = 258;

/// The codes of the format's fixed table that are needed: the bits and how many.
const SPACE: (u16, u32) = (0x30 + 0x20, 8);
const REPEAT_258: (u16, u32) = (0xC5, 8);
const ONE_BACK: (u16, u32) = (0, 5);
const END: (u16, u32) = (0, 7);

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    /// The byte that is being filled, from its low end.
    open: u8,
    filled: u32,
}

impl Bits {
    fn push(&mut self, bit: u8) {
        self.open |= bit << self.filled;
        self.filled += 1;
        if self.filled == 8 {
            self.bytes.push(self.open);
            (self.open, self.filled) = (0, 0);
        }
    }

    /// Codes go in from their high end.
    fn code(&mut self, (bits, count): (u16, u32)) {
        for place in (0..count).rev() {
            self.push(u8::from(bits >> place & 1 == 1));
        }
    }

    fn done(mut self) -> Vec<u8> {
        while self.filled != 0 {
            self.push(0);
        }
        self.bytes
    }
}

/// The whole gzip file, well below a megabyte.
pub(super) fn gzip() -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with the fixed table.
    for bit in [1, 1, 0] {
        bits.push(bit);
    }
    // One to repeat, the repetitions, and what they leave over.
    bits.code(SPACE);
    for _ in 0..(EXPANDED - 1) / LONGEST {
        bits.code(REPEAT_258);
        bits.code(ONE_BACK);
    }
    for _ in 0..(EXPANDED - 1) % LONGEST {
        bits.code(SPACE);
    }
    bits.code(END);
    let head = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let size = u32::try_from(EXPANDED).unwrap_or_default();
    [
        head.as_slice(),
        &bits.done(),
        &CRC_32.to_le_bytes(),
        &size.to_le_bytes(),
    ]
    .concat()
}
